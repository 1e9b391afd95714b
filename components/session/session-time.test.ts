import { describe, expect, test } from 'vitest';
import { formatOffset } from '../../server/domain/session/session-time.ts';
import { formatBrief, formatExact, parseOffset } from './session-time.ts';

describe('a time in the address', () => {
  test.each([
    ['+00:12:31', 751_000],
    ['+00:00:00', 0],
    ['+27:00:05', 97_205_000],
  ])('%s is read and written the same', (text, ms) => {
    expect(parseOffset(text)).toBe(ms);
    expect(formatOffset(0, ms)).toBe(text);
  });

  test('is read where the plus has become a space, or was left out', () => {
    expect(parseOffset(' 00:12:31')).toBe(751_000);
    expect(parseOffset('0:12:31')).toBe(751_000);
  });

  test.each(['', '12:31', '+00:60:00', '+00:00:61', 'now', '+1:2:3:4', '-00:00:05'])('%j is none', (text) => {
    expect(parseOffset(text)).toBeNull();
  });
});

test('hours stand only where there are some', () => {
  expect(formatBrief(751_000)).toBe('+12:31');
  expect(formatBrief(3_723_000)).toBe('+1:02:03');
});

test('a line of a log has its milliseconds', () => {
  expect(formatExact(751_204)).toBe('+12:31.204');
  expect(formatExact(4)).toBe('+00:00.004');
});

test('what was written before the session was there is at its beginning', () => {
  expect([formatBrief(-5_000), formatExact(-5)]).toEqual(['+00:00', '+00:00.000']);
});
