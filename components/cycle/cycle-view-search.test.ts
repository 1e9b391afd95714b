import { expect, test } from 'vitest';
import { windowOf, windowSearch } from './cycle-view-search.ts';

const MINUTE_MS = 60_000;
const WHOLE = { from: Date.UTC(2026, 10, 22, 14), to: Date.UTC(2026, 10, 22, 18) };
const NOW = Date.UTC(2026, 10, 22, 17);

test.each([
  ['2026-11-22T14:02:11.500Z', Date.UTC(2026, 10, 22, 14, 2, 11, 500)],
  ['2026-11-22T15:02+01:00', Date.UTC(2026, 10, 22, 14, 2)],
  ['-2h', -120 * MINUTE_MS],
  ['-1h30m', -90 * MINUTE_MS],
  ['-90s', -90_000],
  ['-', null],
  ['-0', null],
  ['-soon', null],
  ['yesterday', null],
  ['', null],
])('the moment %s', (text, moment) => {
  expect(windowSearch.from.parse(text)).toBe(moment);
});

test.each([Date.UTC(2026, 10, 22, 14, 2, 11, 500), -90_000])(
  'the moment %d is written so that it is read as it was',
  (moment) => {
    expect(windowSearch.to.parse(windowSearch.to.serialize(moment))).toBe(moment);
  },
);

test('a window is all of the time, between two moments, or from one or until one', () => {
  const [from, to] = [WHOLE.from + MINUTE_MS, WHOLE.from + 2 * MINUTE_MS];
  expect(windowOf({ from: null, to: null }, WHOLE, NOW)).toBeNull();
  expect(windowOf({ from, to }, WHOLE, NOW)).toEqual({ from, to });
  expect(windowOf({ from, to: null }, WHOLE, NOW)).toEqual({ from, to: WHOLE.to });
  expect(windowOf({ from: null, to }, WHOLE, NOW)).toEqual({ from: WHOLE.from, to });
});

test('a moment before now goes on with it', () => {
  const asked = { from: -30 * MINUTE_MS, to: -MINUTE_MS };
  expect(windowOf(asked, WHOLE, NOW)).toEqual({ from: NOW - 30 * MINUTE_MS, to: NOW - MINUTE_MS });
  expect(windowOf(asked, WHOLE, NOW + 5)).toEqual({ from: NOW + 5 - 30 * MINUTE_MS, to: NOW + 5 - MINUTE_MS });
});

test('what ends before it begins is all of the time', () => {
  expect(windowOf({ from: WHOLE.to, to: WHOLE.from }, WHOLE, NOW)).toBeNull();
  expect(windowOf({ from: WHOLE.to, to: null }, WHOLE, NOW)).toBeNull();
});
