import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PostgresPoolUpkeep } from './pool-upkeep.ts';
import { endReservation, markMachines, PostgresReservations } from './reservations.ts';
import { PostgresSessionCommands } from './session-commands.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { addCluster, addEnvironment, clearPools, type MachineFacts, queueSession, wish } from './test-pools.ts';

let fresh: TestDatabase;
let room: number;
let reservations: PostgresReservations;

beforeAll(async () => {
  fresh = await createTestDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  room = 10;
  reservations = new PostgresReservations(fresh.database, { room: () => room, hostId: null });
  await addEnvironment(fresh.database, 'local');
});
afterEach(() => clearPools(fresh.database));

const end = (id: string) => fresh.database.$transaction((tx) => endReservation(tx, id, 'released'));

/** The machines that a reservation holds now, by component. */
async function held(id: string): Promise<readonly string[]> {
  const rows = await fresh.database.reservationMachine.findMany({
    where: { reservationId: id, releasedAt: null },
    orderBy: { component: 'asc' },
  });
  return rows.map(({ instanceId }) => instanceId);
}

/** Resolves when somebody waits for a lock of this connection. */
async function blocks(pid: number | undefined): Promise<void> {
  for (let waiting: unknown[] = []; waiting.length === 0; ) {
    waiting = await fresh.database.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE ${pid}::int = ANY(pg_blocking_pids(pid))`;
  }
}

async function streams(): Promise<readonly string[]> {
  const rows = await fresh.database.event.findMany({ orderBy: { stream: 'asc' }, distinct: ['stream'] });
  return rows.map(({ stream }) => stream);
}

describe('who gets machines', () => {
  test('first come, first served, but who does not fit is passed over', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a', 'b'] });
    await wish(fresh.database, 'large', { p: 3 }, { waitedMs: 3_000 });
    await wish(fresh.database, 'first', { p: 1 }, { waitedMs: 2_000 });
    await wish(fresh.database, 'second', { p: 1 }, { waitedMs: 1_000 });
    await wish(fresh.database, 'third', { p: 1 }, { waitedMs: 0 });
    expect(await reservations.allocate()).toEqual(['first', 'second']);
    expect(await reservations.allocate()).toEqual([]);
    await end('first');
    expect(await reservations.allocate()).toEqual(['third']);
  });

  test('a session, and it says so', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a'] });
    await addCluster(fresh.database, 'q', { machines: ['b'] });
    await queueSession(fresh.database, 's', { p: 1, q: 1 });
    expect(await reservations.allocate()).toEqual(['s-machines']);
    expect(await held('s-machines')).toEqual(['a', 'b']);
    const session = await fresh.database.session.findUniqueOrThrow({ where: { id: 's' }, include: { events: true } });
    expect(session.state).toBe('accepted');
    expect(session.acceptedAt).not.toBeNull();
    expect(session.events).toMatchObject([
      { kind: 'accept', text: 'Has its machines: machine-1 on a of p, machine-2 on b of q.' },
    ]);
    expect(await streams()).toEqual(['pool:p', 'pool:q', 'pools', 'session:s', 'sessions']);
    await fresh.database.$transaction((tx) => markMachines(tx, 's-machines', 'running'));
    expect(await end('s-machines')).toEqual(expect.arrayContaining(['p', 'q']));
    expect(await end('s-machines')).toEqual([]);
    expect(await held('s-machines')).toEqual([]);
  });
});

test('who gives up at the moment in which he is served holds nothing', async () => {
  await addCluster(fresh.database, 'p', { machines: ['a'] });
  await wish(fresh.database, 'w', { p: 1 });
  const { ending } = await fresh.database.$transaction(
    async (tx) => {
      const [own] = await tx.$queryRaw<{ pid: number }[]>`
        SELECT pg_backend_pid() AS pid FROM reservation WHERE id = 'w' FOR UPDATE`;
      const given = end('w');
      await blocks(own?.pid);
      const machine = { component: 'machine-1', pool: 'p', environmentId: 'local', clusterId: 'p', instanceId: 'a' };
      await tx.reservationMachine.create({ data: { reservationId: 'w', ...machine } });
      await tx.reservation.update({ where: { id: 'w' }, data: { state: 'held', heldAt: new Date() } });
      return { ending: given };
    },
    { timeout: 20_000 },
  );
  expect(await ending).toEqual(['p']);
  expect(await held('w')).toEqual([]);
});

test('a session that is cancelled at the moment in which it is served has its machines, and nothing fails', async () => {
  await addCluster(fresh.database, 'p', { machines: ['a'] });
  await queueSession(fresh.database, 's', { p: 1 });
  const ADA = { kind: 'person', id: 'ada', name: 'ada' } as const;
  const order = { sessionId: 's', actor: ADA, requestId: 'r', from: 'queued' } as const;
  const { cancelling } = await fresh.database.$transaction(
    async (tx) => {
      const [own] = await tx.$queryRaw<{ pid: number }[]>`
        SELECT pg_backend_pid() AS pid FROM reservation WHERE id = 's-machines' FOR UPDATE`;
      // Looked at after the transaction, which would otherwise end before it if it fails.
      const cancelled = Promise.allSettled([new PostgresSessionCommands(fresh.database).cancelQueued(order)]);
      await blocks(own?.pid);
      await tx.reservation.update({ where: { id: 's-machines' }, data: { state: 'held', heldAt: new Date() } });
      await tx.session.update({ where: { id: 's', state: 'queued' }, data: { state: 'accepted' } });
      return { cancelling: cancelled };
    },
    { timeout: 20_000 },
  );
  expect(await cancelling).toEqual([{ status: 'fulfilled', value: false }]);
  expect(await fresh.database.session.findUniqueOrThrow({ where: { id: 's' } })).toMatchObject({ state: 'accepted' });
});

describe('fairness', () => {
  test('higher priority goes first', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a'] });
    await wish(fresh.database, 'usual', { p: 1 }, { waitedMs: 2_000 });
    await wish(fresh.database, 'urgent', { p: 1 }, { waitedMs: 1_000, priority: 5 });
    expect(await reservations.allocate()).toEqual(['urgent']);
  });

  test('who has waited for two minutes holds machines as they come free', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a', 'b'] });
    await wish(fresh.database, 'busy', { p: 1 }, { waitedMs: 200_000 });
    await reservations.allocate();
    await wish(fresh.database, 'large', { p: 2 }, { waitedMs: 119_000 });
    await wish(fresh.database, 'small', { p: 1 });
    await fresh.database.reservation.update({
      where: { id: 'large' },
      data: { requestedAt: new Date(Date.now() - 121_000) },
    });
    expect(await reservations.allocate()).toEqual([]);
    await end('busy');
    expect(await reservations.allocate()).toEqual(['large']);
  });

  test('a session that fits keeps its place while no worker has room for it', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a', 'b'] });
    await queueSession(fresh.database, 's', { p: 1 }, { waitedMs: 3_000 });
    await queueSession(fresh.database, 't', { p: 1 }, { waitedMs: 2_000 });
    await wish(fresh.database, 'ada', { p: 1 }, { waitedMs: 1_000 });
    room = 0;
    expect(await reservations.allocate()).toEqual([]);
    room = 1;
    expect(await reservations.allocate()).toEqual(['s-machines']);
    // It is accepted and nobody runs it yet, so the room is taken.
    expect(await reservations.allocate()).toEqual([]);
    await fresh.database.session.update({ where: { id: 's' }, data: { leaseOwner: 'w' } });
    expect(await reservations.allocate()).toEqual(['t-machines']);
  });

  test('a session that is over waits no more, whatever its reservation says', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a'] });
    await queueSession(fresh.database, 's', { p: 1 }, { waitedMs: 3_000 });
    await fresh.database.session.update({ where: { id: 's' }, data: { state: 'ended' } });
    await wish(fresh.database, 'ada', { p: 1 });
    expect(await reservations.allocate()).toEqual(['ada']);
  });
});

describe('a machine is given to nobody', () => {
  test.each<[string, Partial<MachineFacts>]>([
    ['that is not healthy', { health: 'unhealthy' }],
    ['whose health is not known', { health: 'unknown' }],
    ['that starts', { state: 'starting' }],
    ['that drains', { state: 'draining' }],
    ['that is labelled for another pool', { labels: { pool: 'q' } }],
    ['whose label is no name of a pool', { labels: { pool: 'two words' } }],
  ])('%s', async (_, facts) => {
    await addCluster(fresh.database, 'p', { machines: [{ id: 'a', ...facts }] });
    await wish(fresh.database, 'ada', { p: 1 });
    expect(await reservations.allocate()).toEqual([]);
  });

  test('whose facts are older than a minute', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a'], observedAgoMs: 61_000 });
    await wish(fresh.database, 'ada', { p: 1 });
    expect(await reservations.allocate()).toEqual([]);
  });

  test('in maintenance, until it is over', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a'] });
    const maintenance = { clusterId: 'p', instanceId: 'a', note: 'fan', byName: 'ada' };
    await fresh.database.maintenance.create({ data: { ...maintenance, until: new Date(Date.now() + 60_000) } });
    await wish(fresh.database, 'ada', { p: 1 });
    expect(await reservations.allocate()).toEqual([]);
    await fresh.database.maintenance.updateMany({ data: { until: new Date(Date.now() - 1) } });
    expect(await reservations.allocate()).toEqual(['ada']);
  });

  test('while its pool is paused', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a'] });
    await fresh.database.pool.create({ data: { name: 'p', pausedAt: new Date() } });
    await wish(fresh.database, 'ada', { p: 1 });
    expect(await reservations.allocate()).toEqual([]);
    await fresh.database.pool.updateMany({ data: { pausedAt: null } });
    expect(await reservations.allocate()).toEqual(['ada']);
  });

  test('that a running cycle drains next, or has ordered to drain', async () => {
    await addCluster(fresh.database, 'p', {
      machines: ['a', 'b', 'c', 'd'].map((id, index) => ({ id, config: 'old', createdAt: index + 1 })),
    });
    const body = { policy: { batch: 1, order: ['oldest'] }, config: { targetSize: 4, minSize: 3, maxSize: 5 } };
    const cycle = { environmentId: 'local', clusterId: 'p' };
    await fresh.database.plan.create({
      data: { id: 'pln', ...cycle, authorId: 'ada', state: 'approved', fingerprint: 'f', body, expiresAt: new Date() },
    });
    await fresh.database.cycle.create({ data: { id: 'cyc', planId: 'pln', ...cycle, state: 'running' } });
    await fresh.database.cycleInstance.createMany({
      data: ['a', 'b', 'c'].map((instanceId) => ({ cycleId: 'cyc', instanceId, role: 'planned', decision: 'replace' })),
    });
    const intent = { cycleId: 'cyc', step: 1, kind: 'drain', fence: 1n, deadline: new Date() };
    await fresh.database.intent.create({ data: { id: 'i', ...intent, ordinal: 0, instanceId: 'c', token: 't' } });
    await wish(fresh.database, 'ada', { p: 2 });
    expect(await reservations.allocate()).toEqual(['ada']);
    expect(await held('ada')).toEqual(['b', 'd']);
    // Ordered is c, next is a.
    await fresh.database.cycle.update({ where: { id: 'cyc' }, data: { state: 'completed' } });
    await wish(fresh.database, 'bob', { p: 2 });
    expect(await reservations.allocate()).toEqual(['bob']);
  });
});

test('the longest idle goes first, an outdated one last', async () => {
  await addCluster(fresh.database, 'p', { machines: [{ id: 'a', config: 'old' }, 'b', 'c'] });
  await wish(fresh.database, 'one', { p: 1 });
  await reservations.allocate();
  expect(await held('one')).toEqual(['b']);
  await end('one');
  await wish(fresh.database, 'three', { p: 3 });
  await reservations.allocate();
  expect(await held('three')).toEqual(['c', 'b', 'a']);
});

test('a session gets machines that run components, on this host; a person gets the others first', async () => {
  await addEnvironment(fresh.database, 'sim', 'simulator');
  await addEnvironment(fresh.database, 'far', 'local', 'another-host');
  const labels = { pool: 'p' };
  await addCluster(fresh.database, 'here', { labels, machines: ['here-1'] });
  await addCluster(fresh.database, 'there', { labels, environmentId: 'far', machines: ['there-1'] });
  await addCluster(fresh.database, 'sim', { labels, environmentId: 'sim', machines: ['sim-1'] });
  const onHost = new PostgresReservations(fresh.database, { room: () => 9, hostId: 'this-host' });
  await wish(fresh.database, 'ada', { p: 1 }, { waitedMs: 3_000 });
  await queueSession(fresh.database, 's', { p: 1 }, { waitedMs: 2_000 });
  await queueSession(fresh.database, 't', { p: 1 }, { waitedMs: 1_000 });
  expect(await onHost.allocate()).toEqual(['ada', 's-machines']);
  expect(await held('s-machines')).toEqual(['here-1']);
  expect(await reservations.allocate()).toEqual(['t-machines']);
  expect((await held('t-machines'))[0]).toMatch('there-1');
});

describe('what is over ends by itself', () => {
  const upkeep = () => new PostgresPoolUpkeep(fresh.database);
  const reasonOf = async (id: string) =>
    (await fresh.database.reservation.findUniqueOrThrow({ where: { id } })).endReason;

  test('a lease, whose machines the next one gets', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a'] });
    await wish(fresh.database, 'ada', { p: 1 }, { leaseMs: 60_000, waitedMs: 1_000 });
    await wish(fresh.database, 'bob', { p: 1 });
    await reservations.allocate();
    await upkeep().endWhatIsOver();
    expect(await reasonOf('ada')).toBeNull();
    await fresh.database.reservation.update({ where: { id: 'ada' }, data: { expiresAt: new Date(Date.now() - 1) } });
    await fresh.database.event.deleteMany();
    await upkeep().endWhatIsOver();
    expect(await reasonOf('ada')).toBe('expired');
    expect(await streams()).toEqual(['pool:p', 'pools']);
    expect(await reservations.allocate()).toEqual(['bob']);
  });

  test('the reservation of a session that ended, or of a person who may not sign in any more', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a', 'b'] });
    await queueSession(fresh.database, 's', { p: 1 });
    for (const id of ['eve', 'ada']) {
      const person = { id, name: id, email: id, disabledAt: id === 'eve' ? new Date() : null };
      await fresh.database.user.upsert({ where: { id }, create: person, update: {} });
    }
    await wish(fresh.database, 'eves', { p: 1 }, { holderId: 'eve' });
    await wish(fresh.database, 'adas', { p: 1 }, { holderId: 'ada' });
    await reservations.allocate();
    await fresh.database.session.update({ where: { id: 's' }, data: { state: 'ended' } });
    await upkeep().endWhatIsOver();
    expect(await Promise.all(['s-machines', 'eves', 'adas'].map(reasonOf))).toEqual([
      'session-ended',
      'holder-gone',
      null,
    ]);
  });

  test('a hold on a machine that is gone, and maintenance', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a', 'b'] });
    await wish(fresh.database, 'ada', { p: 1 });
    await reservations.allocate();
    const maintenance = { clusterId: 'p', instanceId: 'b', note: 'fan', byName: 'ada' };
    await fresh.database.maintenance.create({ data: { ...maintenance, until: new Date(Date.now() - 1) } });
    await fresh.database.instance.deleteMany({ where: { id: 'a' } });
    await upkeep().endWhatIsOver();
    expect(await held('ada')).toEqual([]);
    expect(await fresh.database.maintenance.count()).toBe(0);
  });

  test('how pools are used is noted once a minute, whoever does', async () => {
    await addCluster(fresh.database, 'p', { machines: ['a', { id: 'b', health: 'unhealthy' }] });
    await wish(fresh.database, 'ada', { p: 2 }, { waitedMs: 5_000 });
    const now = Date.now();
    await Promise.all([upkeep().sample(now), upkeep().sample(now)]);
    const samples = await fresh.database.poolSample.findMany();
    expect(samples).toMatchObject([{ pool: 'p', parts: { available: 1, bad: 1, inUse: 0 }, waiting: 1 }]);
    expect(Number(samples[0]?.oldestWaitMs)).toBeGreaterThanOrEqual(5_000);
    expect(samples[0]?.at.getTime()).toBe(now - (now % 60_000));
  });
});
