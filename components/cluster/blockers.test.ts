import { expect, test } from 'vitest';
import { blockersOf } from './blockers.ts';

const MINUTE = 60_000;
const cluster = { effectivePolicy: { protect: 'skip' as const }, drainTimeoutMs: 15 * MINUTE };
const instance = {
  state: 'started' as const,
  stateSince: 0,
  protection: null,
  workloads: [],
  health: 'healthy' as const,
};
const job = { name: 'report-builder', since: null };

test('nothing is in the way of an idle, healthy instance', () => {
  expect(blockersOf(instance, cluster, MINUTE)).toEqual([]);
  expect(blockersOf({ ...instance, workloads: [job] }, cluster, MINUTE)).toEqual([]);
});

test('protection is in the way as the policy has it', () => {
  const kept = { ...instance, protection: 'protected' as const };
  const under = (protect: 'skip' | 'wait' | 'replace') =>
    blockersOf(kept, { ...cluster, effectivePolicy: { protect } }, 0);
  expect(under('skip')).toEqual(['It is protected, and the policy is to leave such ones out.']);
  expect(under('wait')).toEqual(['It is protected, and a cycle waits until it no longer is.']);
  expect(under('replace')).toEqual([]);
});

test('a drain waits for its work, and says when it is past its time', () => {
  const draining = { ...instance, state: 'draining' as const, workloads: [job, job] };
  expect(blockersOf(draining, cluster, 15 * MINUTE)).toEqual(['Its drain waits for 2 workloads to end.']);
  expect(blockersOf(draining, cluster, 15 * MINUTE + 1)).toEqual([
    'It is past the time that its drain may take: 2 workloads did not end.',
  ]);
});

test('who holds it is named', () => {
  const held = { ...job, name: 'session checkout-soak', holder: { reservationId: 'res_1', sessionId: 'ses_1' } };
  expect(blockersOf({ ...instance, workloads: [held] }, cluster, 0)).toEqual(['It is held by session checkout-soak.']);
});
