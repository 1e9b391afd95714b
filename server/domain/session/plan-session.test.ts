import { describe, expect, test } from 'vitest';
import { planSession } from './plan-session.ts';
import type { ComponentSpec, SessionVerdict } from './session.ts';
import type { ExecutionFacts, SessionFacts } from './session-facts.ts';

const MACHINE = { environmentId: 'e', clusterId: 'c', instanceId: 'i' };
const SECOND = 1_000;

function component(name: string, kind: ComponentSpec['kind'], more: Partial<ComponentSpec> = {}): ComponentSpec {
  return {
    name,
    kind,
    pool: kind === 'driver' ? 'drivers' : 'workers',
    image: null,
    command: ['run'],
    env: {},
    ports: kind === 'driver' ? [] : [{ name: 'http', port: 0 }],
    probe: null,
    secrets: [],
    configs: [],
    ...more,
  };
}

/** The spec has them in another order than the one in which they are started. */
const COMPONENTS = [
  component('driver', 'driver', { env: { MODE: 'fast' } }),
  component('client-1', 'client'),
  component('server-1', 'server', {
    ports: [
      { name: 'http', port: 0 },
      { name: 'admin', port: 0 },
    ],
  }),
  component('client-2', 'client'),
];

function session(state: SessionFacts['state'], more: Partial<SessionFacts> = {}): SessionFacts {
  const held = state !== 'queued';
  return {
    spec: {
      name: 's',
      components: COMPONENTS,
      scenario: { rps: 5 },
      timeouts: { queueMs: 0, provisionMs: 0, testMs: 0 },
      labels: {},
      priority: 0,
    },
    state,
    verdict: null,
    ordered: null,
    keepForMs: 0,
    keepUntil: null,
    createdAt: 0,
    acceptedAt: held ? SECOND : null,
    provisionAt: held && state !== 'accepted' ? 2 * SECOND : null,
    runningAt: state === 'running' ? 10 * SECOND : null,
    machines: new Map(held ? COMPONENTS.map(({ name }) => [name, MACHINE]) : []),
    executions: [],
    ...more,
  };
}

function timeouts(limits: Partial<SessionFacts['spec']['timeouts']>): Pick<SessionFacts, 'spec'> {
  const { spec } = session('queued');
  return { spec: { ...spec, timeouts: { ...spec.timeouts, ...limits } } };
}

interface Facts extends Partial<Omit<ExecutionFacts, 'status'>> {
  readonly status?: Partial<ExecutionFacts['status']>;
}

/** One that runs and is ready. */
function execution(name: string, { status, ...more }: Facts = {}): ExecutionFacts {
  const kind = COMPONENTS.find((one) => one.name === name)?.kind ?? 'client';
  const ports = COMPONENTS.find((one) => one.name === name)?.ports ?? [];
  return {
    id: `x-${name}`,
    name,
    kind,
    desiredState: 'RUNNING',
    exitCode: null,
    signal: null,
    startedAt: 3 * SECOND,
    exitedAt: null,
    health: 'ready',
    healthReason: '',
    healthSince: 4 * SECOND,
    removed: false,
    ...more,
    status: {
      state: 'RUNNING',
      message: 'started',
      err: '',
      ports: ports.map((port) => ({ name: port.name, address: `${name}:${port.name}` })),
      timestamp: 4 * SECOND,
      ...status,
    },
  };
}

const notStarted: Facts = { startedAt: null, health: 'unknown', healthSince: null };
const starting: Facts = { ...notStarted, status: { state: 'PREPARING', ports: null } };
const exited = (exitCode: number, exitedAt: number): Facts => ({
  status: { state: exitCode === 0 ? 'COMPLETE' : 'FAILED' },
  exitCode,
  exitedAt,
  health: exitCode === 0 ? 'succeeded' : 'failed',
  healthSince: exitedAt,
});
const killed = (exitedAt: number): Facts => ({ ...exited(137, exitedAt), signal: 'SIGKILL' });

const workers = [execution('server-1'), execution('client-1'), execution('client-2')];
const all = [...workers, execution('driver')];

/** All run, but for those that are given instead. */
const allBut = (...others: readonly ExecutionFacts[]) =>
  all.map((one) => others.find(({ name }) => name === one.name) ?? one);

