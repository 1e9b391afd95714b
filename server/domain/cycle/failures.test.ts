import { describe, expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { failuresPause } from './cycle-state.ts';
import type { CycleFailure, CycleInstance } from './cycle-store.ts';
import { failureCount, observedFailures, START_TIMEOUT_MS } from './failures.ts';
import type { CyclePolicy } from './policy.ts';

const NOW = Date.UTC(2026, 0, 1);
const CYCLE = 'cyc_1';

const own = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'new',
  createdAt: NOW - 60_000,
  updatedAt: null,
  health: 'healthy',
  token: `${CYCLE}/1/0`,
  ...facts,
});

const clusterOf = (...instances: readonly Instance[]): Cluster => ({
  id: 'c',
  name: 'c',
  config: 'new',
  minSize: 0,
  maxSize: 99,
  instances,
});

const member = (instanceId: string, facts: Partial<CycleInstance> = {}): CycleInstance => ({
  instanceId,
  role: 'started',
  decision: null,
  skipped: false,
  forcedAt: null,
  drainExtensionMs: 0,
  goneAt: null,
  terminationOrdered: false,
  ...facts,
});

describe('an instance of ours has failed', () => {
  test.each<[string, Instance, string[]]>([
    ['when its health check fails', own('m-1', { health: 'unhealthy' }), ['unhealthy']],
    [
      'when it has not started in ten minutes',
      own('m-1', { state: 'starting', createdAt: NOW - START_TIMEOUT_MS }),
      ['start-timeout'],
    ],
    ['but not a moment before', own('m-1', { state: 'starting', createdAt: NOW - START_TIMEOUT_MS + 1 }), []],
    ['but not while it starts and nobody knows since when', own('m-1', { state: 'starting', createdAt: null }), []],
    [
      'but not while it is unhealthy because it still starts',
      own('m-1', { state: 'starting', health: 'unhealthy' }),
      [],
    ],
    ['but not where its health is unknown', own('m-1', { health: 'unknown' }), []],
    ['but not where it is healthy', own('m-1'), []],
    ['but not where it drains', own('m-1', { state: 'draining', health: 'unhealthy' }), []],
  ])('%s', (_, instance, kinds) => {
    const failures = observedFailures(CYCLE, clusterOf(instance), [member('m-1')], NOW);
    expect(failures.map((failure) => [failure.instanceId, failure.kind])).toEqual(kinds.map((kind) => ['m-1', kind]));
    expect(failures.every((failure) => failure.evidence !== '')).toBe(true);
  });

  test.each<[string, CycleInstance, string[]]>([
    ['when it is listed no more', member('m-1'), ['died']],
    ['but not when we ended it', member('m-1', { terminationOrdered: true }), []],
    ['but not again once it is known to be gone', member('m-1', { goneAt: NOW - 1 }), []],
    ['but not where it was there before the cycle', member('m-1', { role: 'planned', decision: 'replace' }), []],
  ])('%s', (_, one, kinds) => {
    expect(observedFailures(CYCLE, clusterOf(), [one], NOW).map((failure) => failure.kind)).toEqual(kinds);
  });

  test('but not again once a person asked for another in its place', () => {
    const cluster = clusterOf(own('m-1', { health: 'unhealthy' }));
    expect(observedFailures(CYCLE, cluster, [member('m-1', { forcedAt: NOW - 1 })], NOW)).toEqual([]);
  });

  test('but not while it is ended because of it', () => {
    const ordered = [member('m-1', { terminationOrdered: true }), member('m-2', { terminationOrdered: true })];
    const cluster = clusterOf(
      own('m-1', { health: 'unhealthy' }),
      own('m-2', { state: 'starting', createdAt: NOW - START_TIMEOUT_MS }),
    );
    expect(observedFailures(CYCLE, cluster, ordered, NOW)).toEqual([]);
  });
});

test.each([
  ['without a token', undefined],
  ['of another cycle', 'cyc_2/1/0'],
  ['of a cycle whose id begins alike', `${CYCLE}2/1/0`],
])('what is unhealthy and %s is no failure of this cycle', (_, token) => {
  const { token: _own, ...stranger } = own('m-1', { health: 'unhealthy' });
  const cluster = clusterOf(token === undefined ? stranger : { ...stranger, token });
  expect(observedFailures(CYCLE, cluster, [], NOW)).toEqual([]);
});

