import { expect, test } from 'vitest';
import type { PoolRow } from '../../server/contract/pool.ts';
import { selectPools } from './pool-order.ts';

function pool(name: string, available: number, waiting = 0, oldestWaitSince: number | null = null): PoolRow {
  return {
    name,
    capacity: 10,
    parts: {
      inUse: 10 - available,
      reserved: 0,
      cleaning: 0,
      provisioning: 0,
      available,
      leaving: 0,
      maintenance: 0,
      bad: 0,
    },
    runsSessions: true,
    environments: [],
    clusters: [],
    paused: null,
    waiting,
    oldestWaitSince,
    history: [],
    waits: { p50Ms: null, p90Ms: null, samples: 0 },
  };
}

const rows = [pool('drivers', 4), pool('gpu', 0, 2, 500), pool('Workers', 0, 2, 100), pool('arm', 7, 5, 900)];

function names(q: string, sort: Parameters<typeof selectPools>[2]): string[] {
  return selectPools(rows, q, sort).map((row) => row.name);
}

test('by queue the longest comes first, of equal ones the oldest, and those without a queue by name', () => {
  expect(names('', 'queue')).toEqual(['arm', 'Workers', 'gpu', 'drivers']);
});

test('by free the fewest come first', () => {
  expect(names('', 'free')).toEqual(['Workers', 'gpu', 'drivers', 'arm']);
});

test('a text narrows the list, whatever its case', () => {
  expect(names(' work', 'name')).toEqual(['Workers']);
});
