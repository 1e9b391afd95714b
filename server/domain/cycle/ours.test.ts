import { describe, expect, test } from 'vitest';
import type { Cluster, Instance, InstanceState } from '../cluster/cluster.ts';
import { capacity } from './capacity.ts';
import type { CycleInstance, Intent, IntentKind, IntentOutcome } from './cycle-store.ts';
import { asOurs, CONSISTENCY_MS, type CycleKnowledge, isOwnToken } from './ours.ts';
import { tasks } from './tasks.ts';

const NOW = Date.UTC(2026, 0, 1);
const BORN = NOW - 3_600_000;
const CYCLE = 'cyc_1';

const old = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'old',
  createdAt: BORN,
  updatedAt: null,
  ...facts,
});

const own = (id: string, facts: Partial<Instance> = {}): Instance => ({
  ...old(id),
  config: 'new',
  createdAt: NOW - 60_000,
  token: `${CYCLE}/1/0`,
  ...facts,
});

const clusterOf = (...instances: readonly Instance[]): Cluster => ({
  id: 'c',
  name: 'c',
  config: 'new',
  minSize: 0,
  maxSize: 9,
  instances,
});

const member = (instanceId: string, facts: Partial<CycleInstance> = {}): CycleInstance => ({
  instanceId,
  role: 'planned',
  decision: 'replace',
  skipped: false,
  forcedAt: null,
  drainExtensionMs: 0,
  goneAt: null,
  terminationOrdered: false,
  ...facts,
});

const intent = (kind: IntentKind, facts: Partial<Intent> = {}): Intent => ({
  id: 'i',
  kind,
  instanceId: kind === 'start' ? null : 'm-1',
  count: 0,
  token: `${CYCLE}/1/0`,
  deadline: NOW,
  outcome: 'pending',
  createdAt: NOW - 1_000,
  settledAt: null,
  ...facts,
});

/** By default every old instance is planned to be replaced. */
function knowledge(cluster: Cluster, facts: Partial<CycleKnowledge> = {}): CycleKnowledge {
  const planned = cluster.instances.filter((one) => one.config === 'old');
  return {
    cycleId: CYCLE,
    plannedAt: new Map(planned.map((one) => [one.id, BORN])),
    members: planned.map((one) => member(one.id)),
    intents: [],
    growth: 0,
    drainsTimedFrom: null,
    ...facts,
  };
}

const seen = (cluster: Cluster, facts: Partial<CycleKnowledge> = {}) =>
  asOurs(cluster, knowledge(cluster, facts), NOW).instances;

test.each([
  [`${CYCLE}/1/0`, true],
  [`${CYCLE}/1/0#2`, true],
  [`${CYCLE}0/1/0`, false],
  [CYCLE, false],
  ['cyc_2/1/0', false],
  ['', false],
  [undefined, false],
])('the token %s: of this cycle %s', (token, isOwn) => {
  expect(isOwnToken(CYCLE, token)).toBe(isOwn);
});

describe('is not ours', () => {
  test.each<[string, Instance, Partial<CycleKnowledge>]>([
    ['what is neither planned nor started by this cycle', old('m-1'), { members: [], plannedAt: new Map() }],
    ['what another cycle started', old('m-1', { token: 'cyc_2/1/0' }), { members: [], plannedAt: new Map() }],
    ['another machine under a planned name', old('m-1', { createdAt: BORN + 1 }), {}],
    ['a machine of a planned name that does not say when it was created', old('m-1', { createdAt: null }), {}],
    [
      'what is only known to have been there, without a plan for it',
      old('m-1'),
      { plannedAt: new Map([['m-1', BORN]]), members: [] },
    ],
  ])('%s', (_, instance, facts) => {
    expect(seen(clusterOf(instance), facts)).toEqual([{ ...instance, excluded: 'not-ours' }]);
  });

  test('and stays as it is whatever was ordered for its name', () => {
    const other = old('m-1', { createdAt: BORN + 1 });
    expect(seen(clusterOf(other), { intents: [intent('terminate')] })).toEqual([{ ...other, excluded: 'not-ours' }]);
  });
});

test('the planned are ours, where their creation is not known too', () => {
  expect(seen(clusterOf(old('m-1')))).toEqual([old('m-1')]);
  const ageless = old('m-1', { createdAt: null });
  expect(seen(clusterOf(ageless), { plannedAt: new Map([['m-1', null]]) })).toEqual([ageless]);
});

