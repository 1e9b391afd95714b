import { expect, test } from 'vitest';
import type { Instance } from '../cluster/cluster.ts';
import type { CyclePolicy } from '../cycle/policy.ts';
import { type CycleUnderWay, nextToGo } from './next-to-go.ts';

const machine = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'old',
  createdAt: id.charCodeAt(0),
  updatedAt: null,
  ...facts,
});
const machines = ['a', 'b', 'c', 'd', 'e'].map((id) => machine(id));
const planned: CycleUnderWay['planned'] = new Map(machines.map(({ id }) => [id, 'replace']));
const config = { targetSize: 4, minSize: 3, maxSize: 6 };

const next = (policy: CyclePolicy, facts: Partial<CycleUnderWay> = {}, instances: readonly Instance[] = machines) =>
  [...nextToGo(instances, { policy, config, planned, ordered: new Set(), ...facts })].sort().join('');

test.each<[string, CyclePolicy, string]>([
  ['as many as one batch', { batch: 2 }, 'ab'],
  ['else as many as surge and what may be unavailable', { surge: 1, maxUnavailable: 1 }, 'ab'],
  ['else as many as the sizes leave', {}, 'abc'],
  ['and one where the policy leaves no room', { surge: 0, maxUnavailable: 0 }, 'a'],
])('next are %s', (_, policy, expected) => {
  expect(next(policy)).toBe(expected);
});

test('what is ordered goes, and others are next beside it', () => {
  expect(next({ batch: 1 }, { ordered: new Set(['d']) })).toBe('ad');
  expect(next({ batch: 1 }, { ordered: new Set(['a']) })).toBe('ab');
});

test('next are those that the planner would take: idle ones before held ones', () => {
  const held = [{ name: 'job', since: null, holder: { reservationId: 'r', sessionId: null } }];
  const some = machines.map((one) => (one.id < 'c' ? { ...one, workloads: held } : one));
  expect(next({ batch: 2, order: ['idle', 'oldest'] }, {}, some)).toBe('cd');
});

test('what the plan does not name, what is not started, and what is protected is not next', () => {
  const some = [
    machine('x'),
    machine('a', { state: 'draining' }),
    machine('b', { protection: 'protected' }),
    machine('c'),
  ];
  expect(next({ batch: 3, protect: 'skip' }, {}, some)).toBe('c');
  expect(next({ batch: 3, protect: 'wait' }, {}, some)).toBe('c');
  expect(next({ batch: 3, protect: 'replace' }, {}, some)).toBe('bc');
});

test('what is replaced goes before what is scaled in', () => {
  const mixed: CycleUnderWay['planned'] = new Map([
    ['a', 'scale-in'],
    ['b', 'replace'],
  ]);
  expect(next({ batch: 1 }, { planned: mixed })).toBe('b');
});
