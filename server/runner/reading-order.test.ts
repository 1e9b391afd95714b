import { expect, test } from 'vitest';
import type { ClusterRecord, Observation } from '../domain/cluster/fleet.ts';
import { ReadingOrder } from './reading-order.ts';

function records(count: number): ClusterRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `c${index}`,
    name: `c${index}`,
    environmentId: 'e',
    config: 'v1',
    spec: {},
    minSize: 0,
    targetSize: 1,
    maxSize: 1,
    drainTimeoutMs: 1,
    labels: {},
    policy: null,
    observedAt: null,
    observeError: null,
  }));
}

function read({ id, name }: ClusterRecord, readAt: number, config = 'v1'): Observation {
  return { clusterId: id, readAt, result: { cluster: { id, name, config, minSize: 0, maxSize: 1, instances: [] } } };
}

/** An order that has read all of them at 0. */
function settled(all: readonly ClusterRecord[]): ReadingOrder {
  const order = new ReadingOrder();
  order.note(order.pick(all, 0).map((one) => read(one, 0)));
  return order;
}

test('a small environment is read whole at every round', () => {
  const all = records(4);
  expect(settled(all).pick(all, 1_000)).toEqual(all);
});

test.each([10, 40, 300])(
  'of %d clusters at rest each is read within five rounds, and no more than a fifth of them, or four, at once',
  (count) => {
    const all = records(count);
    const order = settled(all);
    const seen = new Set<string>();
    for (let round = 1; round <= 5; round += 1) {
      const picked = order.pick(all, round * 1_000);
      expect(picked.length).toBe(Math.max(4, count / 5));
      for (const one of picked) seen.add(one.id);
      order.note(picked.map((one) => read(one, round * 1_000)));
    }
    expect(seen.size).toBe(count);
  },
);

test('a cluster that has changed is read at every round for half a minute', () => {
  const all = records(40);
  const order = settled(all);
  const [first] = all;
  if (first === undefined) throw new Error('there is a first one');
  order.note([read(first, 1_000, 'v2')]);
  let rounds = 0;
  for (let at = 2_000; at <= 31_000; at += 1_000) {
    const picked = order.pick(all, at);
    if (picked.includes(first)) rounds += 1;
    order.note(picked.map((one) => read(one, at, one === first ? 'v2' : 'v1')));
  }
  expect(rounds).toBe(30);
  // Read last, it is the last of all to have its turn again.
  expect(order.pick(all, 32_000)).not.toContain(first);
});

test('a cluster that cannot be read is tried at every round', () => {
  const all = records(40);
  const order = settled(all);
  const [first] = all;
  if (first === undefined) throw new Error('there is a first one');
  for (let at = 1_000; at <= 60_000; at += 1_000) {
    order.note([{ clusterId: first.id, readAt: at, result: { error: 'it does not answer' } }]);
    expect(order.pick(all, at + 1_000)).toContain(first);
  }
});