describe('what a person skipped', () => {
  const states: Record<InstanceState, boolean> = {
    starting: true,
    started: true,
    draining: true,
    // Out of service for good: skipping it comes too late.
    drained: false,
    terminating: false,
  };

  test.each(Object.entries(states))('and is %s: left alone %s', (state, isLeftAlone) => {
    const cluster = clusterOf(old('m-1', { state: state as InstanceState }));
    const [instance] = seen(cluster, { members: [member('m-1', { skipped: true })] });
    expect(instance?.excluded).toBe(isLeftAlone ? 'skipped' : undefined);
  });

  test('is out of service as long as its drain may have been ordered before', () => {
    const skip = { members: [member('m-1', { skipped: true })] };
    const [instance] = seen(clusterOf(old('m-1')), { ...skip, intents: [intent('drain', { outcome: 'unknown' })] });
    expect(instance).toMatchObject({ state: 'draining', excluded: 'skipped' });
    const back = [intent('drain', { outcome: 'done', settledAt: NOW - 2 }), intent('undrain', { id: 'j' })];
    expect(seen(clusterOf(old('m-1')), { ...skip, intents: back })).toEqual([{ ...old('m-1'), excluded: 'skipped' }]);
  });

  test('is waited for where its end was ordered before', () => {
    const facts = { members: [member('m-1', { skipped: true })], intents: [intent('terminate')] };
    expect(seen(clusterOf(old('m-1')), facts)).toEqual([old('m-1', { state: 'terminating' })]);
  });
});

const outcomes: Record<IntentOutcome, 'taken as done' | 'not counted on'> = {
  pending: 'taken as done',
  unknown: 'taken as done',
  done: 'taken as done',
  'partly-done': 'not counted on',
  'not-done': 'not counted on',
  failed: 'not counted on',
};

describe('an order whose effect is not seen yet', () => {
  const settledAt = (outcome: IntentOutcome) => (outcome === 'pending' || outcome === 'unknown' ? null : NOW - 1);

  test.each(Object.entries(outcomes))('when it is %s, a drain is %s', (name, meaning) => {
    const outcome = name as IntentOutcome;
    const order = intent('drain', { outcome, settledAt: settledAt(outcome) });
    const cluster = asOurs(clusterOf(old('m-1')), knowledge(clusterOf(old('m-1')), { intents: [order] }), NOW);
    const drains = meaning === 'taken as done';
    expect(cluster.instances.map((one) => one.state)).toEqual([drains ? 'draining' : 'started']);
    expect(capacity(cluster, {}, NOW).inService).toBe(drains ? 0 : 1);
  });

  test.each(Object.entries(outcomes))('when it is %s, a start is %s for the ceiling', (name, meaning) => {
    const outcome = name as IntentOutcome;
    const order = intent('start', { count: 2, outcome, settledAt: settledAt(outcome) });
    const expected = seen(clusterOf(old('m-1')), { intents: [order] }).slice(1);
    expect(expected.map(({ state, config, token }) => ({ state, config, token }))).toEqual(
      Array.from({ length: meaning === 'taken as done' ? 2 : 0 }, () => ({
        state: 'starting',
        config: 'new',
        token: order.token,
      })),
    );
    expect(new Set(expected.map((one) => one.id)).size).toBe(expected.length);
  });

  test.each(Object.entries(outcomes))('when it is %s, a termination is %s', (name, meaning) => {
    const outcome = name as IntentOutcome;
    const order = intent('terminate', { outcome, settledAt: settledAt(outcome) });
    const cluster = clusterOf(old('m-1', { state: 'drained' }));
    const plan = tasks(
      asOurs(cluster, knowledge(cluster, { intents: [order] }), NOW),
      { targetSize: 0, minSize: 0, maxSize: 1, drainTimeoutMs: 0 },
      {},
      NOW,
    );
    expect(plan.some((task) => task.kind === 'terminate')).toBe(meaning !== 'taken as done');
  });

  test.each([
    ['drain', old('m-1')],
    ['terminate', old('m-1', { state: 'drained' })],
  ] as const)('and was answered long ago: a %s is believed no longer than what is read', (kind, instance) => {
    const answered = (settledAt: number) =>
      seen(clusterOf(instance), { intents: [intent(kind, { outcome: 'done', settledAt })] })[0]?.state;
    expect(answered(NOW - CONSISTENCY_MS)).toBe(instance.state);
    expect(answered(NOW - CONSISTENCY_MS + 1)).not.toBe(instance.state);
  });

  test('began at no known time, so it cannot run out of time', () => {
    const cluster = clusterOf(old('m-1', { updatedAt: BORN }));
    expect(seen(cluster, { intents: [intent('drain')] })[0]).toMatchObject({ state: 'draining', updatedAt: null });
  });

  test('is the last of several for one instance', () => {
    const orders = [intent('drain', { outcome: 'done', settledAt: NOW - 2 }), intent('terminate', { id: 'j' })];
    expect(seen(clusterOf(old('m-1')), { intents: orders })[0]?.state).toBe('terminating');
    const back = [intent('drain', { outcome: 'done', settledAt: NOW - 2 }), intent('undrain', { id: 'j' })];
    expect(seen(clusterOf(old('m-1')), { intents: back })[0]?.state).toBe('started');
  });
});

