import { expect, test } from 'vitest';
import { NOTHING_SELECTED, toggled } from './selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];
const one = { order, isRange: false };
const range = { order, isRange: true };

test('a row is ticked, and its tick is taken away', () => {
  const ticked = toggled(NOTHING_SELECTED, 'b', one);
  expect([...ticked.ids]).toEqual(['b']);
  expect([...toggled(ticked, 'b', one).ids]).toEqual([]);
});

test('a range goes from the last row that was ticked, in either direction', () => {
  const down = toggled(toggled(NOTHING_SELECTED, 'b', one), 'd', range);
  expect([...down.ids]).toEqual(['b', 'c', 'd']);
  const up = toggled(toggled(NOTHING_SELECTED, 'd', one), 'b', range);
  expect([...up.ids].sort()).toEqual(['b', 'c', 'd']);
});

test('a range becomes as its end becomes', () => {
  const all = { ids: new Set(order), anchor: 'a' };
  expect([...toggled(all, 'c', range).ids]).toEqual(['d', 'e']);
});

test('without a row to begin at, a range is the row alone', () => {
  expect([...toggled({ ids: new Set(), anchor: 'gone' }, 'c', range).ids]).toEqual(['c']);
});
