import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ClusterListInput, clusterListSchema } from '../../contract/cluster.ts';
import type { Instance } from '../../domain/cluster/cluster.ts';
import { PostgresClusterQueries } from './cluster-queries.ts';
import { FleetStore } from './fleet-store.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const NOW = Date.UTC(2026, 0, 1);
const FENCE = 3n;

let fresh: TestDatabase;
let fleet: FleetStore;

beforeAll(async () => {
  fresh = await createTestDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  fleet = new FleetStore(fresh.database);
  await fresh.database.environment.create({ data: { id: 'e', name: 'demo', kind: 'simulator', fence: FENCE } });
  await declare('c');
});
afterEach(async () => {
  await fresh.database.cycle.deleteMany();
  await fresh.database.plan.deleteMany();
  await fresh.database.cluster.deleteMany();
  await fresh.database.environment.deleteMany();
  await fresh.database.event.deleteMany();
  await fresh.database.eventStream.deleteMany();
});

async function declare(id: string, facts: { environmentId?: string; labels?: object; declaredAt?: number } = {}) {
  const { environmentId = 'e', labels = {}, declaredAt = NOW } = facts;
  const sizes = { minSize: 0, targetSize: 2, maxSize: 4 };
  await fresh.database.cluster.create({
    data: { id, environmentId, name: id, spec: {}, config: 'new', labels, ...sizes },
  });
  await fresh.database.clusterConfig.create({
    data: { clusterId: id, config: 'new', version: 2, spec: {}, createdAt: new Date(declaredAt) },
  });
}

const machine = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'old',
  createdAt: NOW - 60_000,
  updatedAt: null,
  health: 'healthy',
  healthySince: NOW - 50_000,
  zone: 'a',
  workloads: [],
  ...facts,
});

const read = (instances: readonly Instance[], at = NOW, clusterId = 'c') => ({
  clusterId,
  readAt: at,
  result: { cluster: { id: clusterId, name: clusterId, config: 'new', minSize: 0, maxSize: 4, instances } },
});

const record = (instances: readonly Instance[], at = NOW) =>
  fleet.recordObservations('e', FENCE, [read(instances, at)]);

/** Each event in the order of its stream, and those of the moment forgotten. */
async function events(): Promise<readonly (readonly [string, string])[]> {
  const rows = await fresh.database.event.findMany({ orderBy: [{ stream: 'asc' }, { seq: 'asc' }] });
  await fresh.database.event.deleteMany();
  return rows.map(({ stream, kind }) => [stream, kind]);
}

async function transitions(instanceId: string) {
  const rows = await fresh.database.instanceTransition.findMany({ where: { instanceId }, orderBy: { id: 'asc' } });
  return rows.map(({ state, at }) => [state, at.getTime()]);
}

const CHANGED = [
  ['cluster:c', 'changed'],
  ['environment:e', 'changed'],
] as const;