const created = (facts: SessionFacts) => planSession(facts, 5 * SECOND).create.map(({ name }) => name);
const verdict = (facts: SessionFacts, now = 60 * SECOND): SessionVerdict | null => planSession(facts, now).verdict;

describe('what is started, and when', () => {
  test('nothing while the session waits for machines', () => {
    expect(planSession(session('queued'), 5)).toMatchObject({ state: 'queued', create: [], verdict: null });
  });

  test('nothing where a component has lost its machine: the session is over, and says which', () => {
    const machines = new Map([['server-1', MACHINE]]);
    const step = planSession(session('accepted', { machines }), 5);
    expect(step).toMatchObject({ state: 'ended', create: [], verdict: { outcome: 'error' } });
    expect(step.verdict?.sentence).toMatch(/ has lost its machine before it was started\.$/);
  });

  test('the servers first, and the session says so', () => {
    const step = planSession(session('accepted'), 5);
    expect(step).toMatchObject({ state: 'provisioning', events: [{ kind: 'provision' }] });
    expect(step.create.map(({ name }) => name)).toEqual(['server-1']);
  });

  test('the clients when all servers are ready', () => {
    expect(created(session('provisioning', { executions: [execution('server-1')] }))).toEqual(['client-1', 'client-2']);
  });

  test.each<[string, Facts]>([
    ['does not run yet', starting],
    ['is not ready', { health: 'not-ready' }],
    ['has not been looked at', { health: 'unknown' }],
    ['has no address yet', { status: { ports: null } }],
    ['has only one of its two addresses', { status: { ports: [{ name: 'http', address: 'a:1' }] } }],
  ])('no client while a server %s', (_what, facts) => {
    expect(created(session('provisioning', { executions: [execution('server-1', facts)] }))).toEqual([]);
  });

  test('the driver when all clients are ready too', () => {
    const half = [execution('server-1'), execution('client-1'), execution('client-2', starting)];
    expect(created(session('provisioning', { executions: half }))).toEqual([]);
    expect(created(session('provisioning', { executions: workers }))).toEqual(['driver']);
  });

  test('only what is missing of a group', () => {
    const executions = [execution('server-1'), execution('client-2', starting)];
    expect(created(session('provisioning', { executions }))).toEqual(['client-1']);
  });

  test('the clients at once where there are no servers', () => {
    const { spec } = session('accepted');
    const components = spec.components.filter(({ kind }) => kind !== 'server');
    expect(created(session('accepted', { spec: { ...spec, components } }))).toEqual(['client-1', 'client-2']);
  });

  test('the session runs when its driver does', () => {
    const executions = [...workers, execution('driver', starting)];
    expect(planSession(session('provisioning', { executions }), 5).state).toBe('provisioning');
    const step = planSession(session('provisioning', { executions: all }), 5);
    expect(step).toMatchObject({ state: 'running', create: [], events: [{ kind: 'run' }] });
  });
});

describe('what components are told', () => {
  test('the driver: the first address of each worker, servers first, and its scenario', () => {
    const [driver] = planSession(session('provisioning', { executions: workers }), 5).create;
    expect(driver?.workload).toEqual({
      image: null,
      command: ['run'],
      env: {
        MODE: 'fast',
        QPS_WORKERS: 'server-1:http,client-1:http,client-2:http',
        SCENARIO_JSON: '{"rps":5}',
      },
      ports: [],
      probe: null,
      secrets: [],
      configs: [],
    });
  });

  test('workers: what they are', () => {
    const { create } = planSession(session('provisioning', { executions: [execution('server-1')] }), 5);
    expect(create.map(({ workload }) => workload.env)).toEqual([{ WORKER_KIND: 'client' }, { WORKER_KIND: 'client' }]);
  });
});

