import { expect, test } from 'vitest';
import { nextRow } from './row-keys.ts';

test('from outside the list the first row is next, and the last one is before', () => {
  expect([nextRow(-1, 3, 1), nextRow(-1, 3, -1)]).toEqual([0, 2]);
});

test('at the ends it stays', () => {
  expect([nextRow(2, 3, 1), nextRow(0, 3, -1)]).toEqual([2, 0]);
});

test('in an empty list there is nowhere to go', () => {
  expect(nextRow(-1, 0, 1)).toBeNull();
});
