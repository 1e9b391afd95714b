import { expect, test } from 'vitest';
import { countdownTone } from './countdown-tone.ts';

const UNTIL = 1_000_000;
const LENGTH = 100_000;

test.each([
  [UNTIL - 20_001, 'calm'],
  [UNTIL - 20_000, 'short'],
  [UNTIL - 1, 'short'],
  [UNTIL, 'passed'],
])('a lease warns in its last fifth and says when it has passed: at %i it is %s', (now, tone) => {
  expect(countdownTone(UNTIL, LENGTH, now)).toBe(tone);
});

test('a lease of unknown length does not warn before it passes', () => {
  expect(countdownTone(UNTIL, null, UNTIL - 1)).toBe('calm');
  expect(countdownTone(UNTIL, null, UNTIL + 1)).toBe('passed');
});
