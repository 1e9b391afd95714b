import { expect, test } from 'vitest';
import type { Page } from '../../server/contract/cluster.ts';
import type { CycleRow } from '../../server/contract/cycle.ts';
import type { LiveEvent } from '../../server/contract/live.ts';
import { applyToActive } from './live-cycles.ts';

const row: CycleRow = {
  id: 'cyc_1',
  planId: 'pln_1',
  clusterId: 'c',
  clusterName: 'web',
  environmentName: 'demo',
  state: 'running',
  reason: null,
  waitsForPlace: null,
  progress: null,
  authorName: 'Ada',
  createdAt: 1,
  startedAt: 1,
  endedAt: null,
};
const page: Page<CycleRow> = {
  rows: [row],
  total: 1,
  nextCursor: null,
  cursors: { cycles: '3', 'environment:e': '7' },
};

function event(stream: string, clusterIds: readonly string[]): LiveEvent {
  return { stream, seq: '8', kind: 'changed', body: { clusterIds }, at: 1 };
}

test('a change of a cluster that is cycled, or of the cycles there are, is read again', () => {
  expect(applyToActive(page, event('environment:e', ['c']))).toBe('refetch');
  expect(applyToActive(page, event('cycles', []))).toBe('refetch');
});

test('a change of another cluster only moves the cursor', () => {
  expect(applyToActive(page, event('environment:e', ['d']))).toEqual({
    ...page,
    cursors: { cycles: '3', 'environment:e': '8' },
  });
});
