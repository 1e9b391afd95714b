import { afterAll, beforeAll, expect, test } from 'vitest';
import { cycleListSchema } from '../../contract/cycle.ts';
import { PostgresCycleQueries } from './cycle-queries.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let fresh: TestDatabase;
let cycles: PostgresCycleQueries;

beforeAll(async () => {
  fresh = await createTestDatabase();
  cycles = new PostgresCycleQueries(fresh.database);
  for (const environment of ['lab', 'prod']) {
    const environmentId = `env_${environment}`;
    await fresh.database.environment.create({ data: { id: environmentId, name: environment, kind: 'simulator' } });
    for (const name of ['web', 'checkout']) await cycleOf(environmentId, `${environment}-${name}`, name);
  }
});
afterAll(() => fresh.drop());

async function cycleOf(environmentId: string, clusterId: string, name: string): Promise<void> {
  const of = { clusterId, environmentId };
  const sizes = { minSize: 0, targetSize: 2, maxSize: 4 };
  await fresh.database.cluster.create({
    data: { id: clusterId, environmentId, name, spec: {}, config: 'v1', ...sizes },
  });
  const planId = `pln_${clusterId}`;
  const expiresAt = new Date(Date.now() + 60_000);
  await fresh.database.plan.create({
    data: { id: planId, ...of, state: 'approved', authorId: 'ada', fingerprint: 'f', body: {}, expiresAt },
  });
  await fresh.database.cycle.create({ data: { id: `cyc_${clusterId}`, planId, ...of, state: 'completed' } });
}

test.each([
  [{}, ['cyc_prod-web', 'cyc_prod-checkout', 'cyc_lab-web', 'cyc_lab-checkout']],
  [{ environment: 'lab' }, ['cyc_lab-web', 'cyc_lab-checkout']],
  [{ environment: 'lab', q: 'WEB' }, ['cyc_lab-web']],
  [{ environment: 'nowhere' }, []],
])('of %j the list and its count know the same cycles', async (input, ids) => {
  const page = await cycles.list(cycleListSchema.parse(input));
  expect([page.rows.map(({ id }) => id), page.total]).toEqual([ids, ids.length]);
});

test('of a long cycle the whole is told: the first sample, the newest, the lowest, and some of every stretch', async () => {
  const from = Date.now();
  const cycleId = 'cyc_prod-web';
  await fresh.database.$executeRaw`
    INSERT INTO cycle_sample (cycle_id, at, in_service, started_new, started_old, starting, draining, drained,
      terminating, unhealthy)
    SELECT ${cycleId}, to_timestamp((${from}::float8 + second * 1000) / 1000),
      CASE second WHEN 7001 THEN 1 ELSE 4 - second % 2 END, 1, 3, 0, 0, 0, 0, 0
    FROM generate_series(0, 11999) AS second`;
  const { samples } = await cycles.byId(cycleId);
  const seconds = samples.map(({ at }) => (at - from) / 1_000);
  expect(samples.length).toBeLessThanOrEqual(5_001);
  expect(samples[0]).toMatchObject({ at: from, startedOld: 3, inService: 4 });
  expect(seconds.at(-1)).toBe(11_999);
  expect(seconds.filter((_, index) => samples[index]?.inService === 1)).toEqual([7_001]);
  const gaps = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
  expect([Math.min(...gaps) > 0, Math.max(...gaps) <= 5]).toEqual([true, true]);
});

test('of a cycle with few samples all are told, in the order of time', async () => {
  const counts = { startedNew: 1, startedOld: 3, starting: 0, draining: 0, drained: 0, terminating: 0, unhealthy: 0 };
  const cycleId = 'cyc_lab-web';
  const data = [5, 3, 4, 2].map((inService, index) => ({ ...counts, cycleId, at: new Date(index * 1_000), inService }));
  await fresh.database.cycleSample.createMany({ data: data.toReversed() });
  const { samples } = await cycles.byId(cycleId);
  expect(samples.map(({ at, inService }) => [at, inService])).toEqual([
    [0, 5],
    [1_000, 3],
    [2_000, 4],
    [3_000, 2],
  ]);
});

test('those that go on come first, then those that have ended, the last first, over all pages', async () => {
  // They end in another order than they began in, two of them in the same millisecond.
  const ended = { 'lab-checkout': 4_000, 'lab-web': 3_000, 'prod-web': 3_000 };
  for (const [clusterId, at] of Object.entries(ended)) await end(clusterId, new Date(at));
  await cycleOf('env_lab', 'lab-api', 'api');
  const goOn = { in: ['cyc_prod-checkout', 'cyc_lab-api'] };
  await fresh.database.cycle.updateMany({ where: { id: goOn }, data: { state: 'running' } });
  const pages: string[][] = [];
  let cursor: string | null | undefined;
  do {
    const page = await cycles.list(cycleListSchema.parse({ cursor, limit: 1 }));
    pages.push(page.rows.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  const ids = ['cyc_prod-checkout', 'cyc_lab-api', 'cyc_lab-checkout', 'cyc_prod-web', 'cyc_lab-web'];
  expect(pages).toEqual(ids.map((id) => [id]));
});

test('an address with a cursor that no page gave is refused at the door', () => {
  expect(cycleListSchema.safeParse({ cursor: 'cyc_1 yesterday' }).success).toBe(false);
});

async function end(clusterId: string, endedAt: Date): Promise<void> {
  await fresh.database.cycle.update({ where: { id: `cyc_${clusterId}` }, data: { endedAt } });
}

test('that somebody else has changed a setting is said by facts that are newer than the change of the cycle', async () => {
  const [cycleId, clusterId, changedAt] = ['cyc_lab-web', 'lab-web', new Date(50_000)];
  const entry = { cycleId, clusterId, before: 'active', during: 'suspended', deadline: new Date(0), changedAt };
  await fresh.database.restoreEntry.create({ data: { id: 'rst_1', setting: 'autoscaling', ...entry } });
  const drifted = async (at: number) => {
    await fresh.database.cluster.update({
      where: { id: clusterId },
      data: { observedAt: new Date(at), autoscaling: 'active' },
    });
    return (await cycles.byId(cycleId)).settings.map((setting) => [setting.changed, setting.drifted]);
  };
  expect(await drifted(50_000)).toEqual([[1, []]]);
  expect(await drifted(50_001)).toEqual([[1, [{ instanceId: null, before: 'active', now: 'active' }]]]);
});
