import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Latch } from './latch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NEVER = new AbortController().signal;

/** Whether a wait that began has ended. */
function watched(wait: Promise<unknown>): { readonly over: () => Promise<boolean> } {
  let isOver = false;
  void wait.then(() => {
    isOver = true;
  });
  return {
    async over() {
      await vi.advanceTimersByTimeAsync(0);
      return isOver;
    },
  };
}

test('a wait ends when the latch is opened', async () => {
  const latch = new Latch();
  const wait = watched(latch.wait(1_000, NEVER));
  expect(await wait.over()).toBe(false);
  latch.open();
  expect(await wait.over()).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a latch that was opened before lets one wait pass at once, however often it was opened', async () => {
  const latch = new Latch();
  latch.open();
  latch.open();
  expect(await watched(latch.wait(1_000, NEVER)).over()).toBe(true);
  expect(await watched(latch.wait(1_000, NEVER)).over()).toBe(false);
});

test('what opens it during a wait is used up by that wait', async () => {
  const latch = new Latch();
  const first = watched(latch.wait(1_000, NEVER));
  latch.open();
  expect(await first.over()).toBe(true);
  expect(await watched(latch.wait(1_000, NEVER)).over()).toBe(false);
});

test('a wait ends after its limit, and not before', async () => {
  const wait = watched(new Latch().wait(1_000, NEVER));
  await vi.advanceTimersByTimeAsync(999);
  expect(await wait.over()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await wait.over()).toBe(true);
});

test('a limit that has passed already ends the wait at the next tick', async () => {
  expect(await watched(new Latch().wait(-5, NEVER)).over()).toBe(true);
});

test('a wait ends when its signal aborts, and leaves no timer behind', async () => {
  const stop = new AbortController();
  const wait = watched(new Latch().wait(1_000, stop.signal));
  stop.abort();
  expect(await wait.over()).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  expect(await watched(new Latch().wait(1_000, stop.signal)).over()).toBe(true);
});
