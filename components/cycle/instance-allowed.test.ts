import { expect, test } from 'vitest';
import type { CycleInstanceView } from '../../server/contract/cycle.ts';
import { CYCLE_ACTIONS } from '../../server/domain/cycle/cycle-state.ts';
import { instanceAllowed } from './instance-allowed.ts';

const by = { byName: 'Ada', at: 1 };
const failure = { kind: 'unhealthy', evidence: 'its health check fails', at: 1 };

function instance(facts: Partial<CycleInstanceView>): CycleInstanceView {
  return {
    instanceId: 'a',
    role: 'planned',
    decision: 'replace',
    state: 'started',
    stateSince: 1,
    health: 'healthy',
    version: 1,
    skipped: null,
    forced: null,
    drainDeadline: null,
    blockers: [],
    failures: [],
    ...facts,
  };
}

const draining = { state: 'draining', drainDeadline: 9 };

test.each([
  ['retry-instance', {}, 'nothing failed here'],
  ['retry-instance', { failures: [failure] }, true],
  ['skip-instance', {}, true],
  ['skip-instance', { skipped: by }, 'already skipped'],
  ['skip-instance', { state: 'gone' }, 'it is too late: it is terminated already'],
  ['skip-instance', { role: 'started' }, 'this cycle started it, so there is nothing to skip'],
  ['extend-drain', {}, 'it is not draining'],
  ['extend-drain', { state: 'draining' }, 'its drain has no deadline'],
  ['extend-drain', draining, true],
  ['force-drain', { state: 'drained' }, 'it is not draining'],
  ['force-drain', draining, true],
  ['force-drain', { ...draining, forced: by }, 'already forced'],
  ['force-drain', { ...draining, skipped: by }, 'it is skipped'],
] as const)('%s of %j', (action, facts, allowed) => {
  expect(instanceAllowed(action, instance(facts), { actions: CYCLE_ACTIONS.running, canUndrain: true })).toBe(allowed);
});

test('what drains is skipped only where its drain can be taken back', () => {
  const actions = CYCLE_ACTIONS.running;
  expect(instanceAllowed('skip-instance', instance(draining), { actions, canUndrain: true })).toBe(true);
  const cannot = { actions, canUndrain: false };
  expect(instanceAllowed('skip-instance', instance(draining), cannot)).toBe('its drain cannot be taken back here');
  expect(instanceAllowed('skip-instance', instance({}), cannot)).toBe(true);
});

test('the state of the cycle comes first', () => {
  const allowed = (
    action: Parameters<typeof instanceAllowed>[0],
    facts: Partial<CycleInstanceView>,
    actions: (typeof CYCLE_ACTIONS)[keyof typeof CYCLE_ACTIONS],
  ) => instanceAllowed(action, instance(facts), { actions, canUndrain: true });
  expect(allowed('force-drain', draining, CYCLE_ACTIONS.aborting)).toBe('aborting');
  expect(allowed('skip-instance', {}, CYCLE_ACTIONS.completed)).toBe('this cycle has ended');
});
