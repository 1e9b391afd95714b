import { expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { type Hold, withHolds } from './hold.ts';

const HELD_AT = 1_000;

const instance = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'v1',
  createdAt: 1,
  updatedAt: null,
  health: 'healthy',
  healthySince: 2,
  ...facts,
});
const cluster = (...instances: readonly Instance[]): Cluster => ({
  id: 'c',
  name: 'qps',
  config: 'v2',
  minSize: 0,
  maxSize: 9,
  instances,
});
const hold = (instanceId: string, facts: Partial<Hold> = {}): Hold => ({
  instanceId,
  reservationId: `res of ${instanceId}`,
  sessionId: 'ses_1',
  name: 'nightly',
  component: 'driver',
  holderName: 'Ada',
  purpose: '',
  since: HELD_AT,
  ...facts,
});
const seen = (one: Cluster, holds: readonly Hold[]) => withHolds(one, holds).instances;

test('a session is one workload of each machine that it holds, since when it holds it', () => {
  const found = seen(cluster(instance('m-1'), instance('m-2')), [hold('m-1')]);
  expect(found).toEqual([
    instance('m-1', {
      workloads: [
        { name: 'session nightly', since: HELD_AT, holder: { reservationId: 'res of m-1', sessionId: 'ses_1' } },
      ],
    }),
    instance('m-2'),
  ]);
});

test('a person who holds a machine is named, with the purpose where there is one', () => {
  const person = { sessionId: null, name: 'soak', component: 'machine-1' };
  const found = seen(cluster(instance('m-1'), instance('m-2')), [
    hold('m-1', { ...person, purpose: 'find the leak' }),
    hold('m-2', person),
  ]);
  expect(found.map(({ workloads }) => workloads?.map(({ name }) => name))).toEqual([
    ['reserved by Ada: find the leak'],
    ['reserved by Ada'],
  ]);
});

test('work of the back end stays, but for the component that the session runs there', () => {
  const workloads = ['job-7', 'driver of nightly', 'driver of weekly'].map((name) => ({ name, since: 5 }));
  const [one] = seen(cluster(instance('m-1', { workloads })), [hold('m-1')]);
  expect(one?.workloads?.map(({ name }) => name)).toEqual(['session nightly', 'job-7', 'driver of weekly']);
});

test('what is called like a component is work all the same where a person holds the machine', () => {
  const workloads = [{ name: 'driver of nightly', since: 5 }];
  const [one] = seen(cluster(instance('m-1', { workloads })), [hold('m-1', { sessionId: null })]);
  expect(one?.workloads).toHaveLength(2);
});

test.each([
  ['starting', 'starting'],
  ['started', 'started'],
  ['draining', 'draining'],
  ['drained', 'draining'],
  ['terminating', 'terminating'],
] as const)('a held machine that the back end says is %s is %s', (state, expected) => {
  const [one, other] = seen(cluster(instance('m-1', { state, updatedAt: 7 }), instance('m-2', { state })), [
    hold('m-1'),
  ]);
  expect(one).toMatchObject({ state: expected, updatedAt: 7 });
  expect(other).toEqual(instance('m-2', { state }));
});

test('a hold on a machine that is not listed changes nothing', () => {
  const before = cluster(instance('m-1'));
  expect(withHolds(before, [hold('gone')])).toEqual(before);
});
