import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

/** The longest wait for each attempt: half a second, and a span that doubles up to half a minute. */
const LONGEST = [1_500, 2_500, 4_500, 8_500, 16_500, 30_500, 30_500, 30_500];

test.each(LONGEST.map((longest, index) => [index + 1, longest]))(
  'attempt %i waits for %i ms at most',
  (attempt, longest) => {
    expect(backOffMs(attempt, 1)).toBe(longest);
  },
);

test('any attempt may come after half a second, so that many that failed together do not come back together', () => {
  for (const attempt of [1, 4, 8, 1_000]) expect(backOffMs(attempt, 0)).toBe(500);
});

test('the wait is spread evenly over its whole span', () => {
  const spread = [0, 0.25, 0.5, 0.75, 1].map((random) => backOffMs(3, random));
  expect(spread).toEqual([500, 1_500, 2_500, 3_500, 4_500]);
});

test('no number of attempts makes it longer than half a minute and half a second', () => {
  for (const attempt of [20, 64, 2_000]) expect(backOffMs(attempt, 1)).toBe(30_500);
});
