import { expect, test } from 'vitest';
import type { ClusterRow, Page } from '@/server/contract/cluster.ts';
import type { LiveEvent } from '@/server/contract/live.ts';
import { applyToPage } from './live-cluster.ts';

const row = (name: string, environment: string, change: Partial<ClusterRow> = {}): ClusterRow => ({
  id: `clu_${name}`,
  name,
  environment: { id: environment, name: environment, kind: 'simulator' },
  labels: {},
  minSize: 1,
  targetSize: 1,
  maxSize: 1,
  size: 0,
  outdated: 0,
  counts: { startedNew: 0, startedOld: 0, unhealthy: 0, starting: 0, draining: 0, drained: 0, terminating: 0 },
  driftSince: null,
  activeCycle: null,
  lastCycle: null,
  observedAt: 1_000,
  observeError: null,
  ...change,
});

const page = (...rows: ClusterRow[]): Page<ClusterRow> => ({
  rows,
  total: rows.length,
  nextCursor: null,
  cursors: { 'environment:a': '4', 'environment:b': '7' },
});

const event = (change: Partial<LiveEvent>): LiveEvent => ({
  stream: 'environment:a',
  seq: '5',
  kind: 'synced',
  body: { clusterIds: [], observedAt: 9_000 },
  at: 9_001,
  ...change,
});

test('a read that found nothing new moves the time of the read, of that environment only', () => {
  const before = page(row('web', 'a'), row('api', 'b'));
  expect(applyToPage(before, event({}))).toEqual({
    ...before,
    rows: [row('web', 'a', { observedAt: 9_000 }), row('api', 'b')],
    cursors: { 'environment:a': '5', 'environment:b': '7' },
  });
});

test('a change is read again', () => {
  expect(applyToPage(page(row('web', 'a')), event({ kind: 'changed', body: { clusterIds: ['clu_web'] } }))).toBe(
    'refetch',
  );
});

test('a cluster that could not be read is read again with the next read of its environment', () => {
  const broken = row('web', 'a', { observeError: 'no answer' });
  expect(applyToPage(page(broken), event({}))).toBe('refetch');
  expect(applyToPage(page(broken), event({ stream: 'environment:b' }))).not.toBe('refetch');
});