describe('before the driver is started', () => {
  test.each<[string, Facts, string]>([
    ['exits', exited(3, 5 * SECOND), 'exited with code 3'],
    ['exits well', exited(0, 5 * SECOND), 'exited with code 0'],
    ['is killed', killed(5 * SECOND), 'was killed by SIGKILL'],
    [
      'is rejected',
      { ...notStarted, status: { state: 'REJECTED', err: 'no such image' } },
      'was rejected (no such image)',
    ],
    ['loses its machine', { status: { state: 'FAILED', err: 'the machine is gone' } }, 'failed (the machine is gone)'],
    ['is seen to have failed', { health: 'failed', healthReason: 'no machine i' }, 'failed (no machine i)'],
  ])('a worker that %s ends the session with an error', (_what, facts, words) => {
    const executions = [execution('server-1'), execution('client-1', starting), execution('client-2', facts)];
    const found = verdict(session('provisioning', { executions }));
    expect(found).toMatchObject({ outcome: 'error', component: 'client-2' });
    expect(found?.sentence).toContain(`client-2 ${words} before all components were ready, at +00:00:0`);
  });

  test('the first that failed is named', () => {
    const executions = [execution('server-1', exited(1, 9 * SECOND)), execution('client-1', exited(2, 8 * SECOND))];
    expect(verdict(session('provisioning', { executions }))?.component).toBe('client-1');
  });

  test('a driver that is rejected is no test that failed', () => {
    const driver = execution('driver', { ...notStarted, status: { state: 'REJECTED', err: 'no such image' } });
    expect(verdict(session('provisioning', { executions: [...workers, driver] }))?.outcome).toBe('error');
  });

  test('a machine that is lost before its component was started ends the session with an error', () => {
    const machines = new Map([['server-1', MACHINE]]);
    const found = verdict(session('provisioning', { machines, executions: [execution('server-1')] }));
    expect(found).toMatchObject({ outcome: 'error', component: 'driver' });
  });
});

describe('the driver decides', () => {
  test('exit 0 is a success', () => {
    const executions = allBut(execution('driver', exited(0, 20 * SECOND)));
    expect(verdict(session('running', { executions }))).toEqual({
      outcome: 'succeeded',
      sentence: 'driver exited with code 0 at +00:00:20.',
      component: 'driver',
      next: 'Look at its results.',
    });
  });

  test('an end that came before anybody saw it run counts', () => {
    const quick = allBut(execution('driver', exited(0, 5 * SECOND)));
    expect(verdict(session('provisioning', { executions: quick }))?.outcome).toBe('succeeded');
    const slow = allBut(execution('driver', { ...exited(2, 5 * SECOND), startedAt: null }));
    expect(verdict(session('provisioning', { executions: slow }))?.outcome).toBe('failed');
  });

  test('once its start was begun, the end of a worker decides nothing', () => {
    const driver = execution('driver', { ...notStarted, status: { state: 'STARTING' } });
    const executions = allBut(driver, execution('client-1', exited(0, 5 * SECOND)));
    expect(verdict(session('provisioning', { executions }))).toBeNull();
  });

  test('any other end is a failure', () => {
    for (const facts of [exited(1, 20 * SECOND), killed(20 * SECOND), { status: { state: 'ORPHANED' } } as const])
      expect(verdict(session('running', { executions: allBut(execution('driver', facts)) }))?.outcome).toBe('failed');
  });

  test('a worker that fails meanwhile ends nothing, and is named in the end', () => {
    const bad = execution('client-2', killed(12 * SECOND));
    expect(verdict(session('running', { executions: allBut(bad) }))).toBeNull();
    const executions = allBut(bad, execution('driver', exited(1, 25 * SECOND)));
    expect(verdict(session('running', { executions }))).toEqual({
      outcome: 'failed',
      sentence: 'client-2 was killed by SIGKILL at +00:00:12; driver exited with code 1, 13 s later.',
      component: 'client-2',
      next: 'Read the log of client-2 from +00:00:12.',
    });
  });

  test('a success stays one, and says what went wrong', () => {
    const executions = allBut(execution('client-2', killed(12 * SECOND)), execution('driver', exited(0, 25 * SECOND)));
    const found = verdict(session('running', { executions }));
    expect(found).toMatchObject({ outcome: 'succeeded', component: 'driver' });
    expect(found?.sentence).toContain('client-2 was killed by SIGKILL at +00:00:12');
  });

  test('a worker that was no longer ready is named; one that ended after the driver, or well, is not', () => {
    const executions = allBut(
      execution('server-1', { health: 'not-ready', healthReason: 'HTTP 503 on /health', healthSince: 15 * SECOND }),
      execution('client-1', exited(0, 14 * SECOND)),
      execution('client-2', exited(9, 26 * SECOND)),
      execution('driver', exited(1, 25 * SECOND)),
    );
    expect(verdict(session('running', { executions }))?.sentence).toBe(
      'server-1 was no longer ready (HTTP 503 on /health) at +00:00:15; driver exited with code 1, 10 s later.',
    );
  });

  test('a worker that failed only after the driver is not named', () => {
    const executions = allBut(execution('client-2', killed(26 * SECOND)), execution('driver', exited(1, 25 * SECOND)));
    expect(verdict(session('running', { executions }))?.component).toBe('driver');
  });

  test('the worker that failed first is named', () => {
    const executions = allBut(
      execution('client-2', killed(12 * SECOND)),
      execution('server-1', exited(1, 11 * SECOND)),
      execution('driver', exited(1, 25 * SECOND)),
    );
    expect(verdict(session('running', { executions }))?.component).toBe('server-1');
  });
});

