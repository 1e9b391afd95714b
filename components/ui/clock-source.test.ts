import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClockSource } from './clock-source.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 50_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('the clock shows the server’s time, whatever the local clock says', () => {
  const clock = createClockSource(900_000, 49_500, Date.now);
  const seen: number[] = [];
  clock.subscribe(() => seen.push(clock.now()));
  expect(clock.now()).toBe(900_000);
  vi.advanceTimersByTime(2000);
  expect(seen).toEqual([901_500, 902_500]);
});

test('a message of the server corrects the clock at the next tick', () => {
  const clock = createClockSource(900_000, 50_000, Date.now);
  clock.subscribe(() => {});
  clock.sync(905_000);
  expect(clock.now()).toBe(900_000);
  vi.advanceTimersByTime(1000);
  expect(clock.now()).toBe(906_000);
});

test('one timer serves all listeners and ends with the last', () => {
  const clock = createClockSource(0, 50_000, Date.now);
  const stops = [clock.subscribe(() => {}), clock.subscribe(() => {})];
  expect(vi.getTimerCount()).toBe(1);
  for (const stop of stops) stop();
  expect(vi.getTimerCount()).toBe(0);
});
