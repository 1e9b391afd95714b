import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import type { SessionSpecInput } from '../contract/session.ts';
import { SessionWorld, SUBMITTER } from './chaos/session-world.ts';

let database: TestDatabase;
let world: SessionWorld;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await SessionWorld.open(database, { drivers: 2, workers: 3 });
  await world.work();
  await world.ready(5);
});

afterAll(async () => {
  await world.close();
  await database.drop();
});

/** Whatever happened to it: nothing of it is left, and nobody holds a machine. */
afterEach(async () => {
  await world.until(async () => (await world.database.session.count({ where: { state: { not: 'ended' } } })) === 0);
  expect(await world.database.reservationMachine.count({ where: { releasedAt: null } })).toBe(0);
  expect(await world.componentsLeft()).toEqual([]);
});

const shell = (script: string) => ['/bin/sh', '-c', script];
const SLEEP = 'exec sleep 600';

function spec(
  name: string,
  scripts: { driver: string; server?: string; client?: string },
  more: Partial<SessionSpecInput> = {},
): SessionSpecInput {
  return {
    name,
    components: [
      { name: 'server', kind: 'server', pool: 'workers', command: shell(scripts.server ?? SLEEP) },
      { name: 'client', kind: 'client', pool: 'workers', command: shell(scripts.client ?? SLEEP) },
      { name: 'driver', kind: 'driver', pool: 'drivers', command: shell(scripts.driver) },
    ],
    ...more,
  };
}

test('the bundled example runs: servers, clients, driver, and its results are kept', async () => {
  const http = [{ name: 'http', port: 0 }];
  const probe = { port: 'http', path: '/health' };
  const id = await world.submit({
    name: 'http-load',
    components: [
      { name: 'server-1', kind: 'server', pool: 'workers', image: 'http-server', ports: http, probe },
      { name: 'client-1', kind: 'client', pool: 'workers', image: 'http-load', ports: http, probe },
      { name: 'client-2', kind: 'client', pool: 'workers', image: 'http-load', ports: http, probe },
      { name: 'driver', kind: 'driver', pool: 'drivers', image: 'http-driver' },
    ],
    scenario: { seconds: 1, concurrency: 2 },
  });
  const over = await world.reaches(id, 'ended');
  expect(over.verdict).toMatchObject({ outcome: 'succeeded' });
  expect(over.results).toMatchObject({ summary: { throughput: expect.any(Number) } });
  expect(over.events.map(({ kind }) => kind)).toEqual(['queue', 'accept', 'provision', 'run', 'done']);
  const started = over.executions.map(({ name, startedAt }) => [name, startedAt ?? 0] as const);
  const order = started.toSorted((a, b) => a[1] - b[1]).map(([name]) => name);
  expect([order[0], order[3]]).toEqual(['server-1', 'driver']);
  const driver = over.executions.find(({ kind }) => kind === 'driver');
  expect(driver?.logLines).toBeGreaterThan(0);
  expect(driver?.healths.map(({ health }) => health)).toContain('succeeded');
});

test('the driver learns its workers and its scenario, workers what they are, and nobody a secret in the log', async () => {
  await world.services.secrets.set({ name: 'token', value: 'open sesame' }, SUBMITTER, 'test');
  const ports = [{ name: 'http', port: 0 }];
  const id = await world.submit({
    name: 'environment',
    components: [
      { name: 'client', kind: 'client', pool: 'workers', ports, command: shell(`echo kind $WORKER_KIND; ${SLEEP}`) },
      { name: 'server', kind: 'server', pool: 'workers', ports, command: shell(`echo kind $WORKER_KIND; ${SLEEP}`) },
      {
        name: 'driver',
        kind: 'driver',
        pool: 'drivers',
        secrets: ['token'],
        command: shell(
          'echo "workers $QPS_WORKERS"; echo "scenario $SCENARIO_JSON"; cat $ROUNDHOUSE_SECRETS/token; echo',
        ),
      },
    ],
    scenario: { seconds: 3 },
  });
  const over = await world.reaches(id, 'ended');
  expect(over.verdict?.outcome).toBe('succeeded');
  const linesOf = async (name: string) => {
    const execution = over.executions.find((one) => one.name === name);
    const rows = await world.database.logLine.findMany({
      where: { executionId: execution?.id ?? '' },
      orderBy: { line: 'asc' },
    });
    return rows.map(({ text }) => text);
  };
  const addressOf = (name: string) => over.executions.find((one) => one.name === name)?.ports[0]?.address;
  expect(await linesOf('driver')).toEqual([
    `workers ${addressOf('server')},${addressOf('client')}`,
    'scenario {"seconds":3}',
    '[secret]',
  ]);
  expect(await linesOf('server')).toEqual(['kind server']);
  expect(await linesOf('client')).toEqual(['kind client']);
});

