import { expect, test } from 'vitest';
import { momentWithin, nextMoment } from './time-travel.ts';

const span = { from: 100, to: 200 };
const moments = [100, 130, 130, 160];

test('a moment before the beginning is the beginning, one that is not in the past is now', () => {
  expect(momentWithin(50, span)).toBe(100);
  expect(momentWithin(150.4, span)).toBe(150);
  expect(momentWithin(200, span)).toBeNull();
});

test('one steps from event to event, and after the last one is now', () => {
  expect(nextMoment(moments, 100, 1, span)).toBe(130);
  expect(nextMoment(moments, 145, 1, span)).toBe(160);
  expect(nextMoment(moments, 160, 1, span)).toBeNull();
  expect(nextMoment(moments, null, 1, span)).toBeNull();
});

test('one steps back from now to the last event, and stays at the first', () => {
  expect(nextMoment(moments, null, -1, span)).toBe(160);
  expect(nextMoment(moments, 160, -1, span)).toBe(130);
  expect(nextMoment(moments, 100, -1, span)).toBe(100);
});
