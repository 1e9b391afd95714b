import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterListSchema } from '../../contract/cluster.ts';
import { instanceCellsSchema, instanceListSchema } from '../../contract/instance.ts';
import { PostgresClusterQueries } from './cluster-queries.ts';
import { PostgresInstanceQueries } from './instance-queries.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let db: TestDatabase;
let clusters: PostgresClusterQueries;
let instances: PostgresInstanceQueries;

interface Given {
  readonly state?: string;
  readonly config?: string;
  readonly forMs?: number;
  readonly health?: string;
  readonly zone?: string;
  readonly protection?: string;
  readonly workloads?: readonly { name: string; since: null }[];
  readonly labels?: Record<string, string>;
}

async function cluster(
  id: string,
  environmentId: string,
  given: { team: string; driftMs: number; cycle?: string },
  machines: Record<string, Given>,
) {
  const now = Date.now();
  await db.database.cluster.create({
    data: {
      id,
      environmentId,
      name: id,
      spec: {},
      config: 'v2',
      labels: { team: given.team },
      minSize: 0,
      targetSize: 1,
      maxSize: 9,
      configs: {
        create: [
          { config: 'v1', version: 1, spec: {}, createdAt: new Date(now - 90 * DAY) },
          { config: 'v2', version: 2, spec: {}, createdAt: new Date(now - given.driftMs) },
        ],
      },
      instances: {
        create: Object.entries(machines).map(([name, one]) => ({
          id: name,
          state: one.state ?? 'started',
          config: one.config ?? 'v2',
          stateSince: new Date(now - (one.forMs ?? MINUTE)),
          health: one.health ?? null,
          zone: one.zone ?? null,
          protection: one.protection ?? null,
          workloads: [...(one.workloads ?? [])],
          labels: one.labels ?? {},
          seenAt: new Date(now),
        })),
      },
    },
  });
  if (given.cycle !== undefined) {
    const plan = {
      id: `plan_${id}`,
      clusterId: id,
      environmentId,
      state: 'approved',
      authorId: 'u',
      fingerprint: 'f',
      body: {},
      expiresAt: new Date(now),
    };
    await db.database.plan.create({ data: plan });
    await db.database.cycle.create({
      data: { id: `cyc_${id}`, planId: plan.id, clusterId: id, environmentId, state: given.cycle },
    });
  }
}

beforeAll(async () => {
  db = await createTestDatabase();
  clusters = new PostgresClusterQueries(db.database, () => {
    throw new Error('a list needs no policy');
  });
  instances = new PostgresInstanceQueries(db.database);
  await db.database.environment.createMany({
    data: [
      { id: 'e1', name: 'demo', kind: 'simulator' },
      { id: 'e2', name: 'big site', kind: 'simulator' },
    ],
  });
  await cluster(
    'web',
    'e1',
    { team: 'storefront', driftMs: 3 * DAY, cycle: 'paused' },
    {
      'web-1': { config: 'v1', zone: 'zone-a', protection: 'protected' },
      'web-2': { state: 'draining', forMs: 20 * MINUTE, zone: 'zone-b' },
      'web-3': { state: 'draining', forMs: MINUTE, labels: { team: 'lab' } },
    },
  );
  await cluster(
    'api',
    'e1',
    { team: 'platform', driftMs: DAY, cycle: 'running' },
    {
      'api-1': { health: 'unhealthy', forMs: 5 * DAY, workloads: [{ name: 'job', since: null }] },
      'api-2': { state: 'draining', forMs: 2 * MINUTE, config: 'v1', protection: 'standby' },
    },
  );
  await cluster('mail', 'e2', { team: 'storefront', driftMs: 9 * DAY }, { 'mail-1': { config: 'unknown' } });
  await cluster('idle', 'e2', { team: 'Ada Byron', driftMs: 9 * DAY }, {});
});

afterAll(() => db.drop());