describe('what an observer read', () => {
  test('is what is known from then on', async () => {
    const instances = [
      machine('m-1', { createdAt: null, health: 'unhealthy', healthySince: null, protection: 'standby' }),
      machine('m-2', {
        workloads: [{ name: 'a job', since: NOW }],
        labels: { pool: 'a', rack: '7' },
        token: 'cyc/1/0',
      }),
      machine('m-3', {
        workloads: [{ name: 'session nightly', since: NOW, holder: { reservationId: 'r', sessionId: 's' } }],
      }),
    ];
    await record(instances);
    expect(await fleet.facts('c')).toMatchObject({ id: 'c', config: 'new', instances });
    expect((await fleet.cluster('c')).observedAt).toBe(NOW);
    expect(await events()).toEqual(CHANGED);
  });

  test('moves the time of the facts and nothing else where nothing changed', async () => {
    const held = { name: 'session nightly', since: NOW, holder: { reservationId: 'r', sessionId: 's' } };
    await record([machine('m-1', { workloads: [held] })]);
    await events();
    await record([machine('m-1', { workloads: [held] })], NOW + 1_000);
    expect((await fleet.cluster('c')).observedAt).toBe(NOW + 1_000);
    const { seenAt } = await fresh.database.instance.findFirstOrThrow();
    expect(seenAt.getTime()).toBe(NOW);
    expect(await transitions('m-1')).toHaveLength(1);
    expect(await events()).toEqual([]);
  });

  test('is said to be fresh from time to time, however quiet the environment', async () => {
    await record([machine('m-1')]);
    await events();
    await record([machine('m-1')], NOW + 4_999);
    expect(await events()).toEqual([]);
    await record([machine('m-1')], NOW + 5_000);
    expect(await events()).toEqual([['environment:e', 'synced']]);
  });

  const changes: Readonly<Record<string, Partial<Instance>>> = {
    state: { state: 'draining', updatedAt: NOW },
    config: { config: 'new' },
    health: { health: 'unhealthy' },
    healthySince: { healthySince: NOW },
    createdAt: { createdAt: NOW },
    zone: { zone: 'b' },
    protection: { protection: 'protected' },
    workloads: { workloads: [{ name: 'a job', since: null }] },
    token: { token: 'cyc/1/0' },
  };

  test.each(Object.entries(changes))('is written and told where its %s changed', async (_, facts) => {
    await record([machine('m-1'), machine('m-2')]);
    await events();
    await record([machine('m-1', facts), machine('m-2')], NOW + 1_000);
    expect((await fleet.facts('c')).instances.find((one) => one.id === 'm-1')).toMatchObject(facts);
    const seen = await fresh.database.instance.findMany({ orderBy: { id: 'asc' } });
    expect(seen.map((row) => row.seenAt.getTime())).toEqual([NOW + 1_000, NOW]);
    expect(await events()).toEqual(CHANGED);
  });

  test('becomes a history: when each instance entered each state, as far as the facts tell', async () => {
    await record([machine('m-1', { state: 'starting', health: 'unknown', healthySince: null })]);
    await record([machine('m-1')], NOW + 1_000);
    await record([machine('m-1', { state: 'draining', updatedAt: NOW + 1_500 })], NOW + 2_000);
    await record([machine('m-1', { state: 'drained', updatedAt: NOW + 2_500 })], NOW + 3_000);
    await record([machine('m-1', { state: 'terminating' })], NOW + 4_000);
    await record([], NOW + 5_000);
    expect(await transitions('m-1')).toEqual([
      ['starting', NOW - 60_000],
      ['started', NOW + 1_000],
      ['draining', NOW + 1_500],
      ['drained', NOW + 3_000],
      ['terminating', NOW + 4_000],
      ['gone', NOW + 5_000],
    ]);
    expect((await fleet.facts('c')).instances).toEqual([]);
  });

  test('is listed no more where it is gone, and that is told', async () => {
    await record([machine('m-1'), machine('m-2')]);
    await events();
    await record([machine('m-2')], NOW + 1_000);
    expect((await fleet.facts('c')).instances.map((one) => one.id)).toEqual(['m-2']);
    expect(await transitions('m-1')).toContainEqual(['gone', NOW + 1_000]);
    expect(await events()).toEqual(CHANGED);
  });

  test('tells only of the clusters that changed', async () => {
    await declare('d');
    await fleet.recordObservations('e', FENCE, [read([machine('m-1')]), read([machine('m-9')], NOW, 'd')]);
    await events();
    const later = NOW + 1_000;
    await fleet.recordObservations('e', FENCE, [read([machine('m-1')], later), read([], later, 'd')]);
    expect(await events()).toEqual([
      ['cluster:d', 'changed'],
      ['environment:e', 'changed'],
    ]);
  });

  test('is a failure: said once, the facts before it stay, and the next read takes it back', async () => {
    await record([machine('m-1')]);
    await events();
    const failed = { clusterId: 'c', readAt: NOW + 1_000, result: { error: 'no answer' } };
    await fleet.recordObservations('e', FENCE, [failed]);
    expect(await fleet.cluster('c')).toMatchObject({ observeError: 'no answer', observedAt: NOW });
    expect((await fleet.facts('c')).instances).toHaveLength(1);
    expect(await events()).toEqual(CHANGED);
    await fleet.recordObservations('e', FENCE, [{ ...failed, readAt: NOW + 2_000 }]);
    expect(await events()).toEqual([]);
    await record([machine('m-1')], NOW + 3_000);
    expect(await fleet.cluster('c')).toMatchObject({ observeError: null, observedAt: NOW + 3_000 });
  });

  test('with something that failed is known with it: said once, and taken back by a read without', async () => {
    await record([machine('m-1')]);
    await events();
    const { clusterId, readAt, result } = read([machine('m-1'), machine('m-2')], NOW + 1_000);
    const partly = { clusterId, readAt, result: { ...result, problem: 'no such image' } };
    await fleet.recordObservations('e', FENCE, [partly]);
    expect(await fleet.cluster('c')).toMatchObject({ observeError: 'no such image', observedAt: NOW + 1_000 });
    expect((await fleet.facts('c')).instances).toHaveLength(2);
    expect(await fresh.database.environment.findFirst()).toMatchObject({ syncError: null });
    expect(await events()).toEqual(CHANGED);
    await fleet.recordObservations('e', FENCE, [{ ...partly, readAt: NOW + 2_000 }]);
    expect(await events()).toEqual([]);
    await record([machine('m-1'), machine('m-2')], NOW + 3_000);
    expect(await fleet.cluster('c')).toMatchObject({ observeError: null });
    expect(await events()).toEqual(CHANGED);
  });

  test.each([FENCE - 1n, FENCE + 1n])('is refused under the fence %s, and changes nothing', async (fence) => {
    await expect(fleet.recordObservations('e', fence, [read([machine('m-1')])])).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    expect(await fresh.database.instance.count()).toBe(0);
    expect((await fleet.cluster('c')).observedAt).toBeNull();
    expect(await events()).toEqual([]);
  });
});

