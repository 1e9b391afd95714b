import { expect, test } from 'vitest';
import { retriesAreSpent, retryDelayMs } from './retry-delay.ts';

test.each([
  [1, 400],
  [2, 800],
  [3, 1_600],
  [6, 10_000],
  [2_000, 10_000],
])('after failure %i the wait is at most %i ms', (attempt, longest) => {
  expect(retryDelayMs(attempt, 1)).toBe(longest);
});

test('no wait is shorter than 0.2 s', () => {
  for (const attempt of [1, 4, 8, 2_000]) expect(retryDelayMs(attempt, 0)).toBe(200);
});

test('the wait is spread evenly over its range', () => {
  expect([0, 0.25, 0.5, 0.75, 1].map((random) => retryDelayMs(3, random))).toEqual([200, 550, 900, 1_250, 1_600]);
});

test('the eighth failure in a row, or the first after a minute, asks a person', () => {
  expect(retriesAreSpent(7, 59_999)).toBe(false);
  expect(retriesAreSpent(8, 0)).toBe(true);
  expect(retriesAreSpent(1, 60_000)).toBe(true);
});