test.each([
  ['', ['api', 'idle', 'mail', 'web']],
  ['outdated:>0', ['api', 'mail', 'web']],
  ['outdated:no', ['idle']],
  ['-outdated:yes', ['idle']],
  ['size:>=2', ['api', 'web']],
  ['size:0', ['idle']],
  ['unhealthy:>0', ['api']],
  ['protected:yes', ['web']],
  ['standby:1', ['api']],
  ['work:>0', ['api']],
  ['env:demo', ['api', 'web']],
  ['env:"big site"', ['idle', 'mail']],
  ['-env:demo', ['idle', 'mail']],
  ['label.team:storefront', ['mail', 'web']],
  ['-label.team:storefront', ['api', 'idle']],
  ['-label.absent:x', ['api', 'idle', 'mail', 'web']],
  ['label.team:"Ada Byron"', ['idle']],
  ['cycle:active', ['api', 'web']],
  ['cycle:paused', ['web']],
  ['cycle:none', ['idle', 'mail']],
  ['-cycle:paused', ['api', 'idle', 'mail']],
  ['drift:>2d', ['mail', 'web']],
  ['drift:<2d', ['api']],
  ['state:draining', ['api', 'web']],
  ['-state:draining', ['idle', 'mail']],
  ['zone:a', ['web']],
  ['zone:zone-b state:draining', ['web']],
  // One instance has to be both.
  ['state:draining age:>10m', ['web']],
  ['zone:a state:draining', []],
  ['state:draining version:1', ['api']],
  ['-version:2', ['idle', 'mail']],
  ['mo/we', ['web']],
  ['"big site/"', ['idle', 'mail']],
  ['-a', ['idle', 'web']],
])('clusters: %s', async (q, expected) => {
  const page = await clusters.list(clusterListSchema.parse({ q }));
  expect(page.rows.map(({ name }) => name).sort()).toEqual(expected);
  expect(page.total).toBe(expected.length);
});

test.each([
  ['', ['api-1', 'api-2', 'mail-1', 'web-1', 'web-2', 'web-3']],
  ['state:draining', ['api-2', 'web-2', 'web-3']],
  ['-state:draining', ['api-1', 'mail-1', 'web-1']],
  ['outdated:yes', ['api-2', 'mail-1', 'web-1']],
  ['outdated:no', ['api-1', 'web-2', 'web-3']],
  ['age:>10m', ['api-1', 'web-2']],
  ['age:<90s', ['mail-1', 'web-1', 'web-3']],
  ['unhealthy:yes', ['api-1']],
  ['-unhealthy:yes', ['api-2', 'mail-1', 'web-1', 'web-2', 'web-3']],
  ['protected:>0', ['web-1']],
  ['standby:yes', ['api-2']],
  ['work:1', ['api-1']],
  ['version:1', ['api-2', 'web-1']],
  ['version:<2', ['api-2', 'web-1']],
  ['-version:>0', ['mail-1']],
  ['zone:zone-b', ['web-2']],
  ['-zone:a', ['api-1', 'api-2', 'mail-1', 'web-2', 'web-3']],
  ['env:"big site"', ['mail-1']],
  // What the machine itself is labelled with wins.
  ['label.team:storefront', ['mail-1', 'web-1', 'web-2']],
  ['label.team:lab', ['web-3']],
  ['WEB -state:draining', ['web-1']],
])('instances, in the list and in the cells: %s', async (q, expected) => {
  const page = await instances.list(instanceListSchema.parse({ q }));
  expect(page.rows.map(({ id }) => id).sort()).toEqual(expected);
  expect(page.total).toBe(expected.length);
  const cells = await instances.cells(instanceCellsSchema.parse({ clusterId: 'web', q }));
  expect(cells.cells.map(({ id }) => id)).toEqual(expected.filter((id) => id.startsWith('web')));
});

test('a filter that cannot be read is refused, with the place and what is possible', async () => {
  const refused = {
    code: 'INVALID_INPUT',
    details: { field: 'q', message: expect.stringMatching(/^state:asleep \(at character 5\): .*draining/) },
  };
  await expect(clusters.list(clusterListSchema.parse({ q: 'web state:asleep' }))).rejects.toMatchObject(refused);
  await expect(instances.list(instanceListSchema.parse({ q: 'web state:asleep' }))).rejects.toMatchObject(refused);
});

test('pages of instances follow each other by the order that is asked for, and none is twice in them', async () => {
  for (const sort of ['id', 'age', 'state'] as const) {
    for (const order of ['asc', 'desc'] as const) {
      const whole = await instances.list(instanceListSchema.parse({ sort, order }));
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await instances.list(instanceListSchema.parse({ sort, order, limit: 2, cursor }));
        paged.push(...page.rows.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(paged).toEqual(whole.rows.map(({ id }) => id));
      expect(new Set(paged).size).toBe(6);
    }
  }
  const byAge = await instances.list(instanceListSchema.parse({ sort: 'age' }));
  expect(byAge.rows[0]?.id).toBe('api-1');
  const byState = await instances.list(instanceListSchema.parse({ sort: 'state' }));
  expect(byState.rows.map(({ state }) => state)).toEqual([
    'started',
    'started',
    'started',
    'draining',
    'draining',
    'draining',
  ]);
});
