import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationWords, readDurationWords } from './duration-words.ts';

test.each([
  ['0', 0],
  ['500ms', 500],
  ['90s', 90_000],
  ['15m', 900_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
])('%s', (text, ms) => expect(readDurationWords(text)).toBe(ms));

test.each(['', '15', 'm', '1m1h', '-1s', '1.5h', '15 m', 'PT15M'])('%j is no duration', (text) => {
  expect(readDurationWords(text)).toBeNull();
});

test('what is written is read as it was', () => {
  fc.assert(fc.property(fc.nat(7 * 24 * 3_600_000), (ms) => readDurationWords(durationWords(ms)) === ms));
});
