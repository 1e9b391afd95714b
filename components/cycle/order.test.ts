import { expect, test } from 'vitest';
import type { CycleInstanceView } from '../../server/contract/cycle.ts';
import type { CycleAction, CycleState } from '../../server/domain/cycle/cycle-state.ts';
import { type Order, orderEffect, tellsReason } from './order.ts';

function order(action: CycleAction, instanceId: string | null = null): Order {
  return {
    action,
    instanceId,
    requestedAt: 0,
    seq: '7',
    drainDeadline: 100,
    answer: { kind: 'accepted', at: 1, requestId: 'r' },
  };
}

test.each([
  ['pause', 'pausing', 'open'],
  ['pause', 'paused', 'observed'],
  ['pause', 'completed', 'overtaken'],
  ['resume', 'running', 'observed'],
  ['resume', 'paused', 'overtaken'],
  ['abort', 'aborting', 'open'],
  ['abort', 'aborted', 'observed'],
  ['stop-now', 'aborting', 'open'],
  ['end-as-failed', 'aborting', 'open'],
  ['end-as-failed', 'failed', 'observed'],
] satisfies [CycleAction, CycleState, string][])('%s while %s: %s', (action, state, effect) => {
  expect(orderEffect(order(action), { state, instances: [], seq: '8' })).toBe(effect);
});

const draining: CycleInstanceView = {
  instanceId: 'a',
  role: 'planned',
  decision: 'replace',
  state: 'draining',
  stateSince: 1,
  health: null,
  version: 1,
  skipped: null,
  forced: null,
  drainDeadline: 100,
  blockers: [],
  failures: [{ kind: 'drain-timeout', evidence: 'slow', at: 1 }],
};

test.each([
  ['retry-instance', {}, 'open'],
  ['retry-instance', { failures: [] }, 'observed'],
  ['skip-instance', {}, 'open'],
  ['skip-instance', { skipped: { byName: 'Ada', at: 1 } }, 'observed'],
  ['extend-drain', {}, 'open'],
  ['extend-drain', { drainDeadline: 200 }, 'observed'],
  ['extend-drain', { state: 'drained', drainDeadline: null }, 'overtaken'],
  ['force-drain', { forced: { byName: 'Ada', at: 1 } }, 'open'],
  ['force-drain', { state: 'gone' }, 'observed'],
] as const)('%s of an instance that is %j: %s', (action, facts, effect) => {
  expect(orderEffect(order(action, 'a'), { state: 'running', instances: [{ ...draining, ...facts }], seq: '8' })).toBe(
    effect,
  );
});

test('what was read before the order shows nothing of it', () => {
  expect(orderEffect(order('pause'), { state: 'running', instances: [], seq: '7' })).toBe('open');
});

test.each([
  ['an order of this page that is in effect', order('pause'), 'paused', 'person', true],
  ['one on its way', order('abort'), 'aborting', 'person', true],
  ['no order of this page', null, 'paused', 'person', false],
  ['one that somebody overtook', order('pause'), 'aborted', 'person', false],
  ['one that was refused', { ...order('pause'), answer: refusal() }, 'paused', 'person', false],
  ['a resume, before another pause', order('resume'), 'pausing', 'person', false],
  ['a pause that found the canary failed', order('pause'), 'paused', 'canary-failed', false],
] as const)('whether the steps of an order tell the reason: %s', (_, given, state, kind, told) => {
  const reason = { kind, sentence: '', next: '', instanceIds: [] };
  expect(tellsReason(given, { state, reason, instances: [], seq: '8' })).toBe(told);
});

function refusal(): Order['answer'] {
  return { kind: 'refused', message: 'no', requestId: null };
}
