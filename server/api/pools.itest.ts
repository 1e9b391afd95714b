import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { addCluster, addEnvironment, clearPools, queueSession, wish } from '../adapters/postgres/test-pools.ts';
import { composeWeb, type Services } from '../compose.ts';
import type { Role } from '../contract/people.ts';
import { createCaller } from './app-router.ts';

let fresh: TestDatabase;
let services: Services;

beforeAll(async () => {
  fresh = await createTestDatabase();
  services = composeWeb({
    databaseUrl: fresh.url,
    key: new Uint8Array(32).fill(7),
    publicUrl: 'http://127.0.0.1:3000',
    trustedProxies: [],
    localMachines: true,
  });
  for (const [id, role, disabledAt] of [
    ['ada', 'operator', null],
    ['bob', 'operator', null],
    ['eve', 'viewer', null],
    ['joe', 'operator', new Date()],
  ] as const) {
    await fresh.database.user.create({ data: { id, name: id, email: id, role, disabledAt } });
  }
});
afterAll(async () => {
  await services.close();
  await fresh.drop();
});
beforeEach(async () => {
  await addEnvironment(fresh.database, 'local');
  await addCluster(fresh.database, 'workers', { machines: ['a', 'b', { id: 'c', health: 'unhealthy' }] });
});
afterEach(() => clearPools(fresh.database));

function as(id: string, role: Role = 'operator') {
  const viewer = { id, name: id, email: `${id}@example.com`, role };
  return createCaller({ viewer, sessionId: 's', requestId: 'request', services, now: Date.now() });
}

const MINUTE = 60_000;
const reserve = (id: string, count: number, pool = 'workers') =>
  as(id).reservation.reserve({ wants: [{ pool, count }], purpose: 'a look', forMs: 10 * MINUTE });
const verbs = async () =>
  (await fresh.database.activity.findMany({ orderBy: { id: 'desc' }, take: 1 })).map(({ verb }) => verb)[0];

