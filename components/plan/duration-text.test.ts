import { expect, test } from 'vitest';
import { formatSeconds, parseDuration } from '@/components/plan/duration-text';

test.each([
  ['900', 900],
  ['0', 0],
  ['90 s', 90],
  ['15 min', 900],
  ['15m', 900],
  [' 1 h 30 min ', 5_400],
  ['1 h 30', 5_400],
  ['2 d', 172_800],
])('%s is understood', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(['', 'soon', '-5', '1.5 h', '5 parsecs', '30 s 1 h', '5 5', '15 min!'])('"%s" is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});

test.each([0, 1, 59, 60, 90, 3_600, 5_430, 90_061])('%i seconds are told so that they can be read back', (seconds) => {
  expect(parseDuration(formatSeconds(seconds))).toBe(seconds);
});
