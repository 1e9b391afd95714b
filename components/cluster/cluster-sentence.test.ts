import { expect, test } from 'vitest';
import type { ClusterView, ConfigView } from '@/server/contract/cluster.ts';
import { clusterSentence, fleetSentence, serviceSentence } from './cluster-sentence.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;

const fleet = {
  clusters: 13,
  instances: 189,
  outdatedClusters: 8,
  outdatedInstances: 100,
  oldestDriftSince: NOW - 21 * DAY,
  cycling: 0,
  cursors: {},
};

test('the fleet says how much of it is outdated, and since when', () => {
  expect(fleetSentence(fleet, NOW)).toEqual({
    strong: '8 of 13',
    rest: ' clusters run something outdated: 100 of 189 instances, the oldest drift is 21 days.',
  });
  expect(fleetSentence({ ...fleet, outdatedClusters: 0, outdatedInstances: 0, oldestDriftSince: null }, NOW)).toEqual({
    strong: 'All 13',
    rest: ' clusters are current: 189 instances.',
  });
  expect(fleetSentence({ ...fleet, clusters: 0 }, NOW).strong).toBe('No clusters');
});

const config = (version: number): ConfigView => ({
  config: `c${version}`,
  version,
  spec: {},
  createdAt: NOW - 6 * DAY,
  authorName: null,
});
const old = (version: number, instances: number) => ({ config: config(version), instances, changes: [] });

const cluster: ClusterView = {
  id: 'clu_web',
  name: 'web',
  environment: { id: 'env', name: 'prod', kind: 'simulator' },
  labels: {},
  minSize: 10,
  targetSize: 12,
  maxSize: 13,
  size: 12,
  outdated: 10,
  counts: { startedNew: 2, startedOld: 10, unhealthy: 0, starting: 0, draining: 0, drained: 0, terminating: 0 },
  driftSince: NOW - 6 * DAY,
  activeCycle: null,
  lastCycle: null,
  observedAt: NOW,
  observeError: null,
  spec: {},
  config: 'c38',
  version: 38,
  storedPolicy: null,
  effectivePolicy: {},
  autoscaling: null,
  drainTimeoutMs: 0,
  inService: 11,
  floor: 10,
  instances: [],
  outdatedConfigs: [old(37, 10)],
  present: config(38),
  isDisabled: false,
  blockedBecause: null,
  seq: '1',
  environmentSeq: '1',
};

test('a cluster says which version runs and which should', () => {
  expect(clusterSentence(cluster, NOW)).toEqual({
    strong: '10 of 12',
    rest: ' instances run version 37; version 38 was declared 6 days ago.',
  });
  expect(clusterSentence({ ...cluster, outdatedConfigs: [old(37, 6), old(35, 4)] }, NOW).rest).toContain(
    'versions 35 and 37;',
  );
  expect(clusterSentence({ ...cluster, outdatedConfigs: [old(37, 6)] }, NOW).rest).toContain(
    'something that was not declared here;',
  );
  expect(clusterSentence({ ...cluster, outdated: 0 }, NOW)).toEqual({
    strong: 'All 12',
    rest: ' instances run version 38, declared 6 days ago.',
  });
  expect(clusterSentence({ ...cluster, size: 0, outdated: 0 }, NOW).rest).toBe(' The target is 12.');
  expect(clusterSentence({ ...cluster, observedAt: null }, NOW).strong).toBe('Not read yet.');
});

test('capacity is set against the floor', () => {
  expect(serviceSentence({ inService: 11, floor: 10 })).toBe('11 are in service, the floor is 10.');
  expect(serviceSentence({ inService: 1, floor: 2 })).toBe('1 is in service, below the floor of 2.');
});