describe('durations', () => {
  test('are those of completed starts, drains and terminations, the newest first', async () => {
    const life = async (id: string, begun: number, lasted: readonly [number, number, number]) => {
      const [start, drain, end] = lasted;
      const rows: readonly [string, number][] = [
        ['starting', begun],
        ['started', begun + start],
        ['draining', begun + 100_000],
        ['drained', begun + 100_000 + drain],
        ['terminating', begun + 200_000],
        ['gone', begun + 200_000 + end],
      ];
      await fresh.database.instanceTransition.createMany({
        data: rows.map(([state, at]) => ({ clusterId: 'c', instanceId: id, state, config: 'old', at: new Date(at) })),
      });
    };
    await life('m-1', NOW, [1_000, 2_000, 3_000]);
    await life('m-2', NOW + 500, [1_001, 2_001, 3_001]);
    expect(await fleet.durations('c')).toEqual({
      startMs: [1_001, 1_000],
      drainMs: [2_001, 2_000],
      terminateMs: [3_001, 3_000],
    });
  });

  test('are from the change of state, whatever else changed meanwhile', async () => {
    const row = (state: string, health: string | null, seconds: number) => ({
      ...{ clusterId: 'c', instanceId: 'm-1', state, config: 'old', health },
      at: new Date(NOW + seconds * 1_000),
    });
    await fresh.database.instanceTransition.createMany({
      data: [row('draining', 'healthy', 0), row('draining', 'unhealthy', 20), row('drained', null, 60)],
    });
    expect(await fleet.durations('c')).toEqual({ startMs: [], drainMs: [60_000], terminateMs: [] });
  });

  test('are not of what was interrupted, is still going on, or is of another cluster', async () => {
    await declare('d');
    const row = (clusterId: string, instanceId: string, state: string, seconds: number) => ({
      ...{ clusterId, instanceId, state, config: 'old' },
      at: new Date(NOW + seconds * 1_000),
    });
    await fresh.database.instanceTransition.createMany({
      data: [
        row('c', 'm-1', 'starting', 0),
        row('c', 'm-1', 'gone', 5),
        row('c', 'm-2', 'draining', 0),
        row('c', 'm-2', 'started', 5),
        row('c', 'm-3', 'terminating', 0),
        row('d', 'm-4', 'starting', 0),
        row('d', 'm-4', 'started', 5),
      ],
    });
    expect(await fleet.durations('c')).toEqual({ startMs: [], drainMs: [], terminateMs: [] });
  });
});

