import { describe, expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { explain } from './explain.ts';
import type { CyclePolicy } from './policy.ts';
import type { Task, TaskConfig } from './task.ts';
import { tasks } from './tasks.ts';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

let nextId = 0;

/** Without further facts it is healthy and a day old. Ids: o1, o2, … for old, n1, … for new. */
function one(config: 'old' | 'new', facts: Partial<Instance> = {}): Instance {
  nextId += 1;
  const born = NOW - DAY;
  const id = `${config === 'old' ? 'o' : 'n'}${nextId}`;
  return {
    id,
    state: 'started',
    config,
    createdAt: born,
    updatedAt: born,
    health: 'healthy',
    healthySince: born,
    ...facts,
  };
}

function some(count: number, config: 'old' | 'new', facts: Partial<Instance> = {}): Instance[] {
  return Array.from({ length: count }, () => one(config, facts));
}

function cluster(...groups: readonly Instance[][]): Cluster {
  return { id: 'c', name: 'c', config: 'new', minSize: 0, maxSize: 100, instances: groups.flat() };
}

function sizes(targetSize: number, minSize: number, maxSize: number, drainTimeoutMs = 0): TaskConfig {
  return { targetSize, minSize, maxSize, drainTimeoutMs };
}

function plan(instances: readonly Instance[], config: TaskConfig, policy: CyclePolicy): Task[] {
  return tasks(cluster([...instances]), config, policy, NOW);
}

const ids = (instances: readonly Instance[]) => instances.map(({ id }) => id);
const start = (count: number): Task => ({ kind: 'start', clusterId: 'c', count });
const drain = (instances: readonly Instance[]): Task => ({ kind: 'drain', instanceIds: ids(instances) });
const healthySince = (agoMs: number) => ({ createdAt: NOW - agoMs, healthySince: NOW - agoMs });

describe('surge', () => {
  test.each([
    // target, max, surge, outdated, current → starts
    [10, 20, 2, 10, 0, 2],
    [10, 11, 5, 10, 0, 1],
    [10, 20, 5, 1, 9, 1],
    [10, 10, 0, 10, 0, 0],
    [10, 20, 2, 12, 0, 0],
    [10, 20, 0, 6, 0, 4],
  ])(
    'target %i, max %i, surge %i, %i outdated, %i current: starts %i',
    (target, max, surge, outdated, current, starts) => {
      const list = plan([...some(outdated, 'old'), ...some(current, 'new')], sizes(target, 0, max), {
        surge,
        canary: 0,
      });
      expect(list.filter(({ kind }) => kind === 'start')).toEqual(starts > 0 ? [start(starts)] : []);
    },
  );
});

describe('max unavailable', () => {
  test.each([
    // target, min, u, in service → drains
    [10, 5, 2, 10, 2],
    [10, 9, 2, 10, 1],
    [10, 5, 0, 10, 0],
    [10, 5, 2, 12, 4],
    [10, 5, 20, 10, 5],
  ])('target %i, min %i, unavailable %i, %i in service: drains %i', (target, min, maxUnavailable, outdated, drains) => {
    const list = plan(some(outdated, 'old'), sizes(target, min, 20), { maxUnavailable, surge: 0 });
    expect(list.flatMap((task) => (task.kind === 'drain' ? task.instanceIds : []))).toHaveLength(drains);
  });
});

test('at most a batch drains at once, those that drain already included', () => {
  const draining = some(1, 'old', { state: 'draining' });
  const old = some(5, 'old');
  expect(plan([...draining, ...old], sizes(6, 0, 7), { batch: 3, surge: 0 })).toEqual([
    drain(old.slice(0, 2)),
    { kind: 'wait', state: 'drained', instanceIds: ids(draining) },
  ]);
});

describe('canary', () => {
  const policy: CyclePolicy = { canary: 2, bakeMs: 60_000, minHealthyMs: 10_000, surge: 4 };
  const config = sizes(6, 4, 10);

  test('starts and drains together are no more than the canary before it has passed', () => {
    expect(plan(some(6, 'old'), config, policy)).toEqual([start(2)]);
    const old = some(6, 'old');
    expect(plan(old, sizes(6, 4, 7), policy)).toEqual([start(1), drain(old.slice(0, 1))]);
    expect(plan(old, { ...config, maxSize: 6 }, policy)).toEqual([drain(old.slice(0, 2))]);
  });

  test('it bakes, counted from when it came into service, and the hold says until when', () => {
    const canaries = [...some(1, 'new', healthySince(50_000)), ...some(1, 'new', healthySince(30_000))];
    expect(plan([...some(6, 'old'), ...canaries], config, policy)).toEqual([
      { kind: 'hold', reason: 'bake', instanceIds: ids(canaries), until: NOW + 40_000 },
    ]);
  });

  test('baked, the rest goes', () => {
    const old = some(6, 'old');
    expect(plan([...old, ...some(2, 'new', healthySince(70_000))], config, policy)).toEqual([
      start(2),
      drain(old.slice(0, 4)),
    ]);
  });

  test('a cluster that already has them passes at once', () => {
    const old = some(2, 'old');
    expect(plan([...old, ...some(4, 'new')], config, policy)).toEqual([start(2), drain(old)]);
  });

  test('one that turns unhealthy holds until a person decides, and nothing more is ordered', () => {
    const sick = some(1, 'new', { health: 'unhealthy' });
    expect(plan([...some(6, 'old'), ...sick], config, policy)).toEqual([
      { kind: 'hold', reason: 'canary-unhealthy', instanceIds: ids(sick), until: null },
    ]);
  });

  test('what is not ours counts as a canary, and takes no room from it', () => {
    const other = some(2, 'new', { excluded: 'not-ours', state: 'starting' });
    expect(plan([...some(6, 'old'), ...other], config, policy)).toContainEqual(start(2));
    const serving = some(2, 'new', { excluded: 'not-ours' });
    const old = some(6, 'old');
    expect(plan([...old, ...serving], config, policy)).toEqual([start(2), drain(old.slice(0, 4))]);
  });
});

describe('health', () => {
  const config = sizes(4, 3, 4);

  test('with the unlimited policy it does not matter', () => {
    const old = some(4, 'old', { health: 'unhealthy' });
    expect(plan(old, config, {})).toEqual([drain(old.slice(0, 1))]);
  });

  test('the unhealthy go though the floor has nothing to spare', () => {
    const sick = some(1, 'old', { health: 'unhealthy' });
    expect(plan([...some(3, 'old'), ...sick], config, { surge: 0 })).toEqual([drain(sick)]);
  });

  test('health checks that report all as unhealthy cannot empty a cluster', () => {
    const old = some(10, 'old', { health: 'unhealthy' });
    expect(plan(old, sizes(10, 8, 10), { surge: 0 })).toEqual([drain(old.slice(0, 2))]);
  });

  test('one of unknown health may be serving, so it stays while the floor is short', () => {
    const unknown = some(4, 'old', { health: 'unknown' });
    expect(plan(unknown, config, { surge: 0 })).toEqual([
      { kind: 'hold', reason: 'minimum-health', instanceIds: ids(unknown), until: NOW + 5_000 },
    ]);
  });

  test('one that is not healthy for long enough does not count yet, and the hold says until when', () => {
    const young = some(1, 'new', healthySince(10_000));
    expect(plan([...some(3, 'old'), ...young], config, { surge: 0, minHealthyMs: 30_000 })).toEqual([
      { kind: 'hold', reason: 'minimum-health', instanceIds: ids(young), until: NOW + 20_000 },
    ]);
  });

  test('without healthySince the age counts, and one of unknown age has always been there', () => {
    const facts = { healthySince: null, health: undefined } as const;
    const old = some(3, 'old');
    const rules = { surge: 0, minHealthyMs: 30_000 };
    expect(plan([...old, ...some(1, 'new', { ...facts, createdAt: NOW - 29_999 })], config, rules)).toHaveLength(1);
    expect(plan([...old, ...some(1, 'new', { ...facts, createdAt: NOW - 30_000 })], config, rules)).toEqual([
      drain(old.slice(0, 1)),
    ]);
    expect(plan([...old, ...some(1, 'new', { ...facts, createdAt: null })], config, rules)).toEqual([
      drain(old.slice(0, 1)),
    ]);
  });
});

describe('order', () => {
  const busy = [{ name: 'request', since: null }];
  const aged = (seconds: number) => NOW - seconds * 1_000;

  test('unhealthy, idle, oldest, each within the one before', () => {
    const a = one('old', { createdAt: aged(100), workloads: busy });
    const b = one('old', { createdAt: aged(90) });
    const c = one('old', { createdAt: aged(200), workloads: [] });
    const d = one('old', { createdAt: aged(10), health: 'unhealthy', workloads: busy });
    const e = one('old', { createdAt: aged(300), workloads: busy });
    expect(plan([a, b, c, d, e], sizes(5, 0, 5), { order: ['unhealthy', 'idle', 'oldest'] })).toEqual([
      drain([d, c, b, e, a]),
    ]);
    expect(plan([a, b, c, d, e], sizes(5, 0, 5), { order: ['oldest', 'unhealthy'] })).toEqual([drain([e, c, a, b, d])]);
    expect(plan([a, b, c, d, e], sizes(5, 0, 5), { order: ['idle'] })).toEqual([drain([b, c, a, d, e])]);
  });

  test('by idle, what a session or a person holds goes last, and the reason says so', () => {
    const holder = { reservationId: 'r', sessionId: null };
    const held = one('old', { createdAt: aged(300), workloads: [{ name: 'reserved by Ada', since: null, holder }] });
    const working = one('old', { createdAt: aged(200), workloads: busy });
    const idle = one('old', { createdAt: aged(100) });
    const [instances, order] = [[held, working, idle], { order: ['idle', 'oldest'] } as const];
    expect(plan(instances, sizes(3, 0, 3), order)).toEqual([drain([idle, working, held])]);
    const { decisions } = explain(cluster([held, working]), sizes(2, 1, 3), order, NOW);
    expect(decisions.map(({ now, reason }) => [now, reason.split(': ')[1]])).toEqual([
      [false, '2 are in service and the floor is 1, so 1 may go at once'],
      [true, 'those that somebody holds go last'],
    ]);
  });

  test('ages that do not fit the fast way are sorted all the same', () => {
    const a = one('old', { createdAt: 0.5 });
    const b = one('old', { createdAt: null });
    const c = one('old', { createdAt: 0.25 });
    expect(plan([a, b, c], sizes(3, 0, 3), { order: ['oldest'] })).toEqual([drain([b, c, a])]);
  });

  test('zones take turns, and one that loses an instance already goes later', () => {
    const facts = { createdAt: NOW - DAY };
    const [a1, a2, b1, b2] = [
      one('old', { ...facts, zone: 'a' }),
      one('old', { ...facts, zone: 'a' }),
      one('old', { ...facts, zone: 'b' }),
      one('old', { ...facts, zone: 'b' }),
    ];
    const leaving = one('old', { zone: 'a', state: 'drained' });
    expect(plan([a1, a2, b1, b2], sizes(4, 0, 4), { order: ['zones'] })).toEqual([drain([a1, b1, a2, b2])]);
    const list = plan([leaving, a1, a2, b1, b2], sizes(5, 0, 5), { order: ['zones'], surge: 0 });
    expect(list[0]).toEqual(drain([b1, a1, b2, a2]));
  });
});

describe('protection', () => {
  const config = sizes(3, 0, 4);

  test.each(['protected', 'standby'] as const)('%s and skip: left alone, and the cycle ends', (protection) => {
    const kept = some(1, 'old', { protection });
    const old = some(2, 'old');
    expect(plan([...old, ...kept], config, { protect: 'skip' })).toEqual([start(1), drain(old)]);
    expect(plan([...some(2, 'new'), ...kept], config, { protect: 'skip' })).toEqual([]);
  });

  test('wait: the others go first, then a person must decide', () => {
    const kept = some(1, 'old', { protection: 'protected' });
    const old = some(2, 'old');
    expect(plan([...old, ...kept], config, { protect: 'wait' })).toEqual([start(1), drain(old)]);
    expect(plan([...some(2, 'new'), ...kept], config, { protect: 'wait' })).toEqual([
      { kind: 'hold', reason: 'protected', instanceIds: ids(kept), until: null },
    ]);
  });

  test.each([{ protect: 'replace' }, {}] as const)('%o: protection does not matter', (policy) => {
    const old = some(2, 'old', { protection: 'protected' });
    expect(plan(old, sizes(2, 0, 2), policy)).toEqual([drain(old)]);
  });

  test('what is excluded is counted and never named, whatever its state', () => {
    const states = ['starting', 'started', 'draining', 'drained', 'terminating'] as const;
    const others = states.flatMap((state) => some(1, 'old', { state, excluded: 'not-ours' }));
    const current = some(2, 'new');
    expect(plan([...others, ...current], sizes(7, 0, 10), {})).toEqual([]);
    expect(plan([...others, ...current], sizes(6, 0, 10), {})).toEqual([drain(current.slice(0, 1))]);
    expect(plan([...others, ...current], sizes(9, 0, 10), {})).toEqual([start(2)]);
  });
});

describe('a drain that lasts too long', () => {
  const config = sizes(3, 0, 4, 60_000);
  const slow = some(1, 'old', { state: 'draining', updatedAt: NOW - 60_000 });
  const fresh = some(1, 'old', { state: 'draining', updatedAt: NOW - 59_999 });
  const unknown = some(1, 'old', { state: 'draining', updatedAt: null });
  const rest: Task = { kind: 'wait', state: 'drained', instanceIds: ids([...fresh, ...unknown]) };

  test.each([{}, { onDrainTimeout: 'force' }] as const)('%o: terminated', (policy) => {
    expect(plan([...slow, ...fresh, ...unknown], config, policy)).toEqual([
      start(1),
      { kind: 'terminate', instanceIds: ids(slow) },
      rest,
    ]);
  });

  test.each(['pause', 'skip'] as const)('%s: held, and the rest of the step goes on', (onDrainTimeout) => {
    expect(plan([...slow, ...fresh, ...unknown], config, { onDrainTimeout })).toEqual([
      start(1),
      rest,
      { kind: 'hold', reason: 'drain-timeout', instanceIds: ids(slow), until: null },
    ]);
  });

  test('no timeout, no end to waiting', () => {
    expect(plan(slow, { ...config, maxSize: 1, targetSize: 1 }, { onDrainTimeout: 'pause', surge: 0 })).not.toEqual([]);
    expect(plan(slow, sizes(1, 0, 1), { onDrainTimeout: 'pause' })).toEqual([
      { kind: 'wait', state: 'drained', instanceIds: ids(slow) },
    ]);
  });
});

describe('scale-in', () => {
  test('the oldest go, and the unhealthy before them where the order says so', () => {
    const old = some(3, 'new').map((instance, index) => ({ ...instance, createdAt: NOW - DAY - index }));
    const sick = some(1, 'new', { health: 'unhealthy', createdAt: NOW });
    const all = [...old, ...sick];
    expect(plan(all, sizes(2, 0, 5), { order: ['oldest'] })).toEqual([drain([...old].reverse().slice(0, 2))]);
    expect(plan(all, sizes(2, 0, 5), { order: ['unhealthy'] })).toEqual([drain([...sick, ...old.slice(2)])]);
  });

  test('never below the floor', () => {
    const healthy = some(2, 'new');
    const young = some(2, 'new', healthySince(1_000));
    expect(plan([...healthy, ...young], sizes(3, 2, 5), { minHealthyMs: 5_000 })).toEqual([
      { kind: 'hold', reason: 'minimum-health', instanceIds: ids(young), until: NOW + 4_000 },
    ]);
    expect(plan([...healthy, ...some(1, 'new')], sizes(2, 3, 5), { batch: 9 })).toMatchObject([
      { kind: 'hold', reason: 'floor', until: null },
    ]);
  });

  test('with the unlimited policy down to the target, whatever the minimum', () => {
    const current = some(3, 'new');
    expect(plan(current, sizes(1, 3, 5), {})).toEqual([drain(current.slice(0, 2))]);
  });
});

describe('edge cases', () => {
  const kinds = (list: readonly Task[]) =>
    list.map((task) => (task.kind === 'hold' ? `hold ${task.reason}` : task.kind));

  test.each<[name: string, old: number, current: number, config: TaskConfig, policy: CyclePolicy, expected: string[]]>([
    ['an empty cluster with target 0', 0, 0, sizes(0, 0, 1), { batch: 1 }, []],
    ['target 0', 3, 0, sizes(0, 0, 1), { batch: 3 }, ['drain']],
    ['one machine, room for two', 1, 0, sizes(1, 0, 2), { surge: 1, maxUnavailable: 1 }, ['start', 'drain']],
    [
      'one machine, room for two, with a canary',
      1,
      0,
      sizes(1, 0, 2),
      { surge: 1, maxUnavailable: 1, canary: 1 },
      ['start'],
    ],
    ['one machine, no room', 1, 0, sizes(1, 0, 1), { surge: 0, maxUnavailable: 1, canary: 1 }, ['drain']],
    ['one machine that must not go, room for two', 1, 0, sizes(1, 1, 2), { surge: 1, maxUnavailable: 0 }, ['start']],
    ['min = target', 4, 0, sizes(4, 4, 5), { surge: 1, maxUnavailable: 0 }, ['start']],
    ['min = target, one is there already', 4, 1, sizes(4, 4, 5), { surge: 1, maxUnavailable: 0 }, ['drain']],
    ['max = target', 4, 0, sizes(4, 3, 4), { surge: 0, maxUnavailable: 1 }, ['drain']],
    ['no surge and nothing to spare', 4, 0, sizes(4, 3, 5), { surge: 0, maxUnavailable: 0 }, ['hold floor']],
    ['more than max', 8, 0, sizes(4, 3, 5), { surge: 1, maxUnavailable: 1 }, ['drain']],
    ['more than max, all current', 0, 8, sizes(4, 3, 5), { surge: 1, maxUnavailable: 1 }, ['drain']],
    ['a target beyond max', 0, 5, sizes(8, 3, 5), { surge: 1 }, ['hold ceiling']],
    ['nothing outdated', 0, 4, sizes(4, 3, 5), { surge: 1, canary: 1, minHealthyMs: 1 }, []],
    ['nothing outdated and too few', 0, 2, sizes(4, 3, 5), { surge: 1, canary: 1 }, ['start']],
  ])('%s', (_name, old, current, config, policy, expected) => {
    expect(kinds(plan([...some(old, 'old'), ...some(current, 'new')], config, policy))).toEqual(expected);
  });
});

describe('explain, in words', () => {
  const reasons = (instances: readonly Instance[], config: TaskConfig, policy: CyclePolicy) => {
    const { decisions, tasks: explained, binding } = explain(cluster([...instances]), config, policy, NOW);
    return {
      decisions: decisions.map(({ kind, reason }) => `${kind}: ${reason}`),
      tasks: explained.map(({ because }) => because),
      binding,
    };
  };

  test('the floor binds, as the reference counts it', () => {
    expect(reasons(some(2, 'old'), sizes(2, 2, 3), {})).toEqual({
      decisions: Array(2).fill('replace: outdated; waits: only 2 started and the floor is 2'),
      tasks: ['size 2 → 3, because max 3 leaves room for 1'],
      binding: 'only 2 started and the floor is 2',
    });
  });

  test('what goes first, and why the rest waits', () => {
    const sick = some(1, 'old', { health: 'unhealthy' });
    const {
      decisions,
      tasks: because,
      binding,
    } = reasons([...some(8, 'old'), ...sick], sizes(9, 8, 9), { order: ['unhealthy'], surge: 0 });
    expect(decisions[0]).toBe('replace: outdated; waits: 8 are in service and the floor is 8, so 1 may go at once');
    expect(decisions[8]).toBe('replace: outdated; goes in this step: unhealthy ones go first');
    expect(because).toEqual(['1 of 9 outdated: 8 are in service and the floor is 8, so 1 may go at once']);
    expect(binding).toBe('8 are in service and the floor is 8, so 1 may go at once');
  });

  test('each place an instance can be in', () => {
    const instances = [
      ...some(1, 'new'),
      ...some(1, 'new', { state: 'starting' }),
      ...some(1, 'old', { state: 'starting' }),
      ...some(1, 'old', { state: 'draining', updatedAt: NOW }),
      ...some(1, 'old', { state: 'draining', updatedAt: NOW - DAY }),
      ...some(1, 'old', { state: 'drained' }),
      ...some(1, 'old', { state: 'terminating' }),
      ...some(1, 'old', { excluded: 'not-ours' }),
      ...some(1, 'new', { excluded: 'skipped' }),
      ...some(1, 'old', { protection: 'standby' }),
    ];
    const { decisions } = reasons(instances, sizes(5, 0, 20, 60_000), { protect: 'skip', onDrainTimeout: 'pause' });
    expect(decisions).toEqual([
      'keep: current',
      'keep: current; starting',
      'replace: outdated; waits: it is still starting',
      'finish: draining: finishes its work, then it is terminated',
      'finish: draining for longer than 1 min: a person must decide',
      'finish: drained: terminated in this step',
      'finish: terminating already',
      'skip: outdated; not part of this cycle: counted, and left alone',
      'keep: current; skipped: counted, and left alone',
      'skip: outdated; on standby: counted, and left alone',
    ]);
  });
});