describe('a reservation', () => {
  test('gets its machines at once where they are free, and says until when', async () => {
    const row = await reserve('ada', 2);
    expect(row).toMatchObject({ state: 'held', holderName: 'ada', leaseMs: 10 * MINUTE, position: null });
    expect(row.machines.map(({ instanceId, state }) => [instanceId, state])).toEqual([
      ['a', 'reserved'],
      ['b', 'reserved'],
    ]);
    expect((row.expiresAt ?? 0) - (row.heldAt ?? 0)).toBe(10 * MINUTE);
    const pool = await as('eve', 'viewer').pool.byName({ name: 'workers' });
    expect(pool.parts).toMatchObject({ reserved: 2, bad: 1, available: 0 });
    expect(pool.machines[0]?.holder).toMatchObject({ holderName: 'ada', until: row.expiresAt, lengthMs: 10 * MINUTE });
    expect(pool.waits).toMatchObject({ samples: 1 });
  });

  test('waits where they are not, with its place and why', async () => {
    await reserve('ada', 1);
    const first = await reserve('bob', 2);
    const second = await reserve('ada', 3);
    expect(first).toMatchObject({ state: 'waiting', position: 1, heldAt: null });
    expect(second).toMatchObject({ state: 'waiting', position: 2 });
    const { queue, waiting, oldestWaitSince } = await as('eve', 'viewer').pool.byName({ name: 'workers' });
    expect({ waiting, oldestWaitSince }).toEqual({ waiting: 2, oldestWaitSince: first.requestedAt });
    expect(queue).toMatchObject([
      { position: 1, ahead: [], why: 'needs 2 of workers, 1 is free', holderName: 'bob' },
      { position: 2, ahead: ['a look'], why: 'needs 3 of workers, 1 is free', estimate: null },
    ]);
    // Ada's lease ends in ten minutes; nobody can say it for the second.
    expect((queue[0]?.estimate?.p50 ?? 0) - Date.now()).toBeLessThanOrEqual(10 * MINUTE);
    expect((queue[0]?.estimate?.p50 ?? 0) - Date.now()).toBeGreaterThan(9 * MINUTE);
  });

  test('that can never be had is refused with the numbers', async () => {
    await expect(reserve('ada', 4)).rejects.toMatchObject({
      cause: { code: 'POOL_CAPACITY', details: { name: 'workers', requested: 4, capacity: 3 } },
    });
    await expect(reserve('ada', 1, 'nowhere')).rejects.toMatchObject({ cause: { code: 'POOL_UNKNOWN' } });
    expect(await fresh.database.reservation.count()).toBe(0);
  });

  test('of machines that are declared and not there yet waits', async () => {
    await fresh.database.cluster.updateMany({ data: { targetSize: 4 } });
    expect((await reserve('ada', 4)).state).toBe('waiting');
  });

  test('is extended, handed over and released by who holds it or an administrator, and each is told', async () => {
    const { id: reservationId, expiresAt } = await reserve('ada', 1);
    const refused = { cause: { code: 'RESERVATION_STATE', details: { why: 'only ada or an administrator may' } } };
    await expect(as('bob').reservation.extend({ reservationId, byMs: MINUTE })).rejects.toMatchObject(refused);
    await expect(as('bob').reservation.release({ reservationId })).rejects.toMatchObject(refused);

    await as('ada').reservation.extend({ reservationId, byMs: MINUTE });
    expect(await verbs()).toBe('extended the reservation');
    const extended = await as('ada').reservation.byId({ reservationId });
    expect(extended).toMatchObject({ expiresAt: (expiresAt ?? 0) + MINUTE, leaseMs: 11 * MINUTE });

    for (const userId of ['eve', 'joe', 'nobody']) {
      await expect(as('ada').reservation.handOver({ reservationId, userId })).rejects.toThrow();
    }
    await as('ada').reservation.handOver({ reservationId, userId: 'bob' });
    expect(await verbs()).toBe('handed over the reservation');
    expect(await as('bob').reservation.byId({ reservationId })).toMatchObject({
      holderName: 'bob',
      actions: { extend: true, release: true, 'hand-over': true },
    });

    await as('root', 'administrator').reservation.release({ reservationId });
    expect(await verbs()).toBe('released the reservation');
    await as('bob').reservation.release({ reservationId });
    expect(await as('bob').reservation.byId({ reservationId })).toMatchObject({
      state: 'ended',
      endReason: 'released',
      machines: [{ state: 'released' }],
      actions: { extend: 'it has ended' },
    });
  });

  test('that waits is cancelled by its release', async () => {
    const { id: reservationId } = await reserve('ada', 3);
    await as('ada').reservation.release({ reservationId });
    expect(await as('ada').reservation.byId({ reservationId })).toMatchObject({ endReason: 'cancelled' });
  });

  test('of a session follows its session', async () => {
    await queueSession(fresh.database, 'nightly', { workers: 1 });
    const reservationId = 'nightly-machines';
    await expect(as('root', 'administrator').reservation.release({ reservationId })).rejects.toMatchObject({
      cause: { code: 'RESERVATION_STATE', details: { why: 'it follows its session: cancel that instead' } },
    });
  });

  test('is found by pool, state, holder and word', async () => {
    const mine = await reserve('ada', 1);
    const other = await reserve('bob', 3);
    const ids = async (input: Parameters<ReturnType<typeof as>['reservation']['list']>[0]) =>
      (await as('ada').reservation.list(input)).rows.map(({ id }) => id);
    expect(await ids({})).toEqual([other.id, mine.id]);
    expect(await ids({ holder: 'me' })).toEqual([mine.id]);
    expect(await ids({ state: 'waiting' })).toEqual([other.id]);
    expect(await ids({ state: 'open', pool: 'workers', q: 'BOB look' })).toEqual([other.id]);
    expect(await ids({ pool: 'nowhere' })).toEqual([]);
    const first = await as('ada').reservation.list({ limit: 1 });
    expect(first.total).toBe(2);
    expect(await ids({ limit: 1, cursor: first.nextCursor })).toEqual([mine.id]);
  });
});

