import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { admit } from './floor.ts';
import { inService } from './in-service.ts';
import type { CyclePolicy } from './policy.ts';

const NOW = Date.UTC(2026, 0, 1);
const POLICY: CyclePolicy = { minHealthyMs: 30_000 };

const serving = (id: string): Instance => ({
  id,
  state: 'started',
  config: 'old',
  createdAt: NOW - 3_600_000,
  updatedAt: null,
  health: 'healthy',
});

const clusterOf = (instances: readonly Instance[]): Cluster => ({
  id: 'c',
  name: 'c',
  config: 'new',
  minSize: 0,
  maxSize: 99,
  instances,
});

const ids = (count: number) => Array.from({ length: count }, (_, index) => `m-${index + 1}`);

test.each([
  ['all may go where the floor allows it', 4, 1, ['m-1', 'm-2', 'm-3'], []],
  ['the first may go, the rest are withheld', 4, 2, ['m-1', 'm-2'], ['m-3']],
  ['none may go at the floor', 4, 4, [], ['m-1', 'm-2', 'm-3']],
  ['none may go below the floor', 4, 9, [], ['m-1', 'm-2', 'm-3']],
  ['a floor of 0 keeps nothing', 3, 0, ['m-1', 'm-2', 'm-3'], []],
] as const)('of three in service asked for, %s', (_, size, floor, admitted, withheld) => {
  const cluster = clusterOf(ids(size).map(serving));
  expect(admit(cluster, ['m-1', 'm-2', 'm-3'], floor, POLICY, NOW)).toEqual({ admitted, withheld });
});

test.each<[string, Partial<Instance>]>([
  ['an unhealthy one', { health: 'unhealthy' }],
  ['one of unknown health', { health: 'unknown' }],
  ['one that has not been healthy for long enough', { healthySince: NOW - 29_999 }],
  ['one that drains already', { state: 'draining' }],
  ['one that has drained', { state: 'drained' }],
  ['one that has not started', { state: 'starting' }],
])('%s costs no capacity, so it may go even at the floor', (_, fact) => {
  const cluster = clusterOf([serving('m-1'), { ...serving('m-2'), ...fact }]);
  expect(admit(cluster, ['m-1', 'm-2'], 1, POLICY, NOW)).toEqual({ admitted: ['m-2'], withheld: ['m-1'] });
});

test('a draining instance that is still asked for frees no room for another', () => {
  const cluster = clusterOf([serving('m-1'), serving('m-2'), { ...serving('m-3'), state: 'draining' }]);
  expect(admit(cluster, ['m-3', 'm-1', 'm-2'], 1, POLICY, NOW)).toEqual({
    admitted: ['m-3', 'm-1'],
    withheld: ['m-2'],
  });
});

test('one that is not listed takes no capacity with it', () => {
  expect(admit(clusterOf([serving('m-1')]), ['gone'], 1, POLICY, NOW)).toEqual({ admitted: ['gone'], withheld: [] });
});

test('what is not ours counts for the floor', () => {
  const cluster = clusterOf([serving('m-1'), { ...serving('m-2'), excluded: 'not-ours' }]);
  expect(admit(cluster, ['m-1'], 1, POLICY, NOW).admitted).toEqual(['m-1']);
});

const instances: fc.Arbitrary<Instance[]> = fc
  .array(
    fc.record({
      state: fc.constantFrom('starting', 'started', 'started', 'started', 'draining', 'drained', 'terminating'),
      health: fc.constantFrom('healthy', 'healthy', 'unhealthy', 'unknown', undefined),
      healthySince: fc.constantFrom(null, undefined, NOW - 60_000, NOW - 10_000),
    }),
    { maxLength: 12 },
  )
  .map((facts) =>
    facts.map(({ health, healthySince, ...fact }, index) => ({
      ...serving(`m-${index + 1}`),
      ...fact,
      health,
      healthySince,
    })),
  );

const requests = instances.chain((all) =>
  fc.record({
    cluster: fc.constant(clusterOf(all)),
    asked: fc.shuffledSubarray(all.map((one) => one.id)),
    floor: fc.nat(13),
    policy: fc.constantFrom<CyclePolicy>({}, POLICY),
  }),
);

test('whatever is asked for, a floor that holds is kept, and no capacity leaves where it does not hold', () => {
  fc.assert(
    fc.property(requests, ({ cluster, asked, floor, policy }) => {
      const counted = (without: readonly string[]) =>
        cluster.instances.filter((one) => !without.includes(one.id) && inService(one, policy, NOW)).length;
      const { admitted } = admit(cluster, asked, floor, policy, NOW);
      expect(counted(admitted)).toBeGreaterThanOrEqual(Math.min(floor, counted([])));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('each that is asked for is admitted or withheld, in the order asked, and as many go as the floor allows', () => {
  fc.assert(
    fc.property(requests, ({ cluster, asked, floor, policy }) => {
      const isServing = (id: string) => cluster.instances.some((one) => one.id === id && inService(one, policy, NOW));
      const { admitted, withheld } = admit(cluster, asked, floor, policy, NOW);
      expect(asked.filter((id) => admitted.includes(id))).toEqual(admitted);
      expect(asked.filter((id) => withheld.includes(id))).toEqual(withheld);
      expect(admitted.length + withheld.length).toBe(asked.length);
      expect(withheld.every(isServing)).toBe(true);
      const all = cluster.instances.filter((one) => inService(one, policy, NOW)).length;
      const room = Math.max(0, all - floor);
      expect(admitted.filter(isServing)).toEqual(asked.filter(isServing).slice(0, room));
    }),
    { seed: 1, numRuns: 300 },
  );
});
