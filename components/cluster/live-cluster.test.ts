import { expect, test } from 'vitest';
import type { ClusterRow, Page } from '@/server/contract/cluster.ts';
import type { LiveEvent } from '@/server/contract/live.ts';
import { applyToPages, type ClusterPages } from './live-cluster.ts';

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

const cursors = { 'environment:a': '4', 'environment:b': '7' };

const page = (...rows: ClusterRow[]): ClusterPages => ({
  pages: rows.map((one): Page<ClusterRow> => ({ rows: [one], total: rows.length, nextCursor: null, cursors })),
  pageParams: [],
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
  const after = applyToPages(before, event({}));
  if (after === 'refetch') throw new Error('it is not to be read again');
  expect(after.pages.flatMap(({ rows }) => rows)).toEqual([row('web', 'a', { observedAt: 9_000 }), row('api', 'b')]);
  for (const one of after.pages) expect(one.cursors).toEqual({ ...cursors, 'environment:a': '5' });
});

test('a row that was read later than the rest keeps its time', () => {
  const after = applyToPages(page(row('web', 'a', { observedAt: 9_500 })), event({}));
  expect(after).toMatchObject({ pages: [{ rows: [{ observedAt: 9_500 }] }] });
});

test('a change is read again', () => {
  expect(applyToPages(page(row('web', 'a')), event({ kind: 'changed', body: { clusterIds: ['clu_web'] } }))).toBe(
    'refetch',
  );
});

test('a cluster that could not be read is read again with the next read of its environment', () => {
  const broken = row('web', 'a', { observeError: 'no answer' });
  expect(applyToPages(page(broken), event({}))).toBe('refetch');
  expect(applyToPages(page(broken), event({ stream: 'environment:b' }))).not.toBe('refetch');
});
