import { expect, test } from 'vitest';
import type { ClusterView, ConfigView } from '@/server/contract/cluster.ts';
import { type ClusterDraft, changesOf, draftOf, outdatedWith, policyDraftOf, readDraft } from './cluster-draft.ts';

const local = (version: string) => ({
  version,
  command: [],
  env: {},
  jobs: { atOnce: 1, durationMs: 400 },
  startDelayMs: 0,
  probe: null,
});

const config = (version: number, spec: ConfigView['spec']): ConfigView => ({
  config: `c${version}`,
  version,
  spec,
  createdAt: 0,
  authorName: null,
});

const cluster: ClusterView = {
  id: 'clu_web',
  name: 'web',
  environment: { id: 'env_local', name: 'local', kind: 'local' },
  labels: { team: 'web' },
  minSize: 3,
  targetSize: 4,
  maxSize: 5,
  size: 6,
  outdated: 4,
  counts: { startedNew: 2, startedOld: 4, unhealthy: 0, starting: 0, draining: 0, drained: 0, terminating: 0 },
  driftSince: 0,
  activeCycle: null,
  lastCycle: null,
  observedAt: 0,
  observeError: null,
  spec: local('2'),
  config: 'c2',
  version: 2,
  storedPolicy: { surge: 1, bakeMs: 10_000, order: ['oldest'], protect: 'skip' },
  effectivePolicy: { surge: 1, bakeMs: 10_000, order: ['oldest'], protect: 'skip' },
  autoscaling: null,
  drainTimeoutMs: 90_000,
  inService: 6,
  floor: 4,
  instances: [],
  outdatedConfigs: [{ config: config(1, local('1')), instances: 3, changes: [] }],
  present: config(2, local('2')),
  isDisabled: false,
  blockedBecause: null,
  seq: '1',
  environmentSeq: '1',
};

const declared = draftOf(cluster);

function errorsOf(change: Partial<ClusterDraft>) {
  const result = readDraft({ ...declared, ...change }, 'local');
  return 'errors' in result ? result.errors : {};
}

function declarationOf(change: Partial<ClusterDraft>) {
  const result = readDraft({ ...declared, ...change }, 'local');
  if ('errors' in result) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

test('what is declared comes back from its draft unchanged', () => {
  expect(changesOf(cluster, declarationOf({}))).toEqual({});
  expect(declarationOf({}).policy).toEqual(cluster.storedPolicy);
});

test('only what was changed is sent', () => {
  expect(changesOf(cluster, declarationOf({ maxSize: '6', drainTimeoutMs: '1 min 30 s' }))).toEqual({ maxSize: 6 });
  expect(changesOf(cluster, declarationOf({ hasPolicy: false }))).toEqual({ policy: null });
  expect(changesOf(cluster, declarationOf({ labels: 'team=web,tier=2' }))).toEqual({
    labels: { team: 'web', tier: '2' },
  });
  // The order of members is not a change.
  const turned = JSON.stringify(Object.fromEntries(Object.entries(local('2')).reverse()));
  expect(changesOf(cluster, declarationOf({ spec: turned }))).toEqual({});
});

test('what is wrong is said beside its field', () => {
  expect(errorsOf({ minSize: 'some' })).toEqual({ minSize: 'a whole number' });
  expect(errorsOf({ minSize: '6' })).toEqual({ minSize: 'not above max', targetSize: 'not below min' });
  expect(Object.keys(errorsOf({ name: 'Web!', labels: 'team', drainTimeoutMs: 'soon' }))).toEqual(
    expect.arrayContaining(['name', 'labels', 'drainTimeoutMs']),
  );
  expect(errorsOf({ spec: '{' }).spec).toMatch(/^no JSON/);
  expect(errorsOf({ spec: '{"disk":{"id":9007199254740993}}' }).spec).toBe(
    'disk.id: 9007199254740993 would not be kept as it is written; write it as a text',
  );
  expect(errorsOf({ spec: JSON.stringify({ ...local('2'), jobs: { atOnce: 'many', durationMs: 1 } }) })).toEqual({
    'spec.jobs.atOnce': 'a whole number',
    'spec.jobs.durationMs': 'at least 10',
  });
  expect(
    Object.keys(errorsOf({ spec: JSON.stringify({ ...local(''), jobs: { atOnce: 99, durationMs: 400 } }) })),
  ).toEqual(['spec.version', 'spec.jobs.atOnce']);
  const policy = { ...policyDraftOf({}), batch: '0', bakeMs: 'a while', order: 'oldest, prettiest' };
  expect(Object.keys(errorsOf({ policy }))).toEqual(
    expect.arrayContaining(['policy.batch', 'policy.bakeMs', 'policy.order']),
  );
});

test('another spec makes instances outdated, an earlier one makes some of them current', () => {
  expect(outdatedWith(cluster, local('3'))).toBe(6);
  expect(outdatedWith(cluster, local('2'))).toBe(4);
  expect(outdatedWith(cluster, local('1'))).toBe(3);
});