/** A client that fails once the driver runs, and a driver that goes on a moment after that. */
async function clientFails(driverEnds: string) {
  const { driverRuns, clientFailed } = await world.signs();
  return {
    client: `until [ -e ${driverRuns} ]; do sleep 0.05; done; echo > ${clientFailed}; exit 7`,
    driver: `echo > ${driverRuns}; until [ -e ${clientFailed} ]; do sleep 0.05; done; sleep 0.5; ${driverEnds}`,
  };
}

test('a driver that fails decides, and the worker that failed before it is named', async () => {
  const id = await world.submit(spec('fails', await clientFails('exit 2')));
  const over = await world.reaches(id, 'ended');
  expect(over.verdict).toMatchObject({ outcome: 'failed', component: 'client' });
  expect(over.verdict?.sentence).toMatch(
    /^client exited with code 7 at \+00:00:0\d; driver exited with code 2, \d s later\.$/,
  );
  expect(over.executions.map(({ name, exitCode }) => [name, exitCode])).toContainEqual(['client', 7]);
});

test('a worker that fails while the driver runs well does not fail the session', async () => {
  const id = await world.submit(spec('survives', await clientFails('exit 0')));
  expect((await world.reaches(id, 'ended')).verdict?.outcome).toBe('succeeded');
});

test('a component that ends before all are ready ends the session with an error', async () => {
  const id = await world.submit(spec('never-ready', { server: 'exit 4', driver: 'exit 0' }));
  const over = await world.reaches(id, 'ended');
  expect(over.verdict).toMatchObject({ outcome: 'error', component: 'server' });
  expect(over.verdict?.sentence).toContain('server exited with code 4 before all components were ready');
  // Without a probe it was ready for a moment, so that a client may have been begun; the driver never is.
  expect(over.executions.map(({ name }) => name)).not.toContain('driver');
});

test('a session that runs longer than it may is ended', async () => {
  const timeouts = { queueMs: 0, provisionMs: 0, testMs: 700 };
  const id = await world.submit(spec('too-long', { driver: SLEEP }, { timeouts }));
  expect((await world.reaches(id, 'ended')).verdict).toMatchObject({
    outcome: 'error',
    sentence: 'driver ran longer than the 1 s that it may take.',
  });
});

test('a session whose components do not become ready in time is ended, and says which', async () => {
  const id = await world.submit({
    name: 'deaf',
    components: [
      {
        name: 'server',
        kind: 'server',
        pool: 'workers',
        command: shell(SLEEP),
        ports: [{ name: 'http', port: 0 }],
        probe: { port: 'http', path: '/health' },
      },
      { name: 'driver', kind: 'driver', pool: 'drivers', command: shell('exit 0') },
    ],
    timeouts: { queueMs: 0, provisionMs: 900, testMs: 0 },
  });
  expect((await world.reaches(id, 'ended')).verdict).toMatchObject({
    outcome: 'error',
    component: 'server',
    sentence: 'server did not become ready in 1 s: it is not ready (not listening yet).',
  });
});

test('cancelling ends a running session and gives its machines back', async () => {
  const id = await world.submit(spec('cancelled', { driver: SLEEP }));
  await world.reaches(id, 'running');
  await world.services.sessions.cancel(id, SUBMITTER, 'test');
  expect((await world.reaches(id, 'ended')).verdict?.outcome).toBe('cancelled');
});

test('finishing asks the driver to end, and is no failure', async () => {
  const { driverRuns } = await world.signs();
  const driver = `trap "exit 0" TERM; echo > ${driverRuns}; while :; do sleep 0.05; done`;
  const id = await world.submit(spec('finished', { driver }));
  await world.reaches(id, 'running');
  await world.until(async () => existsSync(driverRuns));
  await world.services.sessions.finish(id, SUBMITTER, 'test');
  expect((await world.reaches(id, 'ended')).verdict?.outcome).toBe('finished');
});