describe('limits of time', () => {
  test.each<[SessionFacts, number, string]>([
    [session('queued', timeouts({ queueMs: 30 * SECOND })), 30, 'It waited longer than the 30 s'],
    [
      session('provisioning', timeouts({ provisionMs: 9 * SECOND })),
      11,
      'server-1 did not become ready in 9 s: it was not started yet.',
    ],
    [
      session('provisioning', {
        ...timeouts({ provisionMs: 8 * SECOND }),
        executions: [execution('server-1', { health: 'not-ready', healthReason: 'HTTP 503 on /health' })],
      }),
      10,
      'server-1 did not become ready in 8 s: it is not ready (HTTP 503 on /health).',
    ],
    [
      session('running', { ...timeouts({ testMs: 120 * SECOND }), executions: all }),
      130,
      'driver ran longer than the 2 min that it may take.',
    ],
  ])('when %j is over its limit it ends with an error', (facts, at, sentence) => {
    const before = planSession(facts, at * SECOND - 1);
    expect(before.verdict).toBeNull();
    expect(before.wakeAt).toBe(at * SECOND);
    const over = verdict(facts, at * SECOND);
    expect(over?.outcome).toBe('error');
    expect(over?.sentence).toContain(sentence);
  });

  test('to wait for a worker that runs it takes nothing of its limit', () => {
    const facts = session('accepted', timeouts({ provisionMs: 9 * SECOND }));
    expect(planSession(facts, 900 * SECOND).verdict).toBeNull();
  });

  test('0 is no limit', () => {
    for (const facts of [session('queued'), session('provisioning'), session('running', { executions: all })])
      expect(planSession(facts, Number.MAX_SAFE_INTEGER)).toMatchObject({ verdict: null, wakeAt: null });
  });

  test('a driver that ended in time is not judged by when somebody looked', () => {
    const executions = allBut(execution('driver', exited(0, 20 * SECOND)));
    const facts = session('running', { ...timeouts({ testMs: 15 * SECOND }), executions });
    expect(verdict(facts, 900 * SECOND)?.outcome).toBe('succeeded');
  });
});

describe('what a person asks for', () => {
  test('a cancelled session ends, in whatever state it is', () => {
    for (const state of ['queued', 'accepted', 'provisioning', 'running'] as const)
      expect(verdict(session(state, { ordered: 'cancel' }))?.outcome).toBe('cancelled');
  });

  test('a driver that ended before it could be cancelled has decided', () => {
    const executions = allBut(execution('driver', exited(0, 20 * SECOND)));
    expect(verdict(session('running', { ordered: 'cancel', executions }))?.outcome).toBe('succeeded');
  });

  test('to finish is to ask the driver to end, once, and to wait for it', () => {
    const step = planSession(session('running', { ordered: 'finish', executions: all }), 20 * SECOND);
    expect(step).toMatchObject({
      state: 'running',
      verdict: null,
      desire: [{ executionId: 'x-driver', desiredState: 'SHUTDOWN' }],
    });
    const asked = allBut(execution('driver', { desiredState: 'SHUTDOWN' }));
    expect(planSession(session('running', { ordered: 'finish', executions: asked }), 21 * SECOND).desire).toEqual([]);
  });

  test('a driver that was asked to finish has not failed, however it ends', () => {
    for (const facts of [exited(0, 20 * SECOND), exited(143, 20 * SECOND), killed(20 * SECOND)]) {
      const executions = allBut(execution('driver', { ...facts, desiredState: 'SHUTDOWN' }));
      expect(verdict(session('running', { ordered: 'finish', executions }))?.outcome).toBe('finished');
    }
  });

  test('a driver that failed before it could be asked has failed', () => {
    const executions = allBut(execution('driver', exited(1, 20 * SECOND)));
    expect(verdict(session('running', { ordered: 'finish', executions }))?.outcome).toBe('failed');
  });
});

