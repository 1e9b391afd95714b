import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needsOf, POOL_PARTS, type PoolMachine, type PoolPart, partOf, partsOf } from './pool.ts';

const LIFECYCLES: readonly PoolMachine['lifecycle'][] = ['starting', 'started', 'draining', 'drained', 'terminating'];
const STATES: readonly PoolMachine['state'][] = ['idle', 'reserved', 'running', 'cleaning', 'maintenance'];
const HEALTHS: readonly PoolMachine['health'][] = ['good', 'unknown', 'bad'];

type Facts = Parameters<typeof partOf>[0];
const idle: Facts = { lifecycle: 'started', state: 'idle', health: 'good', outdated: false, nextToGo: false };

test.each<[string, Partial<Facts>, PoolPart]>([
  ['what runs is in use, even while it drains', { state: 'running', lifecycle: 'draining', nextToGo: true }, 'inUse'],
  ['what is reserved is reserved, even where it is bad', { state: 'reserved', health: 'bad' }, 'reserved'],
  ['what is cleaned is cleaning', { state: 'cleaning', nextToGo: true }, 'cleaning'],
  [
    'what a person took out is in maintenance, even where it is bad',
    { state: 'maintenance', health: 'bad' },
    'maintenance',
  ],
  ['what starts is provisioning, whatever its health', { lifecycle: 'starting', health: 'unknown' }, 'provisioning'],
  ['what drains is leaving', { lifecycle: 'draining' }, 'leaving'],
  ['what has drained is leaving', { lifecycle: 'drained' }, 'leaving'],
  ['what terminates is leaving', { lifecycle: 'terminating', health: 'bad' }, 'leaving'],
  ['what is next to go is leaving', { nextToGo: true }, 'leaving'],
  ['what is bad is bad', { health: 'bad' }, 'bad'],
  ['what nobody knows to be good is bad', { health: 'unknown' }, 'bad'],
  ['what is idle, good and stays is available', {}, 'available'],
  ['and so it is where it is outdated', { outdated: true }, 'available'],
])('%s', (_, facts, part) => {
  expect(partOf({ ...idle, ...facts })).toBe(part);
});

test('of all 300 machines that there can be each has a part, and each part has a machine', () => {
  const all = LIFECYCLES.flatMap((lifecycle) =>
    STATES.flatMap((state) =>
      HEALTHS.flatMap((health) =>
        [false, true].flatMap((outdated) =>
          [false, true].map((nextToGo): Facts => ({ lifecycle, state, health, outdated, nextToGo })),
        ),
      ),
    ),
  );
  expect(all).toHaveLength(300);
  expect(new Set(all.map(partOf))).toEqual(new Set(POOL_PARTS));
  const available = all.filter((machine) => partOf(machine) === 'available');
  expect(available).toEqual([idle, { ...idle, outdated: true }]);
});

test('the parts of any pool sum to its capacity', () => {
  const machines = fc.array(
    fc.record({
      environmentId: fc.constant('e'),
      clusterId: fc.constant('c'),
      instanceId: fc.string(),
      pool: fc.constant('p'),
      lifecycle: fc.constantFrom(...LIFECYCLES),
      state: fc.constantFrom(...STATES),
      health: fc.constantFrom(...HEALTHS),
      outdated: fc.boolean(),
      nextToGo: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(machines, (all) => {
      const parts = partsOf(all);
      expect(Object.keys(parts).sort()).toEqual([...POOL_PARTS].sort());
      expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(all.length);
      for (const part of POOL_PARTS) expect(parts[part]).toBe(all.filter((machine) => partOf(machine) === part).length);
    }),
    { seed: 1 },
  );
});

test('a session needs one machine for each component', () => {
  const components = ['b', 'a', 'b', '__proto__'].map((pool) => ({ pool }));
  expect([...needsOf({ name: 's', components })]).toEqual([
    ['b', 2],
    ['a', 1],
    ['__proto__', 1],
  ]);
});
