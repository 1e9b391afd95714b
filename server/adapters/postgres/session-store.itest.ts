import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionSpecSchema } from '../../contract/session.ts';
import type { SessionChange, SessionFence, SessionRecord } from '../../domain/session/session-store.ts';
import { PostgresSessionStore } from './session-store.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let created: TestDatabase;
let store: PostgresSessionStore;

beforeAll(async () => {
  created = await createTestDatabase();
  store = new PostgresSessionStore(created.database);
});

afterAll(async () => {
  await created.drop();
});

const MACHINE = { environmentId: 'env', clusterId: 'clu', instanceId: 'm-1' };
const SPEC = sessionSpecSchema.parse({
  name: 'stored',
  components: [{ name: 'driver', kind: 'driver', pool: 'drivers', command: ['true'] }],
});
let sessions = 0;

/** A session that holds its machine, in the hands of worker-1. */
async function held(): Promise<SessionFence> {
  const id = `ses_${++sessions}`;
  const { database } = created;
  await database.session.create({
    data: {
      id,
      name: SPEC.name,
      spec: JSON.parse(JSON.stringify(SPEC)),
      state: 'accepted',
      ownerName: 'Ada',
      leaseOwner: 'worker-1',
      leaseUntil: new Date(Date.now() + 60_000),
      fence: 1n,
    },
  });
  await database.reservation.create({
    data: {
      id: `res_${sessions}`,
      kind: 'session',
      state: 'held',
      name: SPEC.name,
      sessionId: id,
      holderName: 'Ada',
      wants: [{ component: 'driver', pool: 'drivers' }],
      pools: ['drivers'],
      machines: { create: { component: 'driver', pool: 'drivers', ...MACHINE, instanceId: `m-${sessions}` } },
    },
  });
  return { sessionId: id, owner: 'worker-1', token: 1n };
}

function change(session: SessionRecord, part: Partial<SessionChange>): SessionChange {
  return {
    state: session.state,
    create: [],
    desire: [],
    verdict: null,
    keepUntil: session.keepUntil,
    seen: session,
    events: [],
    ...part,
  };
}

const execution = (id: string, session: SessionRecord) => ({
  id,
  name: 'driver',
  kind: 'driver' as const,
  machine: session.machines.get('driver') ?? MACHINE,
  workload: { image: null, command: ['true'], env: {}, ports: [], probe: null, secrets: [], configs: [] },
});

const STATUS = { message: '', err: '', container: null, ports: null, timestamp: 1 };

test('whoever has lost the lease can neither read nor write', async () => {
  const fence = await held();
  const session = await store.load(fence);
  await created.database.session.update({
    where: { id: fence.sessionId },
    data: { fence: 2n, leaseOwner: 'worker-2' },
  });
  const lost = { code: 'LEASE_LOST' };
  await expect(store.load(fence)).rejects.toMatchObject(lost);
  await expect(store.recordChange(fence, change(session, { state: 'ended' }))).rejects.toMatchObject(lost);
  await expect(store.backOff(fence, 1, null)).rejects.toMatchObject(lost);
  await expect(store.appendLog(fence, 'exe', [])).rejects.toMatchObject(lost);
  expect((await store.load({ ...fence, owner: 'worker-2', token: 2n })).state).toBe('accepted');
});

test('a component never gets a second execution, whoever asks', async () => {
  const fence = await held();
  const session = await store.load(fence);
  await store.recordChange(fence, change(session, { create: [execution(`exe_a${sessions}`, session)] }));
  await store.recordChange(fence, change(session, { create: [execution(`exe_b${sessions}`, session)] }));
  expect((await store.load(fence)).executions.map(({ id }) => id)).toEqual([`exe_a${sessions}`]);
});

test('a wish to keep it that comes between the decision and its record is not lost', async () => {
  const fence = await held();
  const session = await store.load(fence);
  await created.database.session.update({ where: { id: fence.sessionId }, data: { keepForMs: 60_000n } });
  await store.recordChange(fence, change(session, { state: 'cleaning' }));
  const again = await store.load(fence);
  expect(again).toMatchObject({ state: 'accepted', keepForMs: 60_000 });
  await store.recordChange(fence, change(again, { state: 'keeping', keepUntil: 99 }));
  expect(await store.load(fence)).toMatchObject({ state: 'keeping', keepUntil: 99 });
});

test('the machines follow the session, and are given back when it has ended', async () => {
  const fence = await held();
  const stateOf = async () => {
    const row = await created.database.reservationMachine.findFirstOrThrow({
      where: { reservation: { sessionId: fence.sessionId } },
    });
    return row.releasedAt === null ? row.state : 'released';
  };
  const seen: string[] = [await stateOf()];
  for (const state of ['provisioning', 'running', 'keeping', 'cleaning', 'ended'] as const) {
    await store.recordChange(fence, change(await store.load(fence), { state }));
    seen.push(await stateOf());
  }
  expect(seen).toEqual(['reserved', 'running', 'running', 'running', 'cleaning', 'released']);
});

