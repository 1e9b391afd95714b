import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appendLog } from '../adapters/postgres/log-store.ts';
import { PostgresPoolQueries } from '../adapters/postgres/pool-queries.ts';
import { PostgresConfigs, PostgresSecrets } from '../adapters/postgres/secret-store.ts';
import { PostgresSessionCommands } from '../adapters/postgres/session-commands.ts';
import { PostgresSessionQueries } from '../adapters/postgres/session-queries.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { addCluster, addEnvironment } from '../adapters/postgres/test-pools.ts';
import { Cipher } from '../adapters/secrets/cipher.ts';
import type { Role, Viewer } from '../contract/people.ts';
import {
  type SessionListInput,
  type SessionSpecInput,
  sessionListSchema,
  sessionSpecSchema,
} from '../contract/session.ts';
import { DomainError } from '../domain/errors.ts';
import { SESSION_STATES, type SessionState } from '../domain/session/session.ts';
import { SESSION_ACTIONS } from '../domain/session/session-actions.ts';
import { type SessionPorts, SessionService } from './session-service.ts';

const person = (id: string, name: string, role: Role): Viewer => ({ id, name, email: `${id}@example.org`, role });
const ADA = person('ada', 'Ada', 'operator');
const GRACE = person('grace', 'Grace', 'operator');
const VERA = person('vera', 'Vera', 'viewer');
const REQUEST = 'request';
const CAPACITY = 5;

let fresh: TestDatabase;
let sessions: SessionService;
let ports: SessionPorts;

beforeAll(async () => {
  fresh = await createTestDatabase();
  const { database } = fresh;
  let now = Date.UTC(2026, 0, 1);
  ports = {
    queries: new PostgresSessionQueries(database),
    commands: new PostgresSessionCommands(database),
    pools: {
      async checkWants(wants) {
        for (const { pool: name, count: requested } of wants) {
          if (requested > CAPACITY) throw new DomainError('POOL_CAPACITY', { name, requested, capacity: CAPACITY });
        }
      },
      async queueOf(ids) {
        return new Map(
          ids.map((id) => [id, { position: 2, ahead: ['other'], aheadCount: 1, why: 'needs 1', estimate: null }]),
        );
      },
    },
    haveLocalMachines: (pools) => new PostgresPoolQueries(database).haveLocalMachines(pools),
    localMachines: true,
    // Ids sort by time: each session comes a moment after the one before it.
    clock: () => (now += 1),
  };
  sessions = new SessionService(ports);
  for (const { id, name, email } of [ADA, GRACE]) await database.user.create({ data: { id, name, email } });
});
afterAll(() => fresh.drop());
afterEach(async () => {
  const { database } = fresh;
  await database.reservation.deleteMany();
  await database.session.deleteMany();
  await database.secret.deleteMany();
  await database.configFile.deleteMany();
  await database.cluster.deleteMany();
  await database.environment.deleteMany();
});

const DRIVER = { name: 'driver', kind: 'driver', pool: 'workers', image: 'http-driver' } as const;
const CLIENT = { name: 'client-1', kind: 'client', pool: 'load', image: 'http-load' } as const;
const SMOKE: SessionSpecInput = { name: 'smoke', components: [DRIVER, CLIENT, { ...CLIENT, name: 'client-2' }] };

function submit(change: Partial<SessionSpecInput> = {}, viewer = ADA): Promise<string> {
  return sessions.submit(sessionSpecSchema.parse({ ...SMOKE, ...change }), viewer, REQUEST);
}

async function inState(state: SessionState, change: object = {}): Promise<string> {
  const id = await submit();
  await fresh.database.session.update({ where: { id }, data: { state, ...change } });
  return id;
}

const stored = (id: string) => fresh.database.session.findUniqueOrThrow({ where: { id } });

/** The streams that get an event while `work` is at it, and the verbs that the activity gets. */
async function told(work: () => Promise<unknown>): Promise<{ streams: string[]; verbs: string[] }> {
  const { database } = fresh;
  const streams = async () => new Map((await database.eventStream.findMany()).map(({ name, seq }) => [name, seq]));
  const [before, count] = [await streams(), await database.activity.count()];
  await work();
  const after = await streams();
  const lines = await database.activity.findMany({ orderBy: { id: 'asc' }, skip: count });
  return {
    streams: [...after]
      .filter(([name, seq]) => seq !== before.get(name))
      .map(([name]) => name)
      .sort(),
    verbs: lines.map(({ verb }) => verb),
  };
}

