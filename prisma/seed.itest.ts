import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../server/adapters/postgres/test-database.ts';
import { seed } from './seed.ts';
import { fleetClusters } from './seed-fleet.ts';

let db: TestDatabase;

const fill = () =>
  seed({
    database: db.database,
    hostId: 'host',
    dataDirectory: '/nowhere',
    localMachines: false,
    log: pino({ level: 'silent' }),
  });

beforeAll(async () => {
  db = await createTestDatabase();
  await fill();
});

afterAll(() => db.drop());

test('an empty installation gets forty clusters and two thousand machines beside the ten of the demo', async () => {
  const clusters = await db.database.cluster.groupBy({
    by: ['environmentId'],
    _count: true,
    orderBy: { environmentId: 'asc' },
  });
  expect(clusters.map((one) => [one.environmentId, one._count])).toEqual([
    ['env_simulated', 10],
    ['env_staging', 40],
  ]);
  const machines = await db.database.simInstance.groupBy({
    by: ['environmentId'],
    _count: true,
    orderBy: { environmentId: 'asc' },
  });
  expect(machines.map((one) => [one.environmentId, one._count])).toEqual([
    ['env_simulated', 300],
    ['env_staging', 2_000],
  ]);
});

test('the second start fills nothing', async () => {
  const before = await db.database.event.count();
  await fill();
  expect(await db.database.event.count()).toBe(before);
});

test('each machine runs a version that its cluster was declared with', async () => {
  const strangers = await db.database.$queryRaw<{ id: string }[]>`
    SELECT id FROM sim_instance AS machine WHERE NOT EXISTS (
      SELECT 1 FROM cluster_config AS known
      WHERE known.cluster_id = machine.cluster_id AND known.config = machine.tags ->> 'infrakit.config_sha')`;
  expect(strangers).toEqual([]);
});

test('the fleet is the same in every installation, but for the present moment', () => {
  const shape = (now: number) =>
    fleetClusters(now).map(({ declaredMs, ...rest }) => ({
      ...rest,
      declared: declaredMs.map((at) => at - now),
    }));
  expect(shape(2_000_000_000_000)).toEqual(shape(1_000_000_000_000));
});

test('the fleet is varied: sizes, drift, versions, and instances that are not as the others', () => {
  const clusters = fleetClusters(0);
  const sizes = clusters.map(({ size }) => size);
  expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([8, 320]);
  expect(clusters.every(({ size, groups }) => size === groups.reduce((sum, { count }) => sum + count, 0))).toBe(true);
  expect(new Set(clusters.map(({ specs }) => specs.length))).toEqual(new Set([1, 2, 3]));
  const groups = clusters.flatMap((cluster) => cluster.groups);
  for (const condition of ['healthy', 'unhealthy', 'stuck-drain']) {
    expect(
      groups.some((group) => group.condition === condition),
      condition,
    ).toBe(true);
  }
  for (const protection of ['protected', 'standby']) {
    expect(
      groups.some((group) => group.protection === protection),
      protection,
    ).toBe(true);
  }
});