test('an exit code that is known is kept, whatever comes after', async () => {
  const fence = await held();
  const session = await store.load(fence);
  const id = `exe_${sessions}`;
  await store.recordChange(fence, change(session, { create: [execution(id, session)] }));
  await store.recordProcess(fence, id, { startedAt: 1, exitedAt: 2, signal: null, exitCode: 7 });
  await store.recordProcess(fence, id, { startedAt: 1, exitedAt: 2, signal: 'SIGTERM', exitCode: null });
  const status = { ...STATUS, state: 'SHUTDOWN' } as const;
  await store.recordStatus(fence, id, { status, exitCode: null, attempt: 0, retryAt: null });
  expect((await store.load(fence)).executions[0]).toMatchObject({ exitCode: 7, signal: 'SIGTERM', exitedAt: 2 });
});

test('lines that are stored twice are there once', async () => {
  const fence = await held();
  const session = await store.load(fence);
  const id = `exe_${sessions}`;
  await store.recordChange(fence, change(session, { create: [execution(id, session)] }));
  const line = (n: number) => ({
    line: n,
    at: n,
    stream: 'stdout' as const,
    level: 'info' as const,
    text: `line ${n}`,
  });
  await store.appendLog(fence, id, [line(0), line(1)]);
  await store.appendLog(fence, id, [line(1), line(2)]);
  expect(await created.database.logLine.count({ where: { executionId: id } })).toBe(3);
  expect((await store.load(fence)).executions[0]?.logLines).toBe(3);
});

test('one that waited longer than it may is ended, with its place in the queue; others wait on', async () => {
  const ids = [await held(), await held()].map(({ sessionId }) => sessionId);
  const impatient = { ...SPEC, timeouts: { ...SPEC.timeouts, queueMs: 1_000 } };
  await created.database.session.updateMany({ where: { id: { in: ids } }, data: { state: 'queued' } });
  await created.database.session.update({
    where: { id: ids[0] ?? '' },
    data: { spec: JSON.parse(JSON.stringify(impatient)), createdAt: new Date(Date.now() - 2_000) },
  });
  await store.expireQueued();
  const rows = await created.database.session.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } });
  expect(rows.map(({ state, outcome }) => [state, outcome])).toEqual([
    ['ended', 'error'],
    ['queued', null],
  ]);
  const reservation = await created.database.reservation.findUniqueOrThrow({ where: { sessionId: ids[0] ?? '' } });
  expect(reservation.state).toBe('ended');
});

test('what an execution was asked for and came to is told in order', async () => {
  const fence = await held();
  const session = await store.load(fence);
  const id = `exe_${sessions}`;
  await store.recordChange(fence, change(session, { create: [execution(id, session)] }));
  await store.recordStatus(fence, id, {
    status: { ...STATUS, state: 'PREPARING' },
    exitCode: null,
    attempt: 1,
    retryAt: 5,
  });
  await store.recordChange(fence, change(session, { desire: [{ executionId: id, desiredState: 'SHUTDOWN' }] }));
  await store.recordRemoved(fence, id, { ...STATUS, state: 'SHUTDOWN' }, false);
  const rows = await created.database.executionTransition.findMany({
    where: { executionId: id },
    orderBy: { id: 'asc' },
  });
  expect(rows.map(({ state, desiredState, attempt }) => [state, desiredState, attempt])).toEqual([
    ['NEW', 'RUNNING', 0],
    ['PREPARING', 'RUNNING', 1],
    ['PREPARING', 'SHUTDOWN', 0],
    ['SHUTDOWN', 'REMOVE', 0],
  ]);
});

test('what may be left on a machine is taken up again, by one worker of its host at a time, until it is removed', async () => {
  const { database } = created;
  await database.environment.create({ data: { id: 'env', name: 'local', kind: 'local', hostId: 'here' } });
  const fence = await held();
  const session = await store.load(fence);
  const id = `exe_${sessions}`;
  await store.recordChange(fence, change(session, { create: [execution(id, session)] }));
  await store.recordRemoved(fence, id, { ...STATUS, state: 'ORPHANED' }, true);
  expect(await store.takeOrphans('elsewhere')).toEqual([]);
  expect((await store.takeOrphans('here')).map((one) => one.id)).toEqual([id]);
  expect(await store.takeOrphans('here')).toEqual([]);
  await database.execution.update({ where: { id }, data: { retryAt: new Date(0) } });
  expect(await store.takeOrphans('here')).toHaveLength(1);
  await store.orphanRemoved(id);
  await database.execution.updateMany({ where: { id, retryAt: { not: null } }, data: { retryAt: new Date(0) } });
  expect(await store.takeOrphans('here')).toEqual([]);
});
