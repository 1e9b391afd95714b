import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClusterRecord } from '../domain/cluster/fleet.ts';
import { defaultPolicy } from '../domain/cycle/policy.ts';
import { explainPlanning, storedPlanning, supposedPlanning } from './planning.ts';

const record = (facts: Partial<ClusterRecord> = {}): ClusterRecord => ({
  id: 'c',
  name: 'web',
  environmentId: 'e',
  config: 'new',
  spec: {},
  minSize: 0,
  targetSize: 10,
  maxSize: 100,
  policy: null,
  drainTimeoutMs: 60_000,
  labels: {},
  observedAt: 0,
  observeError: null,
  ...facts,
});

// Source: segmentio/cycle `cmd/cycle`.
test.each([
  // The cluster's min, target and max; then min and max of a cycle.
  [0, 10, 100, 8, 12],
  [9, 10, 100, 9, 12],
  [0, 10, 11, 8, 11],
  [0, 1, 100, 1, 2],
  [0, 1, 1, 1, 1],
  [0, 3, 100, 3, 4],
  [0, 4, 100, 4, 5],
  [0, 5, 100, 4, 6],
  [0, 6, 100, 5, 8],
  [0, 0, 100, 0, 1],
  [2, 2, 2, 2, 2],
  [5, 5, 100, 5, 6],
  [0, 1_000, 1_100, 800, 1_100],
])('the cluster %i ≤ %i ≤ %i is cycled between %i and %i', (minSize, targetSize, maxSize, min, max) => {
  const { config } = storedPlanning(record({ minSize, targetSize, maxSize }));
  expect(config).toEqual({ targetSize, minSize: min, maxSize: max, drainTimeoutMs: 60_000 });
});

const sizes = fc
  .tuple(fc.nat(40), fc.nat(40), fc.nat(40))
  .map((some) => some.toSorted((a, b) => a - b))
  .map(([minSize = 0, targetSize = 0, maxSize = 0]) => ({ minSize, targetSize, maxSize }));

test('min is a fifth below the target, max a fifth above, both within what the cluster allows', () => {
  fc.assert(
    fc.property(sizes, (cluster) => {
      const { config } = storedPlanning(record(cluster));
      // In whole numbers: the product of a fraction may be a hair more than what it should be.
      const min = Math.max(cluster.minSize, Math.ceil((cluster.targetSize * 8) / 10));
      const max = Math.max(Math.ceil((cluster.targetSize * 12) / 10), min + 1);
      expect(config).toMatchObject({ minSize: min, maxSize: Math.min(cluster.maxSize, max) });
    }),
    { seed: 1, numRuns: 300 },
  );
});

describe('the policy', () => {
  test('is the one that the cluster stores', () => {
    const policy = { surge: 3, batch: 2 };
    expect(storedPlanning(record({ policy }))).toMatchObject({ policy, policySource: 'cluster' });
    expect(storedPlanning(record({ policy: {} }))).toMatchObject({ policy: {}, policySource: 'cluster' });
  });

  test('is otherwise the default one for the sizes of the cycle', () => {
    const { config, policy, policySource } = storedPlanning(record());
    expect(policySource).toBe('default');
    expect(policy).toEqual(defaultPolicy(config, 10));
    expect(policy).toMatchObject({ surge: 2, maxUnavailable: 2, canary: 1 });
  });

  test('by default follows sizes that are supposed', () => {
    const { policy } = supposedPlanning(record(), { minSize: 10, maxSize: 15 });
    expect(policy).toMatchObject({ surge: 5, maxUnavailable: 0 });
  });

  test('keeps each of its rules that is not supposed to be another', () => {
    expect(supposedPlanning(record({ policy: { surge: 3, batch: 2 } }), { policy: { batch: 1 } }).policy).toEqual({
      surge: 3,
      batch: 1,
    });
  });
});

describe('what is supposed', () => {
  test('nothing: as stored', () => {
    const { policySource: _, ...stored } = storedPlanning(record());
    expect(supposedPlanning(record(), {})).toEqual(stored);
  });

  test('is taken as it is, also where the cluster does not allow it', () => {
    const knobs = { targetSize: 7, minSize: 3, maxSize: 200, drainTimeoutMs: 0 };
    expect(supposedPlanning(record({ minSize: 5 }), knobs).config).toEqual(knobs);
  });

  test('another target moves the min and max that are not supposed', () => {
    expect(supposedPlanning(record(), { targetSize: 20 }).config).toMatchObject({ minSize: 16, maxSize: 24 });
    expect(supposedPlanning(record(), { targetSize: 20, maxSize: 21 }).config).toMatchObject({
      minSize: 16,
      maxSize: 21,
    });
  });
});

test('sizes that leave the planner no room are explained by nothing, and do not fail', () => {
  const cluster = { id: 'c', name: 'web', config: 'new', minSize: 0, maxSize: 9, instances: [] };
  const sized = (minSize: number, maxSize: number) =>
    explainPlanning(cluster, supposedPlanning(record(), { minSize, maxSize }), 0);
  expect(sized(3, 3)).toBeNull();
  expect(sized(4, 3)).toBeNull();
  expect(sized(2, 3)).not.toBeNull();
});