describe('an order whose effect is seen', () => {
  test('changes nothing of a drain that has gone further', () => {
    const drained = old('m-1', { state: 'drained', updatedAt: NOW - 5 });
    expect(seen(clusterOf(drained), { intents: [intent('drain')] })).toEqual([drained]);
  });

  test('counts starts that are listed once', () => {
    const start = intent('start', { count: 3 });
    const cluster = clusterOf(own('n-1'), own('n-2', { state: 'starting' }));
    expect(seen(cluster, { intents: [start], growth: 9 })).toHaveLength(3);
    expect(seen(cluster, { intents: [intent('start', { count: 2 })], growth: 9 })).toHaveLength(2);
    expect(seen(cluster, { intents: [intent('start', { count: 1 })], growth: 9 })).toHaveLength(2);
  });

  test('does not take the instances of another order for those of this one', () => {
    const start = intent('start', { count: 1, token: `${CYCLE}/2/0` });
    expect(seen(clusterOf(own('n-1')), { intents: [start], growth: 9 })).toHaveLength(2);
  });
});

describe('an extension', () => {
  const draining = old('m-1', { state: 'draining', updatedAt: NOW - 60_000 });
  const config = { targetSize: 1, minSize: 0, maxSize: 2, drainTimeoutMs: 50_000 };
  const forced = (drainExtensionMs: number) => {
    const cluster = clusterOf(draining);
    const ours = asOurs(cluster, knowledge(cluster, { members: [member('m-1', { drainExtensionMs })] }), NOW);
    return tasks(ours, config, {}, NOW).some((task) => task.kind === 'terminate');
  };

  test('moves the end of the drain by that much', () => {
    expect(forced(0)).toBe(true);
    expect(forced(10_000)).toBe(true);
    expect(forced(10_001)).toBe(false);
  });

  test('changes nothing where nothing drains, or since when is not known', () => {
    const members = [member('m-1', { drainExtensionMs: 5_000 })];
    for (const instance of [old('m-1', { updatedAt: 7 }), { ...draining, updatedAt: null }])
      expect(seen(clusterOf(instance), { members, drainsTimedFrom: NOW })).toEqual([instance]);
  });

  test.each([
    ['before the drain', NOW - 70_000, NOW - 60_000],
    ['within it', NOW - 20_000, NOW - 20_000],
  ])('counts from a resume that came %s only where that is later', (_, drainsTimedFrom, since) => {
    expect(seen(clusterOf(draining), { drainsTimedFrom })[0]?.updatedAt).toBe(since);
    const members = [member('m-1', { drainExtensionMs: 5_000 })];
    expect(seen(clusterOf(draining), { drainsTimedFrom, members })[0]?.updatedAt).toBe(since + 5_000);
  });
});

describe('of our own instances only the surge may be scaled in', () => {
  const three = [own('n-1'), own('n-2'), own('n-3')];
  const movable = (cluster: Cluster, facts: Partial<CycleKnowledge>) =>
    seen(cluster, facts)
      .filter((one) => one.excluded === undefined)
      .map((one) => one.id);
  const replaced = (count: number) => Array.from({ length: count }, (_, index) => member(`gone-${index}`));

  test.each([
    ['all of them where none stands in for another', 0, 0, ['n-1', 'n-2', 'n-3']],
    ['the oldest where two stand in for others that are gone', 2, 0, ['n-1']],
    ['none where each stands in for another', 3, 0, []],
    ['none where more were replaced than started', 5, 0, []],
    ['the others where one is growth', 0, 1, ['n-1', 'n-2']],
    ['none where growth and replaced make them up', 1, 2, []],
  ] as const)('%s', (_, gone, growth, expected) => {
    expect(movable(clusterOf(...three), { members: replaced(gone), growth })).toEqual(expected);
  });

  test.each<[InstanceState, boolean]>([
    ['starting', true],
    ['started', false],
    ['draining', true],
    ['drained', true],
    ['terminating', true],
  ])('one that is planned and %s has lost its place to one of ours: %s', (state, isReplaced) => {
    const cluster = clusterOf(own('n-1'), old('m-1', { state }));
    expect(movable(cluster, {}).includes('n-1')).toBe(!isReplaced);
  });

  test('one that a person ends may go, though it stands in for another', () => {
    const members = [...replaced(3), member('n-3', { role: 'started', decision: null, forcedAt: NOW })];
    expect(movable(clusterOf(...three), { members })).toEqual(['n-3']);
  });

  test('what is scaled in gives its place to nobody', () => {
    expect(movable(clusterOf(own('n-1')), { members: [member('gone', { decision: 'scale-in' })] })).toEqual(['n-1']);
  });

  test('one of ours that is outdated by now, starts or leaves is no surge, and is seen off', () => {
    const cluster = clusterOf(
      own('n-1', { state: 'draining' }),
      own('n-2', { state: 'starting' }),
      own('n-3', { config: 'older' }),
    );
    expect(movable(cluster, { members: replaced(3) })).toEqual(['n-1', 'n-2', 'n-3']);
  });
});
