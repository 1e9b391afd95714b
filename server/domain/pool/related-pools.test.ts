import { expect, test } from 'vitest';
import { relatedPools } from './related-pools.ts';

const wish = (...pools: string[]) => ({ wants: pools.map((pool, index) => ({ component: `${index}`, pool })) });

test('pools are related through those who wait for several of them, over any number of steps', () => {
  const waiting = [wish('c', 'd'), wish('a', 'b', 'a'), wish('x', 'y'), wish('b', 'c'), wish('z')];
  expect([...relatedPools(waiting, ['a'])].sort()).toEqual(['a', 'b', 'c', 'd']);
  expect([...relatedPools(waiting, ['z', 'y'])].sort()).toEqual(['x', 'y', 'z']);
});

test('a pool for which nobody waits is related to itself', () => {
  expect([...relatedPools([wish('a', 'b')], ['free'])]).toEqual(['free']);
  expect([...relatedPools([wish('a', 'b')], [])]).toEqual([]);
});
