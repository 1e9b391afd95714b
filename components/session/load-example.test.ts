import { expect, test } from 'vitest';
import { loadExample } from './load-example.ts';

function poolsOf(free: Record<string, number>): readonly string[] {
  const pools = Object.entries(free).map(([name, count]) => ({ name, free: count }));
  return loadExample(pools).components.map(({ pool }) => pool);
}

test('the example stays on one pool where all of it fits', () => {
  expect(poolsOf({ drivers: 2, workers: 5 })).toEqual(['workers', 'workers', 'workers', 'workers']);
});

test('the example takes what is free of several pools where no pool has enough', () => {
  expect(poolsOf({ drivers: 1, workers: 3 })).toEqual(['workers', 'workers', 'workers', 'drivers']);
});

test('the example is on the only pool even if nothing of it is free', () => {
  expect(poolsOf({ workers: 0 })).toEqual(['workers', 'workers', 'workers', 'workers']);
});

test('the example leaves the choice open where no pool runs sessions', () => {
  expect(poolsOf({})).toEqual(['', '', '', '']);
});