const over: SessionVerdict = { outcome: 'failed', sentence: '', component: null, next: '' };

describe('when it is over', () => {
  test('what runs is ended, what has ended is removed, and the sentence is an event', () => {
    const executions = allBut(execution('driver', exited(1, 20 * SECOND)));
    const step = planSession(session('running', { executions }), 21 * SECOND);
    expect(step).toMatchObject({ state: 'cleaning', events: [{ kind: 'done', text: step.verdict?.sentence }] });
    expect(step.desire).toEqual([
      { executionId: 'x-server-1', desiredState: 'SHUTDOWN' },
      { executionId: 'x-client-1', desiredState: 'SHUTDOWN' },
      { executionId: 'x-client-2', desiredState: 'SHUTDOWN' },
      { executionId: 'x-driver', desiredState: 'REMOVE' },
    ]);
  });

  test('an error is an event of that kind', () => {
    const facts = session('queued', timeouts({ queueMs: SECOND }));
    expect(planSession(facts, 60 * SECOND).events).toMatchObject([{ kind: 'error' }]);
  });

  test('a session that has started nothing has ended', () => {
    expect(planSession(session('queued', { ordered: 'cancel' }), 5)).toMatchObject({ state: 'ended', desire: [] });
  });

  test('what was asked for is not asked for again, and never taken back', () => {
    const executions = [
      execution('server-1', { desiredState: 'SHUTDOWN' }),
      execution('client-1', { desiredState: 'REMOVE' }),
      execution('client-2', { ...exited(0, 9), desiredState: 'SHUTDOWN' }),
    ];
    const { desire } = planSession(session('cleaning', { verdict: over, executions }), 60 * SECOND);
    expect(desire).toEqual([{ executionId: 'x-client-2', desiredState: 'REMOVE' }]);
  });

  test('it has ended when nothing is left anywhere', () => {
    const gone = all.map((one) => ({ ...one, removed: true }));
    const [first, ...rest] = gone;
    expect(
      planSession(session('cleaning', { verdict: over, executions: [...all.slice(0, 1), ...rest] }), 60).state,
    ).toBe('cleaning');
    expect(first && planSession(session('cleaning', { verdict: over, executions: gone }), 60).state).toBe('ended');
    expect(planSession(session('ended', { verdict: over, executions: gone }), 60)).toMatchObject({
      state: 'ended',
      events: [],
    });
  });

  test('one that is to be kept keeps its workers, and its driver ends', () => {
    const facts = session('running', { ...timeouts({ testMs: SECOND }), executions: all, keepForMs: 60 * SECOND });
    expect(planSession(facts, 20 * SECOND)).toMatchObject({
      state: 'keeping',
      keepUntil: 80 * SECOND,
      wakeAt: 80 * SECOND,
      desire: [{ executionId: 'x-driver', desiredState: 'SHUTDOWN' }],
    });
  });

  test('it is kept until its time is over, or somebody lets go, and then taken away', () => {
    const kept = session('keeping', { verdict: over, executions: workers, keepUntil: 80 * SECOND });
    expect(planSession(kept, 80 * SECOND - 1)).toMatchObject({ state: 'keeping', desire: [], wakeAt: 80 * SECOND });
    expect(planSession(kept, 80 * SECOND).state).toBe('cleaning');
    expect(planSession({ ...kept, keepUntil: null }, 30 * SECOND).state).toBe('cleaning');
  });

  test('what was begun to be taken away is not kept any more', () => {
    const facts = session('cleaning', { verdict: over, executions: workers, keepUntil: 80 * SECOND });
    expect(planSession(facts, 30 * SECOND).state).toBe('cleaning');
  });
});
