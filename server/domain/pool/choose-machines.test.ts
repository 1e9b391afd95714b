import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseMachines, type IdleMachine } from './choose-machines.ts';

const machine = (instanceId: string, facts: Partial<IdleMachine> = {}): IdleMachine => ({
  environmentId: 'e',
  clusterId: 'c',
  instanceId,
  pool: 'p',
  lifecycle: 'started',
  state: 'idle',
  health: 'good',
  outdated: false,
  nextToGo: false,
  idleSince: 1_000,
  ...facts,
});

const ids = (machines: readonly IdleMachine[] | null) => machines?.map(({ instanceId }) => instanceId) ?? null;

test.each<[string, readonly IdleMachine[], number, readonly string[] | null]>([
  ['those that are not outdated first', [machine('a', { outdated: true, idleSince: 1 }), machine('b')], 1, ['b']],
  ['then the longest idle', [machine('a', { idleSince: 9 }), machine('b', { idleSince: 8 })], 1, ['b']],
  [
    'of which one that nobody ever held is the longest',
    [machine('a', { idleSince: 0 }), machine('b', { idleSince: null })],
    2,
    ['b', 'a'],
  ],
  [
    'then by id, bytewise',
    [machine('\u{1f680}'), machine('\uffff'), machine('b'), machine('B')],
    4,
    ['B', 'b', '\uffff', '\u{1f680}'],
  ],
  ['an outdated one where there is no other', [machine('a', { outdated: true }), machine('b')], 2, ['b', 'a']],
  ['never one that is next to go', [machine('a', { nextToGo: true }), machine('b')], 2, null],
  ['never one whose health is bad', [machine('a', { health: 'bad' })], 1, null],
  ['never one whose health is not known', [machine('a', { health: 'unknown' })], 1, null],
  ['never one that is draining', [machine('a', { lifecycle: 'draining' })], 1, null],
  [
    'never one that is not idle',
    [machine('a', { state: 'reserved' }), machine('b', { state: 'maintenance' })],
    1,
    null,
  ],
  ['none where too few are available', [machine('a')], 2, null],
  ['nothing where nothing is wanted', [machine('a', { health: 'bad' })], 0, []],
])('chooses %s', (_, machines, wanted, chosen) => {
  expect(ids(chooseMachines(machines, wanted))).toEqual(chosen);
});

test('chooses the same whatever order the machines come in, even where ids are the same in two clusters', () => {
  const machines = [
    machine('a', { clusterId: 'd' }),
    machine('a'),
    machine('a', { environmentId: 'f' }),
    machine('b', { outdated: true }),
    machine('b', { idleSince: null }),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(machines, { minLength: machines.length }), (shuffled) => {
      expect(chooseMachines(shuffled, 4)).toEqual(chooseMachines(machines, 4));
    }),
    { seed: 1 },
  );
});
