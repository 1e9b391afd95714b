import { expect, test } from 'vitest';
import type { InstanceView } from '@/server/contract/cluster.ts';
import { neighbours, sortInstances } from './instance-order.ts';

const instance = (id: string, state: InstanceView['state'], stateSince: number): InstanceView => ({
  id,
  state,
  stateSince,
  config: 'c1',
  version: 1,
  outdated: false,
  createdAt: null,
  updatedAt: null,
  health: null,
  healthySince: null,
  zone: null,
  protection: null,
  closed: false,
  workloads: [],
  token: null,
  seenAt: 0,
});

const fleet = [instance('b', 'draining', 30), instance('a', 'started', 20), instance('c', 'starting', 10)];

test.each([
  ['age', 'cab'],
  ['-age', 'bac'],
  ['id', 'abc'],
  ['state', 'cab'],
  ['-state', 'bac'],
] as const)('by %s', (sort, ids) => {
  expect(
    sortInstances(fleet, sort)
      .map((one) => one.id)
      .join(''),
  ).toBe(ids);
});

test('from one instance one goes on to the next; from one that is filtered out, to the first', () => {
  expect(neighbours(fleet, 'a')).toEqual({ before: 'b', after: 'c' });
  expect(neighbours(fleet, 'c')).toEqual({ before: 'a', after: null });
  expect(neighbours(fleet, 'gone')).toEqual({ before: null, after: 'b' });
});
