import { expect, test } from 'vitest';
import { formatDuration, formatRelative, formatTimer } from './duration.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('a duration has one unit, or hours and minutes', () => {
  expect([0, 999, 42_000, MINUTE, 47 * MINUTE, 59 * MINUTE + 59_999].map(formatDuration)).toEqual([
    '0 s',
    '0 s',
    '42 s',
    '1 min',
    '47 min',
    '59 min',
  ]);
  expect([HOUR + 4 * MINUTE, 9 * HOUR, 23 * HOUR + 59 * MINUTE, 24 * HOUR, 150 * HOUR].map(formatDuration)).toEqual([
    '1 h 04',
    '9 h',
    '23 h 59',
    '1 d',
    '6 d',
  ]);
});

test('no length of time is shown as negative', () => {
  expect(formatDuration(-5000)).toBe('0 s');
  expect(formatTimer(-5000)).toBe('0:00');
});

test('a timer counts seconds and shows hours only when there are any', () => {
  expect([0, 192_000, 3_599_999, 3_723_000].map(formatTimer)).toEqual(['0:00', '3:12', '59:59', '1:02:03']);
});

test('a moment is now, ago or in the future', () => {
  expect([10_000, 10_999, 6000, 310_000].map((at) => formatRelative(at, 10_000))).toEqual([
    'now',
    'now',
    '4 s ago',
    'in 5 min',
  ]);
});