describe('a submitted session', () => {
  test('waits in the queue with what it wants, and everybody concerned is told', async () => {
    let id = '';
    const { streams, verbs } = await told(async () => {
      id = await submit({ labels: { team: 'web' }, priority: 3 });
    });
    expect(streams).toEqual(['activity', 'pool:load', 'pool:workers', 'pools', `session:${id}`, 'sessions']);
    expect(verbs).toEqual(['submitted the session']);
    expect(await fresh.database.reservation.findUnique({ where: { sessionId: id } })).toMatchObject({
      kind: 'session',
      state: 'waiting',
      name: 'smoke',
      holderId: 'ada',
      priority: 3,
      wants: [
        { component: 'driver', pool: 'workers' },
        { component: 'client-1', pool: 'load' },
        { component: 'client-2', pool: 'load' },
      ],
    });
    expect(await sessions.byId(id, ADA)).toMatchObject({
      id: expect.stringMatching(/^ses_/),
      name: 'smoke',
      state: 'queued',
      outcome: null,
      ownerName: 'Ada',
      labels: { team: 'web' },
      wants: [
        { pool: 'workers', count: 1 },
        { pool: 'load', count: 2 },
      ],
      events: [{ kind: 'queue', text: 'Waits for 1 machine of workers and 2 of load.' }],
      position: 2,
      queue: { why: 'needs 1' },
      executions: [],
      rerunOf: null,
    });
  });

  test('is refused while programs may not run on this host', async () => {
    await addEnvironment(fresh.database, 'local');
    await addCluster(fresh.database, 'clu_workers', { labels: { pool: 'workers' }, machines: [] });
    const guarded = new SessionService({ ...ports, localMachines: false });
    await expect(guarded.submit(sessionSpecSchema.parse(SMOKE), ADA, REQUEST)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await fresh.database.session.count()).toBe(0);
  });

  test('is taken while programs may not run on this host, where no machine of its pools is on it', async () => {
    await addEnvironment(fresh.database, 'docker', 'docker');
    await addCluster(fresh.database, 'clu_workers', {
      environmentId: 'docker',
      labels: { pool: 'workers' },
      machines: [],
    });
    const guarded = new SessionService({ ...ports, localMachines: false });
    const id = await guarded.submit(sessionSpecSchema.parse(SMOKE), ADA, REQUEST);
    expect(await fresh.database.session.findUnique({ where: { id } })).toMatchObject({ state: 'queued' });
  });

  test('may have the name of another', async () => {
    expect(await submit()).not.toBe(await submit());
  });

  test('that can never run is refused with the numbers, and nothing is stored', async () => {
    const clients = Array.from({ length: 6 }, (_, index) => ({ ...CLIENT, name: `client-${index}` }));
    await expect(submit({ components: [DRIVER, ...clients] })).rejects.toMatchObject({
      code: 'POOL_CAPACITY',
      details: { name: 'load', requested: 6, capacity: 5 },
    });
    expect(await fresh.database.session.count()).toBe(0);
  });

  test.each([
    [{ secrets: ['there', 'none'] }, 'spec.components.1.secrets.1', 'there is no secret none'],
    [{ configs: ['none'] }, 'spec.components.1.configs.0', 'there is no config none'],
    // A secret is no config.
    [{ configs: ['there'] }, 'spec.components.1.configs.0', 'there is no config there'],
  ])('that names %o is refused at the field, and nothing is stored', async (names, field, message) => {
    await new PostgresSecrets(fresh.database, new Cipher(new Uint8Array(32))).set(
      { name: 'there', value: 'a value' },
      ADA,
      REQUEST,
    );
    await expect(submit({ components: [DRIVER, { ...CLIENT, ...names }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field, message },
    });
    expect([await fresh.database.session.count(), await fresh.database.reservation.count()]).toEqual([0, 0]);
  });

  test('that names a secret which settings of an environment name is refused at the field', async () => {
    const secrets = new PostgresSecrets(fresh.database, new Cipher(new Uint8Array(32)));
    await secrets.set({ name: 'engine-key', value: 'a value' }, ADA, REQUEST);
    const tls = { ca: '/ca.pem', cert: '/cert.pem', key: 'secret:engine-key' };
    const settings = { address: 'tcp://engine.example.org:2376', tls };
    await fresh.database.environment.create({ data: { id: 'env_lab', name: 'lab', kind: 'docker', settings } });
    await expect(submit({ components: [DRIVER, { ...CLIENT, secrets: ['engine-key'] }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: {
        field: 'spec.components.1.secrets.0',
        message: 'the secret engine-key is for the settings of the environment lab alone',
      },
    });
    expect(await fresh.database.session.count()).toBe(0);
  });

  test('and the removal of a config that it names: one of the two is refused', async () => {
    const configs = new PostgresConfigs(fresh.database);
    for (let round = 0; round < 10; round += 1) {
      await configs.set({ name: 'settings', data: 'a' }, ADA, REQUEST);
      const both = await Promise.allSettled([
        submit({ components: [{ ...DRIVER, configs: ['settings'] }] }),
        configs.remove('settings', ADA, REQUEST),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await fresh.database.reservation.deleteMany();
      await fresh.database.session.deleteMany();
    }
  });
});

describe('a cancellation', () => {
  test('ends one that waits at once, and its place in the queue', async () => {
    const id = await submit();
    const { streams, verbs } = await told(() => sessions.cancel(id, GRACE, REQUEST));
    expect(streams).toEqual(['activity', 'pool:load', 'pool:workers', 'pools', `session:${id}`, 'sessions']);
    expect(verbs).toEqual(['cancelled the session']);
    const view = await sessions.byId(id, ADA);
    expect(view).toMatchObject({
      state: 'ended',
      outcome: 'cancelled',
      verdict: { outcome: 'cancelled', sentence: 'Grace cancelled it while it waited for machines.', component: null },
      ordered: { action: 'cancel', byName: 'Grace' },
      position: null,
      queue: null,
    });
    expect(view.endedAt).not.toBeNull();
    expect(view.events.map(({ kind }) => kind)).toEqual(['queue', 'done']);
    expect(await fresh.database.reservation.findUnique({ where: { sessionId: id } })).toMatchObject({
      state: 'ended',
      endReason: 'cancelled',
    });
  });

  test('of one that holds machines is an order to its runner', async () => {
    const id = await inState('running', { retryAt: new Date(Date.now() + 60_000) });
    const { streams } = await told(() => sessions.cancel(id, GRACE, REQUEST));
    expect(streams).toEqual(['activity', `session:${id}`, 'sessions']);
    // A retry that was to come later comes now.
    expect(await stored(id)).toMatchObject({ state: 'running', ordered: 'cancel', orderedBy: 'grace', retryAt: null });
    expect((await sessions.byId(id, ADA)).actions).toMatchObject({
      cancel: 'it is being cancelled',
      finish: 'it is being cancelled',
    });
  });

  test('wins over an order to finish, and is not taken back by one', async () => {
    const id = await inState('running');
    await sessions.finish(id, ADA, REQUEST);
    await expect(sessions.finish(id, ADA, REQUEST)).rejects.toMatchObject({ code: 'SESSION_STATE' });
    await sessions.cancel(id, GRACE, REQUEST);
    await expect(sessions.finish(id, ADA, REQUEST)).rejects.toMatchObject({
      details: { why: 'it is being cancelled' },
    });
    expect(await stored(id)).toMatchObject({ ordered: 'cancel', orderedBy: 'grace' });
  });

  test('that meets the allocation is decided by the state it finds', async () => {
    const id = await submit();
    const commands = new PostgresSessionCommands(fresh.database);
    await fresh.database.session.update({ where: { id }, data: { state: 'accepted' } });
    expect(await commands.cancelQueued({ sessionId: id, actor: ADA, requestId: REQUEST, from: 'queued' })).toBe(false);
    expect(await fresh.database.reservation.findUnique({ where: { sessionId: id } })).toMatchObject({
      state: 'waiting',
    });
    await sessions.cancel(id, ADA, REQUEST);
    expect(await stored(id)).toMatchObject({ state: 'accepted', ordered: 'cancel' });
  });
});

describe('keeping', () => {
  const HOUR = 3_600_000;

  test('of one that runs is for after its end', async () => {
    const id = await inState('running');
    await sessions.keep(id, HOUR, ADA, REQUEST);
    expect(await sessions.byId(id, ADA)).toMatchObject({ keepForMs: HOUR, keepUntil: null });
  });

  test('of one that is kept is from now on, and ends at once when somebody says so', async () => {
    const id = await inState('keeping', { keepForMs: 60_000, keepUntil: new Date(Date.now() + 1_000) });
    const before = Date.now();
    await sessions.keep(id, HOUR, ADA, REQUEST);
    const { keepUntil } = await sessions.byId(id, ADA);
    expect(keepUntil).toBeGreaterThanOrEqual(before + HOUR);
    await sessions.stopKeeping(id, ADA, REQUEST);
    expect((await sessions.byId(id, ADA)).keepUntil).toBeLessThanOrEqual(Date.now());
  });
});

describe('run again', () => {
  test('submits the same inputs, as the viewer, and says of which session', async () => {
    const first = await submit({ labels: { team: 'web' } });
    await sessions.cancel(first, ADA, REQUEST);
    const second = await sessions.runAgain(first, GRACE, REQUEST);
    const [one, other] = [await sessions.byId(first, ADA), await sessions.byId(second, ADA)];
    expect(other.spec).toEqual(one.spec);
    expect(other).toMatchObject({ state: 'queued', ownerName: 'Grace', rerunOf: first, labels: { team: 'web' } });
  });

  test('is refused while it goes on', async () => {
    const id = await submit();
    await expect(sessions.runAgain(id, ADA, REQUEST)).rejects.toMatchObject({ code: 'SESSION_STATE' });
    expect(await fresh.database.session.count()).toBe(1);
  });
});

test.each(SESSION_STATES)(
  'of one that is %s everything that the table refuses is refused, and changes nothing',
  async (state) => {
    const id = await inState(state);
    const before = await stored(id);
    const orders = {
      cancel: () => sessions.cancel(id, ADA, REQUEST),
      finish: () => sessions.finish(id, ADA, REQUEST),
      keep: () => sessions.keep(id, 60_000, ADA, REQUEST),
      'stop-keeping': () => sessions.stopKeeping(id, ADA, REQUEST),
      'run-again': () => sessions.runAgain(id, ADA, REQUEST),
    };
    const table = SESSION_ACTIONS[state];
    for (const action of ['cancel', 'finish', 'keep', 'stop-keeping', 'run-again'] as const) {
      if (table[action] === true) continue;
      await expect(orders[action]()).rejects.toMatchObject({
        code: 'SESSION_STATE',
        details: { sessionId: id, state, action, why: table[action] },
      });
    }
    expect(await stored(id)).toEqual(before);
    expect((await sessions.byId(id, ADA)).actions).toEqual(table);
  },
);

test('a viewer may do nothing, and sees why', async () => {
  const { actions } = await sessions.byId(await submit(), VERA);
  expect(new Set(Object.values(actions))).toEqual(new Set(['needs the role operator']));
});

test('a session that is unknown is not found', async () => {
  await expect(sessions.byId('ses_none', ADA)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(sessions.cancel('ses_none', ADA, REQUEST)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('the list', () => {
  let ids: Record<'queued' | 'running' | 'failed', string>;
  const list = (input: SessionListInput, viewer = ADA) => sessions.list(sessionListSchema.parse(input), viewer);

  beforeEach(async () => {
    ids = {
      queued: await submit({ name: 'alpha', labels: { team: 'web', 'a.b': 'c d' } }),
      running: await submit({ name: 'beta', components: [{ ...DRIVER, pool: 'other' }] }, GRACE),
      failed: await submit({ name: 'gamma' }),
    };
    const { database } = fresh;
    await database.session.update({ where: { id: ids.running }, data: { state: 'running' } });
    await database.session.update({ where: { id: ids.failed }, data: { state: 'ended', outcome: 'failed' } });
  });

  test.each<[SessionListInput, (keyof typeof ids)[]]>([
    [{}, ['failed', 'running', 'queued']],
    [{ state: 'active' }, ['running', 'queued']],
    [{ state: 'ended' }, ['failed']],
    [{ state: 'running' }, ['running']],
    [{ outcome: 'failed' }, ['failed']],
    [{ pool: 'other' }, ['running']],
    [{ pool: 'load' }, ['failed', 'queued']],
    [{ pool: 'none' }, []],
    [{ owner: 'me' }, ['failed', 'queued']],
    [{ q: 'GAM' }, ['failed']],
    [{ q: 'grace' }, ['running']],
    [{ q: 'a%a' }, []],
    [{ q: 'label.team:web' }, ['queued']],
    [{ q: 'label.team:we' }, []],
    [{ q: 'label.team:web gamma' }, []],
    [{ health: 'bad' }, []],
  ])('filtered by %o has %o, newest first', async (input, expected) => {
    const page = await list(input);
    expect(page.rows.map(({ id }) => id)).toEqual(expected.map((key) => ids[key]));
    expect(page.total).toBe(expected.length);
  });

  test('comes in pages', async () => {
    const first = await list({ limit: 2 });
    expect(first.rows.map(({ id }) => id)).toEqual([ids.failed, ids.running]);
    const second = await list({ limit: 2, cursor: first.nextCursor });
    expect(second.rows.map(({ id }) => id)).toEqual([ids.queued]);
    expect([first.total, second.total, second.nextCursor]).toEqual([3, 3, null]);
  });

  test('says how one that waits stands in the queue, and of the others nothing', async () => {
    expect((await list({})).rows.map(({ position }) => position)).toEqual([null, null, 2]);
  });

  test('of a machine has those that hold or held it', async () => {
    const { database } = fresh;
    const reservation = await database.reservation.findUniqueOrThrow({ where: { sessionId: ids.running } });
    const machine = { clusterId: 'clu_1', instanceId: 'm-1' };
    await database.reservationMachine.create({
      data: { reservationId: reservation.id, component: 'driver', pool: 'other', environmentId: 'env_1', ...machine },
    });
    expect((await list({ machine })).rows.map(({ id }) => id)).toEqual([ids.running]);
    expect((await list({ machine: { ...machine, instanceId: 'm-2' } })).rows).toEqual([]);
  });

  describe('with components', () => {
    const BEGAN = Date.UTC(2026, 0, 1);

    async function component(sessionId: string, name: string, ...healths: [number, string][]): Promise<void> {
      const place = { pool: 'workers', environmentId: 'env_1', clusterId: 'clu_1', instanceId: 'm-1' };
      const states = { state: 'RUNNING', desiredState: 'RUNNING' };
      const id = `exe_${name}_${sessionId}`;
      await fresh.database.execution.create({
        data: { id, sessionId, name, kind: 'client', ordinal: 0, workload: {}, ...place, ...states },
      });
      for (const [at, health] of healths) {
        await fresh.database.healthTransition.create({
          data: { executionId: id, at: new Date(BEGAN + at), health, reason: '' },
        });
      }
    }

    test('draws the worst health of its components over time, until the session was decided', async () => {
      await component(ids.failed, 'server', [0, 'not-ready'], [10, 'ready'], [40, 'failed']);
      await component(ids.failed, 'client', [20, 'ready'], [30, 'not-ready']);
      await fresh.database.session.update({ where: { id: ids.failed }, data: { decidedAt: new Date(BEGAN + 40) } });
      const [row] = (await list({ state: 'ended' })).rows;
      expect(row?.stripe).toEqual([
        { health: 'ready', from: BEGAN + 10, to: BEGAN + 30 },
        { health: 'not-ready', from: BEGAN + 30, to: BEGAN + 40 },
      ]);
    });

    test('finds those that were not well, but not those that only began', async () => {
      await component(ids.queued, 'server', [0, 'unknown'], [1, 'not-ready'], [2, 'ready']);
      await component(ids.running, 'server', [0, 'ready'], [1, 'not-ready'], [2, 'ready']);
      await component(ids.failed, 'server', [0, 'not-ready'], [1, 'failed']);
      expect((await list({ health: 'bad' })).rows.map(({ id }) => id)).toEqual([ids.failed, ids.running]);
    });

    test('and its page shows the first warnings and errors of all logs, in order of time', async () => {
      await component(ids.running, 'server');
      await component(ids.running, 'client');
      const line = (name: string, number: number, at: number, level: 'info' | 'warn' | 'error') =>
        appendLog(fresh.database, `exe_${name}_${ids.running}`, [
          { line: number, at: BEGAN + at, stream: 'stdout', level, text: `${level} of ${name}` },
        ]);
      await line('server', 0, 5, 'info');
      await line('server', 1, 30, 'error');
      await line('client', 0, 10, 'warn');
      const { ticks } = await sessions.byId(ids.running, ADA);
      expect(ticks).toEqual([
        { component: 'client', at: BEGAN + 10, line: 0, level: 'warn', text: 'warn of client' },
        { component: 'server', at: BEGAN + 30, line: 1, level: 'error', text: 'error of server' },
      ]);
    });
  });
});