describe('before a wish is made', () => {
  const ask = (count: number, kind: 'session' | 'manual' = 'manual', pool = 'workers') =>
    as('eve', 'viewer').pool.availability({ wants: [{ pool, count }], kind });

  test('it says what is free, how long it takes, or that it can never be', async () => {
    expect(await ask(2)).toMatchObject({ answer: 'now', sentence: '2 free now.', ahead: 0 });
    expect(await ask(4)).toMatchObject({ answer: 'never', sentence: 'Workers has 3 machines and 4 are needed.' });
    expect(await ask(1, 'manual', 'nowhere')).toMatchObject({ answer: 'never', sentence: 'There is no pool nowhere.' });
    await reserve('ada', 2);
    const later = await ask(1);
    expect(later).toMatchObject({ answer: 'later', ahead: 0, pools: [{ available: 0, capacity: 3, problem: null }] });
    expect(later.sentence).toMatch(/^About (9|10) min: needs 1 of workers, 0 are free\.$/);
    await wish(fresh.database, 'first', { workers: 1 });
    expect(await ask(1)).toMatchObject({
      answer: 'later',
      ahead: 1,
      sentence: '1 other is ahead: needs 1 of workers, 0 are free.',
    });
  });

  test('it says so where no machine could run components, or too few', async () => {
    await addEnvironment(fresh.database, 'sim', 'simulator');
    await addCluster(fresh.database, 'sims', { environmentId: 'sim', machines: ['x'] });
    expect(await ask(1, 'manual', 'sims')).toMatchObject({ answer: 'now' });
    const never = { answer: 'never', sentence: 'No machine of sims can run components.' };
    expect(await ask(1, 'session', 'sims')).toMatchObject(never);
    await addCluster(fresh.database, 'more', { environmentId: 'sim', labels: { pool: 'workers' }, machines: ['y'] });
    expect(await ask(4)).toMatchObject({ answer: 'later' });
    expect(await ask(4, 'session')).toMatchObject({
      answer: 'never',
      sentence: 'Workers has 3 machines and 4 are needed.',
    });
    expect(await ask(2, 'session')).toMatchObject({ answer: 'now', sentence: '2 free now.' });
  });
});

test('a paused pool gives out nothing until it goes on', async () => {
  await as('ada').pool.pause({ name: 'workers', note: 'new switch' });
  expect(await verbs()).toBe('paused the pool');
  expect((await reserve('bob', 1)).state).toBe('waiting');
  const pool = await as('bob').pool.byName({ name: 'workers' });
  expect(pool.paused).toMatchObject({ note: 'new switch', byName: 'ada' });
  expect(pool.queue).toMatchObject([{ why: 'workers is paused', estimate: null }]);
  await as('ada').pool.resume({ name: 'workers' });
  expect(await verbs()).toBe('resumed the pool');
  expect((await as('bob').pool.byName({ name: 'workers' })).queue).toMatchObject([
    { why: 'its machines are free; it gets them next' },
  ]);
  await expect(as('ada').pool.pause({ name: 'nowhere', note: 'x' })).rejects.toMatchObject({
    cause: { code: 'POOL_UNKNOWN' },
  });
});

test('maintenance waits for who holds the machine, and ends when somebody says so', async () => {
  const { id: reservationId } = await reserve('ada', 1);
  const machine = { clusterId: 'workers', instanceId: 'a' };
  await as('bob').pool.startMaintenance({ ...machine, note: 'fan', forMs: null });
  expect(await verbs()).toBe('put into maintenance');
  const parts = async () => (await as('bob').pool.list()).rows[0]?.parts;
  expect(await parts()).toMatchObject({ reserved: 1, maintenance: 0, available: 1 });
  await as('ada').reservation.release({ reservationId });
  expect(await parts()).toMatchObject({ reserved: 0, maintenance: 1, available: 1 });
  const [row] = (await as('bob').pool.byName({ name: 'workers' })).machines;
  expect(row).toMatchObject({ state: 'maintenance', part: 'maintenance', maintenance: { note: 'fan', byName: 'bob' } });
  await as('bob').pool.endMaintenance(machine);
  expect(await parts()).toMatchObject({ maintenance: 0, available: 2 });
  const unknown = { ...machine, instanceId: 'nobody', note: 'fan', forMs: null };
  await expect(as('bob').pool.startMaintenance(unknown)).rejects.toMatchObject({ cause: { code: 'INSTANCE_UNKNOWN' } });
});
