import { expect, test } from 'vitest';
import { findPools } from './find-pools.ts';
import { foundPools } from './testdata/vectors.ts';

test('all 40 recorded cases: 39 find the pools of the reference', () => {
  const cases = foundPools();
  expect(cases).toHaveLength(40);
  // One case is a listing of the nodes that failed. Ours is given the nodes: to list them is the environment's.
  const listed = cases.flatMap(({ nodeLabels, pools }) => (nodeLabels ? [{ nodeLabels, pools }] : []));
  expect(listed).toHaveLength(39);
  for (const { nodeLabels, pools } of listed) {
    const found = findPools(nodeLabels.map((labels) => ({ labels })));
    expect(Object.fromEntries(found.map((pool) => [pool.name, pool]))).toEqual(pools);
    expect(found).toHaveLength(Object.keys(pools ?? {}).length);
  }
});

test('an empty label is no label, and nodes may have none', () => {
  const nodes: Parameters<typeof findPools>[0] = [
    { labels: { pool: '' } },
    { labels: null },
    {},
    { labels: { pool: 'a' } },
    { labels: { Pool: 'b' } },
  ];
  expect(findPools(nodes)).toEqual([{ name: 'a', available: 1, capacity: 1 }]);
});

test('a pool may have any name', () => {
  const nodes = ['__proto__', 'constructor', '__proto__'].map((pool) => ({ labels: { pool } }));
  expect(findPools(nodes)).toEqual([
    { name: '__proto__', available: 2, capacity: 2 },
    { name: 'constructor', available: 1, capacity: 1 },
  ]);
});
