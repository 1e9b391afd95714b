import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endReservation, markMachines, PostgresReservations } from './reservations.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { addCluster, addEnvironment, clearPools, queueSession, wish } from './test-pools.ts';

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
      for (let waiting: unknown[] = []; waiting.length === 0; ) {
        waiting = await fresh.database.$queryRaw<unknown[]>`
          SELECT 1 FROM pg_stat_activity WHERE ${own?.pid}::int = ANY(pg_blocking_pids(pid))`;
      }
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