const failure = (instanceId: string, at: number, kind: CycleFailure['kind'] = 'unhealthy'): CycleFailure => ({
  instanceId,
  kind,
  evidence: 'x',
  at,
});

const CANARY: CyclePolicy = { canary: 1 };
const PASSED = clusterOf(own('m-9', { healthySince: NOW - 60_000 }));

function verdict(
  failures: readonly CycleFailure[],
  options: {
    cluster?: Cluster;
    policy?: CyclePolicy;
    resumedAt?: number;
    planned?: number;
  } = {},
) {
  const { cluster = PASSED, policy = CANARY, resumedAt = null, planned = 100 } = options;
  const count = failureCount(failures, cluster, { id: CYCLE, resumedAt }, policy, NOW);
  return failuresPause(count, planned, policy);
}

describe('a cycle pauses', () => {
  test('at the first failure while the canary is out', () => {
    expect(verdict([failure('m-1', NOW)], { cluster: clusterOf() })).toBe('canary-failed');
  });

  test('at the first failure until enough of the current configuration are in service', () => {
    const policy = { canary: 2, minHealthyMs: 30_000 };
    const young = own('m-8', { healthySince: NOW - 1_000 });
    const failures = [failure('m-1', NOW - 61_000)];
    expect(verdict(failures, { policy, cluster: clusterOf(...PASSED.instances, young) })).toBe('canary-failed');
    const grown = { ...young, healthySince: NOW - 30_000 };
    expect(verdict(failures, { policy, cluster: clusterOf(...PASSED.instances, grown) })).toBeNull();
  });

  test('at two failures in a row', () => {
    expect(verdict([failure('m-1', NOW - 2), failure('m-2', NOW - 1)])).toBe('failure-threshold');
  });

  test('at more than a tenth of what is planned', () => {
    const between = [failure('m-1', NOW - 70_000), failure('m-2', NOW - 65_000), failure('m-3', NOW - 1)];
    expect(verdict(between, { planned: 29 })).toBe('failure-threshold');
    expect(verdict(between, { planned: 30 })).toBeNull();
  });

  test('without a canary, only by number', () => {
    expect(verdict([failure('m-1', NOW)], { policy: {}, cluster: clusterOf(), planned: 10 })).toBeNull();
    expect(verdict([failure('m-1', NOW)], { policy: {}, cluster: clusterOf(), planned: 9 })).toBe('failure-threshold');
  });
});

describe('a cycle goes on', () => {
  test('without a failure, however small it is', () => {
    expect(verdict([], { planned: 0, cluster: clusterOf() })).toBeNull();
  });

  test('after one failure once the canary has passed', () => {
    expect(verdict([failure('m-1', NOW)])).toBeNull();
  });

  test('where one of ours came into service between two failures', () => {
    expect(verdict([failure('m-1', NOW - 60_001), failure('m-2', NOW - 1)])).toBeNull();
  });

  test('after failures that a person accepted by resuming', () => {
    const failures = [failure('m-1', NOW - 5_000), failure('m-2', NOW - 4_000)];
    expect(verdict(failures, { resumedAt: NOW - 3_000, planned: 1, cluster: clusterOf() })).toBeNull();
    expect(verdict([...failures, failure('m-3', NOW)], { resumedAt: NOW - 3_000 })).toBeNull();
    expect(verdict([...failures, failure('m-3', NOW)], { resumedAt: NOW - 3_000, cluster: clusterOf() })).toBe(
      'canary-failed',
    );
  });
});

test('one instance that fails in two ways is one failure', () => {
  const failures = [failure('m-1', NOW - 2, 'unhealthy'), failure('m-1', NOW - 1, 'died')];
  expect(failureCount(failures, PASSED, { id: CYCLE, resumedAt: null }, CANARY, NOW)).toEqual({
    total: 1,
    consecutive: 1,
    duringCanary: false,
  });
});

test('a machine of somebody else that came into service does not break a row of failures', () => {
  const cluster = clusterOf(
    own('m-9', { healthySince: NOW - 60_000 }),
    own('x', { token: 'cyc_2/1/0', healthySince: NOW }),
  );
  expect(verdict([failure('m-1', NOW - 2), failure('m-2', NOW - 1)], { cluster })).toBe('failure-threshold');
});