describe('the list of clusters', () => {
  const queries = () => new PostgresClusterQueries(fresh.database, () => ({ effectivePolicy: {}, floor: 0 }));
  const list = (input: ClusterListInput) => queries().list(clusterListSchema.parse(input));
  const names = async (input: ClusterListInput) => (await list(input)).rows.map((row) => row.name);

  beforeEach(async () => {
    await fresh.database.cluster.deleteMany();
    await fresh.database.environment.create({ data: { id: 'f', name: 'prod', kind: 'simulator' } });
    await declare('api', { labels: { team: 'core' }, declaredAt: NOW });
    await declare('web', { labels: { team: 'shop' }, declaredAt: NOW - 60_000 });
    await declare('shop-web', { environmentId: 'f', declaredAt: NOW - 120_000 });
    const current = { config: 'new' };
    await fleet.recordObservations('e', FENCE, [
      read([machine('a-1', current), machine('a-2', { ...current, health: 'unhealthy' })], NOW, 'api'),
      read([machine('w-1'), machine('w-2', { state: 'draining' }), machine('w-3', current)], NOW, 'web'),
    ]);
    await fleet.recordObservations('f', 0n, [read([machine('s-1', { health: 'unhealthy' })], NOW, 'shop-web')]);
    const refs = { clusterId: 'web', environmentId: 'e' };
    const plan = { authorId: 'ada', fingerprint: 'f', body: {}, state: 'approved', expiresAt: new Date() };
    await fresh.database.plan.create({ data: { id: 'p', ...refs, ...plan } });
    await fresh.database.cycle.create({ data: { id: 'cyc', planId: 'p', ...refs, state: 'running' } });
  });

  test.each<[string, string[]]>([
    ['', ['api', 'web', 'shop-web']],
    ['WEB', ['web', 'shop-web']],
    ['demo/web', ['web']],
    ['web shop', ['shop-web']],
    ['%', []],
    ['env:prod', ['shop-web']],
    ['env:pro', []],
    ['label.team:core', ['api']],
    ['label.team:none', []],
    ['outdated:0', ['api']],
    ['outdated:>0', ['web', 'shop-web']],
    ['outdated:>1', ['web']],
    ['size:<3', ['api', 'shop-web']],
    ['size:=3', ['web']],
    ['unhealthy:1', ['api', 'shop-web']],
    ['state:draining', ['web']],
    ['state:drained', []],
    ['cycle:active', ['web']],
    ['cycle:none', ['api', 'shop-web']],
    ['outdated:>0 cycle:none', ['shop-web']],
    ["'; DROP TABLE cluster; --", []],
  ])('filtered by %j', async (q, expected) => {
    expect(await names({ q })).toEqual(expected);
  });

  test('of one environment', async () => {
    expect(await names({ environmentId: 'f' })).toEqual(['shop-web']);
  });

  test.each([
    // The environment's name comes first: demo/api, demo/web, prod/shop-web.
    ['name', ['api', 'web', 'shop-web'], ['shop-web', 'web', 'api']],
    ['outdated', ['api', 'shop-web', 'web'], ['web', 'shop-web', 'api']],
    ['size', ['shop-web', 'api', 'web'], ['web', 'api', 'shop-web']],
    ['drift', ['api', 'web', 'shop-web'], ['shop-web', 'web', 'api']],
  ] as const)('sorted by %s, up and down', async (sort, up, down) => {
    expect(await names({ sort, order: 'asc' })).toEqual(up);
    expect(await names({ sort, order: 'desc' })).toEqual(down);
  });

  test('in pages: each cluster once, with the total on every page', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ limit: 2, cursor });
      expect(page.total).toBe(3);
      seen.push(...page.rows.map((row) => row.name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['api', 'web', 'shop-web']);
  });

  test('counts each cluster and says since when it drifts and what cycles it', async () => {
    const [row] = (await list({ q: 'demo/web' })).rows;
    expect(row).toMatchObject({
      size: 3,
      outdated: 2,
      driftSince: NOW - 60_000,
      activeCycle: { id: 'cyc', state: 'running' },
    });
    expect(row?.counts).toMatchObject({ startedNew: 1, startedOld: 1, draining: 1, unhealthy: 0 });
    const [api] = (await list({ q: 'api' })).rows;
    expect(api).toMatchObject({ size: 2, outdated: 0, driftSince: null, activeCycle: null });
    expect(await queries().summary()).toMatchObject({
      clusters: 3,
      instances: 6,
      outdatedClusters: 2,
      outdatedInstances: 3,
      cycling: 1,
      oldestDriftSince: NOW - 120_000,
    });
  });

  test('without those that were removed', async () => {
    await fresh.database.cluster.update({ where: { id: 'api' }, data: { removedAt: new Date() } });
    expect(await names({})).toEqual(['web', 'shop-web']);
    expect(await queries().summary()).toMatchObject({ clusters: 2, instances: 4 });
  });
});