test('what is kept for triage stays on its machines until a person lets go', async () => {
  const id = await world.submit(spec('kept', { driver: SLEEP }));
  await world.reaches(id, 'running');
  await world.services.sessions.keep(id, 3_600_000, SUBMITTER, 'test');
  await world.services.sessions.finish(id, SUBMITTER, 'test');
  const kept = await world.reaches(id, 'keeping');
  expect(kept.verdict?.outcome).toBe('finished');
  expect(kept.keepUntil).toBeGreaterThan(Date.now() + 3_000_000);
  expect(await world.componentsLeft()).toHaveLength(3);
  await world.services.sessions.stopKeeping(id, SUBMITTER, 'test');
  await world.reaches(id, 'ended');
});

test('a session that does not fit waits, and starts when another ends', async () => {
  const three = (name: string, driver: string): SessionSpecInput => ({
    name,
    components: [
      ...[1, 2, 3].map((n) => ({ name: `w-${n}`, kind: 'client' as const, pool: 'workers', command: shell(SLEEP) })),
      { name: 'driver', kind: 'driver', pool: 'drivers', command: shell(driver) },
    ],
  });
  const first = await world.submit(three('first', SLEEP));
  await world.reaches(first, 'running');
  const second = await world.submit(three('second', 'exit 0'));
  const waiting = await world.session(second);
  expect(waiting).toMatchObject({ state: 'queued', queue: { position: 1 } });
  expect(waiting.queue?.why).toContain('workers');
  await world.services.sessions.finish(first, SUBMITTER, 'test');
  expect((await world.reaches(second, 'ended')).verdict?.outcome).toBe('succeeded');
});

test('a session that waits longer than it may is ended without a machine', async () => {
  const holder = await world.submit(spec('holder', { driver: SLEEP }));
  await world.reaches(holder, 'running');
  const timeouts = { queueMs: 600, provisionMs: 0, testMs: 0 };
  const id = await world.submit(spec('impatient', { driver: 'exit 0' }, { timeouts }));
  const over = await world.reaches(id, 'ended');
  expect(over.verdict).toMatchObject({ outcome: 'error' });
  expect(over.verdict?.sentence).toContain('waited longer than');
  expect(over.machines).toEqual([]);
  await world.services.sessions.cancel(holder, SUBMITTER, 'test');
});

test('a session that needs more than its pool has is refused with the numbers', async () => {
  const components = [1, 2, 3, 4].map((n) => ({
    name: `w-${n}`,
    kind: 'client' as const,
    pool: 'workers',
    command: shell(SLEEP),
  }));
  const driver = { name: 'driver', kind: 'driver' as const, pool: 'drivers', command: shell('exit 0') };
  await expect(world.submit({ name: 'too-large', components: [...components, driver] })).rejects.toMatchObject({
    code: 'POOL_CAPACITY',
    details: { name: 'workers', requested: 4, capacity: 3 },
  });
  await expect(world.submit({ name: 'unknown', components: [{ ...driver, pool: 'ghost' }] })).rejects.toMatchObject({
    code: 'POOL_UNKNOWN',
  });
});

test('a secret that cannot be read ends the session, says so, and holds nothing', async () => {
  await world.services.secrets.set({ name: 'unreadable', value: 'whatever it was' }, SUBMITTER, 'test');
  await world.database.secret.update({ where: { name: 'unreadable' }, data: { keyId: 'another0' } });
  const driver = { name: 'driver', kind: 'driver' as const, pool: 'drivers', command: shell('exit 0') };
  const id = await world.submit({ name: 'locked-out', components: [{ ...driver, secrets: ['unreadable'] }] });
  const over = await world.reaches(id, 'ended');
  expect(over.verdict).toMatchObject({ outcome: 'error', component: 'driver' });
  expect(over.verdict?.sentence).toContain('unreadable');
});

test('a machine that dies under a component is told as what it is', async () => {
  const { clientFailed } = await world.signs();
  const driver = `until [ -e ${clientFailed} ]; do sleep 0.05; done; exit 1`;
  const id = await world.submit(spec('lost', { driver }));
  const running = await world.reaches(id, 'running');
  const client = running.executions.find(({ name }) => name === 'client');
  const call = { token: 'test', deadline: Date.now() + 10_000, signal: AbortSignal.timeout(10_000) };
  await world.plugin.destroy(client?.machine.instanceId ?? '', 'terminate', call);
  await world.until(async () => {
    const { executions } = await world.session(id);
    return executions.some(({ name, health }) => name === 'client' && health === 'failed');
  });
  await writeFile(clientFailed, '');
  const over = await world.reaches(id, 'ended');
  expect(over.verdict).toMatchObject({ outcome: 'failed', component: 'client' });
  expect(over.executions.find(({ name }) => name === 'client')).toMatchObject({ state: 'FAILED', health: 'failed' });
});
