import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PostgresReservations } from '../adapters/postgres/reservations.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { addCluster, addEnvironment, clearPools } from '../adapters/postgres/test-pools.ts';
import { composeWeb, type Services } from '../compose.ts';
import type { Viewer } from '../contract/people.ts';
import type { SessionSpecInput } from '../contract/session.ts';
import { createCaller } from './app-router.ts';

const ADA: Viewer = { id: 'ada', name: 'Ada', email: 'ada@example.org', role: 'operator' };

let fresh: TestDatabase;
let services: Services;

beforeAll(async () => {
  fresh = await createTestDatabase();
  services = composeWeb({
    databaseUrl: fresh.url,
    key: new Uint8Array(32).fill(7),
    publicUrl: 'http://127.0.0.1:1',
    trustedProxies: [],
    localMachines: true,
  });
});
afterAll(async () => {
  await services.close();
  await fresh.drop();
});
beforeEach(async () => {
  await addEnvironment(fresh.database, 'local');
  await addCluster(fresh.database, 'workers', { machines: ['m-1', 'm-2'] });
});
afterEach(async () => {
  await clearPools(fresh.database);
  await fresh.database.session.deleteMany();
});

const caller = () => createCaller({ viewer: ADA, sessionId: 's', requestId: 'r', services, now: Date.now() });

const driver = {
  name: 'driver',
  kind: 'driver',
  pool: 'workers',
  command: ['true'],
} satisfies SessionSpecInput['components'][number];
const submit = (name: string, ...clients: string[]) =>
  caller().session.submit({
    spec: {
      name,
      components: [driver, ...clients.map((client) => ({ ...driver, name: client, kind: 'client' as const }))],
    },
  });

test('a session that names an unknown pool, or needs more machines than there are, is refused with the numbers', async () => {
  const spec = { name: 'lost', components: [{ ...driver, pool: 'none' }] };
  await expect(caller().session.submit({ spec })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    cause: { code: 'POOL_UNKNOWN', details: { name: 'none' } },
  });
  await expect(submit('large', 'client-1', 'client-2')).rejects.toMatchObject({
    code: 'PRECONDITION_FAILED',
    cause: { code: 'POOL_CAPACITY', details: { name: 'workers', requested: 3, capacity: 2 } },
  });
});

test('a spec that is wrong is refused with the paths of its fields', async () => {
  const spec = { name: 'two', components: [driver, { ...driver, pool: 'a pool' }] };
  const refusal = caller().session.submit({ spec });
  await expect(refusal).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(refusal).rejects.toThrow(/"components",\s*1,\s*"pool"/);
});

test('who waits sees who is ahead, and the list says the same', async () => {
  await submit('first', 'client');
  const second = await submit('second');
  expect(await caller().session.byId({ sessionId: second })).toMatchObject({
    position: 2,
    queue: { position: 2, ahead: ['first'] },
  });
  const { rows } = await caller().session.list({});
  expect(rows.map(({ name, position }) => [name, position])).toEqual([
    ['second', 2],
    ['first', 1],
  ]);
});

test('a cancellation and the allocation at one moment: either it is over, or it holds machines and is told to end', async () => {
  const reservations = new PostgresReservations(fresh.database, { room: () => 10, hostId: null });
  for (let round = 0; round < 15; round += 1) {
    const ids = await Promise.all([submit('a'), submit('b'), submit('c')]);
    await Promise.all([
      reservations.allocate(),
      ...ids.map((sessionId) => caller().session.cancel({ sessionId })),
      reservations.allocate(),
    ]);
    for (const sessionId of ids) {
      const { state, ordered } = await fresh.database.session.findUniqueOrThrow({ where: { id: sessionId } });
      const { state: reserved, machines } = await fresh.database.reservation.findUniqueOrThrow({
        where: { sessionId },
        include: { machines: { where: { releasedAt: null } } },
      });
      expect(ordered).toBe('cancel');
      expect([state, reserved, machines.length]).toEqual(
        state === 'ended' ? ['ended', 'ended', 0] : ['accepted', 'held', 1],
      );
    }
    await fresh.database.reservation.deleteMany();
    await fresh.database.session.deleteMany();
  }
});
