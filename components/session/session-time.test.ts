import { describe, expect, test } from 'vitest';
import { formatBrief, formatExact, formatOffset, parseOffset, timeOrigin } from './session-time.ts';

describe('a time in the address', () => {
  test.each([
    ['+00:12:31', 751_000],
    ['+00:00:00', 0],
    ['+27:00:05', 97_205_000],
    ['-00:00:05', -5_000],
  ])('%s is read and written the same', (text, ms) => {
    expect(parseOffset(text)).toBe(ms);
    expect(formatOffset(ms)).toBe(text);
  });

  test('is read where the plus has become a space, or was left out', () => {
    expect(parseOffset(' 00:12:31')).toBe(751_000);
    expect(parseOffset('0:12:31')).toBe(751_000);
  });

  test.each(['', '12:31', '+00:60:00', '+00:00:61', 'now', '+1:2:3:4'])('%j is none', (text) => {
    expect(parseOffset(text)).toBeNull();
  });

  test('never has a sign before nothing', () => {
    expect(formatOffset(-400)).toBe('+00:00:00');
  });
});

test('hours stand only where there are some', () => {
  expect(formatBrief(751_000)).toBe('+12:31');
  expect(formatBrief(3_723_000)).toBe('+1:02:03');
  expect(formatBrief(-65_000)).toBe('−01:05');
});

test('a line of a log has its milliseconds', () => {
  expect(formatExact(751_204)).toBe('+12:31.204');
  expect(formatExact(4)).toBe('+00:00.004');
});

test('time is counted from when the components were begun, as far as that is known', () => {
  expect(timeOrigin({ createdAt: 1, acceptedAt: 2, provisionAt: 3 })).toBe(3);
  expect(timeOrigin({ createdAt: 1, acceptedAt: 2, provisionAt: null })).toBe(2);
  expect(timeOrigin({ createdAt: 1, acceptedAt: null, provisionAt: null })).toBe(1);
});
