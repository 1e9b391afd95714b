import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { addCluster, addEnvironment } from '../adapters/postgres/test-pools.ts';
import { composeWeb, type Services } from '../compose.ts';
import type { NeedView } from '../contract/overview.ts';
import type { Role, Viewer } from '../contract/people.ts';
import { byUrgency } from './overview-service.ts';

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
});
afterAll(async () => {
  await services.close();
  await fresh.drop();
});
beforeEach(async () => {
  const { database } = fresh;
  await database.reservation.deleteMany();
  await database.maintenance.deleteMany();
  await database.cycle.deleteMany();
  await database.plan.deleteMany();
  await database.cluster.deleteMany();
  await database.environment.deleteMany();
  await database.worker.deleteMany();
  await database.worker.create({ data: { id: 'w', hostId: 'host', hostName: 'host', version: '1' } });
});

const MINUTE = 60_000;
const person = (id: string, role: Role = 'operator'): Viewer => ({ id, name: id, email: `${id}@example.com`, role });
const read = (viewer = person('grace')) => services.overview.read(viewer);
const inMs = (ms: number) => new Date(Date.now() + ms);

const BODY = {
  sentence: 'Replaces 3 of 4.',
  floor: 3,
  config: { targetSize: 4, minSize: 3, maxSize: 5, drainTimeoutMs: 10 * MINUTE },
  policy: {},
  forecast: { durationMs: { p50: 20 * MINUTE, p90: 30 * MINUTE } },
};

interface PlanFacts {
  readonly authorId?: string;
  readonly state?: string;
  readonly expiresInMs?: number;
}

async function plan(id: string, clusterId: string, facts: PlanFacts = {}): Promise<void> {
  const { authorId = 'ada', state = 'awaiting-approval', expiresInMs = 20 * MINUTE } = facts;
  const of = { clusterId, environmentId: 'local', authorId, fingerprint: 'f', body: BODY };
  await fresh.database.plan.create({ data: { id, ...of, state, expiresAt: inMs(expiresInMs) } });
}

async function cycle(clusterId: string, state: string, more: { reason?: object; startedAgoMs?: number } = {}) {
  await plan(`pln_${clusterId}`, clusterId, { state: 'approved' });
  const of = { planId: `pln_${clusterId}`, clusterId, environmentId: 'local', state };
  const { reason, startedAgoMs = MINUTE } = more;
  const startedAt = state === 'approved' ? null : inMs(-startedAgoMs);
  const endedAt = state === 'completed' ? new Date() : null;
  await fresh.database.cycle.create({
    data: { id: `cyc_${clusterId}`, ...of, startedAt, endedAt, ...(reason && { reason }) },
  });
}

test('of an installation without anything it says that there is nothing', async () => {
  await fresh.database.worker.deleteMany();
  const { at: _, cursors, activity: _activity, ...view } = await read(person('ada', 'administrator'));
  const nothing = { items: [], total: 0 };
  expect(view).toEqual({
    numbers: {
      clusters: 0,
      outdatedClusters: 0,
      outdatedInstances: 0,
      runningCycles: 0,
      pausedCycles: 0,
      waitingCycles: 0,
      approvals: 0,
      waitingPlans: 0,
      pools: 0,
      fullPools: 0,
      waitingForMachines: 0,
    },
    needs: nothing,
    cycles: nothing,
    lastCycle: null,
    pools: nothing,
  });
  expect(Object.keys(cursors).sort()).toEqual(['activity', 'cycles', 'environments', 'plans', 'pools']);
});

test('clusters that were removed count no more', async () => {
  await addEnvironment(fresh.database, 'local');
  await addCluster(fresh.database, 'a', { machines: [{ id: 'a1', config: 'old' }, 'a2'] });
  await addCluster(fresh.database, 'b', { machines: ['b1'] });
  await addCluster(fresh.database, 'c', { machines: [{ id: 'c1', config: 'old' }] });
  await fresh.database.cluster.update({ where: { id: 'c' }, data: { removedAt: new Date() } });
  expect((await read()).numbers).toMatchObject({ clusters: 2, outdatedClusters: 1, outdatedInstances: 1, pools: 2 });
});

describe('an approval waits for those only who may give it', () => {
  beforeEach(async () => {
    await addEnvironment(fresh.database, 'local');
    await addCluster(fresh.database, 'a', { machines: ['a1'] });
    await plan('late', 'a', { expiresInMs: 20 * MINUTE });
    await plan('soon', 'a', { expiresInMs: 5 * MINUTE });
    await plan('over', 'a', { expiresInMs: -1_000 });
    await plan('decided', 'a', { state: 'rejected' });
  });

  test.each([
    ['an operator who wrote none of them', person('grace'), ['soon', 'late']],
    ['their author', person('ada'), []],
    ['one who may only look', person('grace', 'viewer'), []],
  ])('%s', async (_, viewer, planIds) => {
    const { needs, numbers } = await read(viewer);
    expect(needs.items.map((need) => need.kind === 'approval' && need.planId)).toEqual(planIds);
    expect(numbers).toMatchObject({ approvals: planIds.length, waitingPlans: 2 });
  });

  test('their author, where an environment lets authors approve', async () => {
    await fresh.database.environment.update({ where: { id: 'local' }, data: { selfApproval: true } });
    expect((await read(person('ada'))).numbers.approvals).toBe(2);
  });

  test('not one who has approved, and how many have is told to the others', async () => {
    await fresh.database.approval.create({ data: { planId: 'soon', userId: 'grace', fingerprint: 'f' } });
    const planIds = (needs: readonly NeedView[]) => needs.map((need) => need.kind === 'approval' && need.planId);
    expect(planIds((await read()).needs.items)).toEqual(['late']);
    expect((await read(person('joan'))).needs.items).toMatchObject([
      { planId: 'soon', approvals: 1 },
      { planId: 'late' },
    ]);
  });
});

test('a paused cycle says why, what is next and since when', async () => {
  await addEnvironment(fresh.database, 'local');
  await addCluster(fresh.database, 'a', { machines: ['a1'] });
  const reason = { kind: 'canary-failed', sentence: 'The canary failed.', next: 'Look at it.', instanceIds: [] };
  await cycle('a', 'paused', { reason });
  const line = { actorName: 'worker', objectKind: 'cycle', objectId: 'cyc_a', objectName: 'a', verb: 'paused' };
  const since = inMs(-MINUTE);
  await fresh.database.activity.create({ data: { ...line, at: since, after: { state: 'paused' } } });
  const { needs, numbers, activity } = await read();
  expect(needs.items).toMatchObject([
    { kind: 'paused-cycle', cycleId: 'cyc_a', byPerson: false, sentence: 'The canary failed.', since: since.getTime() },
  ]);
  expect(numbers).toMatchObject({ pausedCycles: 1, runningCycles: 0 });
  expect(activity[0]).toMatchObject({ objectId: 'cyc_a' });
});

test('a drain is told in the last fifth of its time, once for its cycle, and what was added to it counts', async () => {
  await addEnvironment(fresh.database, 'local');
  const draining = ['d1', 'd2', 'd3', 'd4'].map((id) => ({ id, state: 'draining' }));
  await addCluster(fresh.database, 'a', { machines: draining });
  await cycle('a', 'running');
  const drain = async (instanceId: string, agoMs: number, drainExtensionMs = 0) => {
    const key = { clusterId_id: { clusterId: 'a', id: instanceId } };
    await fresh.database.instance.update({ where: key, data: { updatedAt: inMs(-agoMs) } });
    await fresh.database.cycleInstance.create({
      data: { cycleId: 'cyc_a', instanceId, role: 'planned', drainExtensionMs },
    });
  };
  await drain('d1', 7 * MINUTE);
  expect((await read()).needs.items).toEqual([]);
  await drain('d2', 8.5 * MINUTE);
  await drain('d3', 9 * MINUTE);
  await drain('d4', 9.5 * MINUTE, 10 * MINUTE);
  const { needs } = await read();
  expect(needs).toMatchObject({
    items: [{ kind: 'drain', cycleId: 'cyc_a', instanceId: 'd3', instances: 2 }],
    total: 1,
  });
});

test('a lease is told to its holder in the last fifth of its time', async () => {
  const lease = (id: string, holderId: string, leftMs: number) =>
    fresh.database.reservation.create({
      data: {
        id,
        kind: 'manual',
        state: 'held',
        name: id,
        holderId,
        holderName: holderId,
        wants: [],
        pools: ['a'],
        leaseMs: BigInt(10 * MINUTE),
        expiresAt: inMs(leftMs),
      },
    });
  await lease('calm', 'grace', 3 * MINUTE);
  await lease('short', 'grace', 1.5 * MINUTE);
  await lease('another', 'ada', 1.5 * MINUTE);
  const waiting = { kind: 'manual', state: 'waiting', holderName: 'joan', wants: [], pools: ['a', 'b'] };
  await fresh.database.reservation.create({ data: { id: 'queue', name: 'queue', ...waiting } });
  const { needs, numbers } = await read();
  expect(needs.items).toMatchObject([{ kind: 'lease', reservationId: 'short', pools: ['a'], waiting: 1 }]);
  expect(numbers.waitingForMachines).toBe(1);
});

test.each([
  ['whose back end does not answer', { syncError: 'timed out' }, 'timed out'],
  ['that no worker may drive', { hostId: 'another' }, null],
])('an environment with clusters is told %s, and one without is not', async (_, data, error) => {
  await addEnvironment(fresh.database, 'local');
  await addEnvironment(fresh.database, 'spare');
  await addCluster(fresh.database, 'a', { machines: ['a1'] });
  expect((await read()).needs.items).toEqual([]);
  await fresh.database.environment.updateMany({ data });
  expect((await read()).needs.items).toMatchObject([
    { kind: 'environment', environmentName: 'local', clusters: 1, error },
  ]);
});

test('machines that are not well are told by pool, but not where nobody has looked lately', async () => {
  await addEnvironment(fresh.database, 'local');
  const machines = ['w1', { id: 'w3', health: 'unhealthy' }, { id: 'w2', health: 'unhealthy' }];
  await addCluster(fresh.database, 'workers', { machines });
  await addCluster(fresh.database, 'stale', { machines: ['s1'], observedAgoMs: 2 * MINUTE });
  const { needs } = await read();
  expect(needs).toMatchObject({
    items: [{ kind: 'bad-machines', pool: 'workers', machines: 2, instanceId: 'w2' }],
    total: 1,
  });
});

test('of each active cycle there is what a small picture needs, and the lowest moment is in it', async () => {
  await addEnvironment(fresh.database, 'local');
  for (const id of ['a', 'b', 'c']) await addCluster(fresh.database, id, { machines: [`${id}1`] });
  await cycle('b', 'approved');
  await cycle('a', 'running', { startedAgoMs: 5 * MINUTE });
  await cycle('c', 'completed');
  const counts = { startedNew: 1, startedOld: 3, starting: 0, draining: 0, drained: 0, terminating: 0, unhealthy: 0 };
  const from = Date.now() - 5 * MINUTE;
  await fresh.database.cycleSample.createMany({
    data: Array.from({ length: 1_000 }, (_, index) => ({
      ...counts,
      cycleId: 'cyc_a',
      at: new Date(from + index * 100),
      inService: index === 411 ? 2 : 4,
    })),
  });
  const { cycles, lastCycle } = await read();
  expect(cycles.items.map(({ id }) => id)).toEqual(['cyc_a', 'cyc_b']);
  const [running, waiting] = cycles.items;
  expect(running).toMatchObject({ floor: 3, targetSize: 4, maxSize: 5 });
  expect(running?.forecastEnd).toBe((running?.startedAt ?? 0) + 20 * MINUTE);
  expect(running?.samples.length).toBeLessThanOrEqual(80);
  expect(running?.samples.filter(({ inService }) => inService === 2).map(({ at }) => at)).toEqual([from + 41_100]);
  expect(running?.samples.at(-1)?.at).toBe(from + 99_900);
  expect(waiting).toMatchObject({ forecastEnd: null, samples: [] });
  expect(lastCycle).toMatchObject({ id: 'cyc_c', state: 'completed' });
});

test('the last cycle is the one that ended last, whichever began last', async () => {
  await addEnvironment(fresh.database, 'local');
  for (const [id, endedMs] of [
    ['a', 2],
    ['b', 1],
  ] as const) {
    await addCluster(fresh.database, id, { machines: [`${id}1`] });
    await cycle(id, 'completed');
    await fresh.database.cycle.update({ where: { id: `cyc_${id}` }, data: { endedAt: new Date(endedMs) } });
  }
  expect((await read()).lastCycle?.id).toBe('cyc_a');
});

test('each pool has the counts that the list of pools has, in and out of a cycle', async () => {
  const { database } = fresh;
  await addEnvironment(database, 'local');
  const states = ['starting', 'started', 'draining', 'drained', 'terminating'];
  const machines = ['workers', 'others'].flatMap((cluster) => [
    ...states.map((state) => ({ id: `${cluster}-${state}`, state })),
    ...['unhealthy', 'unknown', null].map((health) => ({ id: `${cluster}-${health}`, health })),
    ...[1, 2, 3].map((number) => ({ id: `${cluster}-old-${number}`, config: 'old' })),
    { id: `${cluster}-elsewhere`, labels: { pool: 'elsewhere' } },
    { id: `${cluster}-nowhere`, labels: { pool: 'no pool' } },
    ...['reserved', 'running', 'cleaning', 'kept'].map((use) => ({ id: `${cluster}-${use}` })),
  ]);
  for (const id of ['workers', 'others'])
    await addCluster(database, id, {
      labels: { pool: 'all' },
      machines: machines.filter((one) => one.id.startsWith(id)),
    });
  await addCluster(database, 'stale', { machines: ['s1'], observedAgoMs: 2 * MINUTE });
  await addCluster(database, 'bare', { machines: [] });
  await addCluster(database, 'plain', { labels: {}, machines: ['p1'] });
  await cycle('workers', 'running');
  for (const number of [1, 2, 3]) {
    const instanceId = `workers-old-${number}`;
    await database.cycleInstance.create({
      data: { cycleId: 'cyc_workers', instanceId, role: 'planned', decision: 'replace' },
    });
  }
  const wish = {
    kind: 'manual',
    holderName: 'ada',
    wants: [{ component: 'm', pool: 'wanted' }],
    pools: ['all', 'wanted'],
  };
  await database.reservation.create({
    data: {
      id: 'waits',
      name: 'waits',
      state: 'waiting',
      ...wish,
      wants: [
        { component: 'machine-1', pool: 'all' },
        { component: 'machine-2', pool: 'wanted' },
      ],
    },
  });
  await database.reservation.create({ data: { id: 'held', name: 'held', state: 'held', ...wish } });
  for (const clusterId of ['workers', 'others']) {
    for (const state of ['reserved', 'running', 'cleaning']) {
      const of = { reservationId: 'held', pool: 'all', environmentId: 'local', clusterId };
      await database.reservationMachine.create({
        data: { ...of, component: `${clusterId}-${state}`, instanceId: `${clusterId}-${state}`, state },
      });
    }
    await database.maintenance.create({
      data: { clusterId, instanceId: `${clusterId}-kept`, note: 'a look', byName: 'ada' },
    });
  }
  await database.pool.create({ data: { name: 'all', pausedAt: new Date(), pausedBy: 'ada', pausedNote: 'a look' } });

  const { rows } = await services.pools.list();
  const { pools, numbers } = await read();
  expect(pools.items.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
    rows
      .map(({ name, capacity, parts, paused, waiting, oldestWaitSince }) => ({
        ...{ name, capacity, parts, waiting, oldestWaitSince },
        paused: paused !== null,
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
  expect(pools.items.find(({ name }) => name === 'all')?.parts).toMatchObject({ inUse: 2, maintenance: 2, leaving: 8 });
  expect(numbers).toMatchObject({ pools: rows.length, fullPools: 1 });
});

test('what stands still comes before what has a deadline, and that before what may wait', () => {
  const of = { clusterName: 'a', environmentName: 'e', cycleId: 'c', sentence: '', next: '' };
  const approval = { kind: 'approval', planId: 'p', authorName: '', approvals: 0, approvalsNeeded: 1 } as const;
  const needs: readonly NeedView[] = [
    { kind: 'bad-machines', pool: 'p', machines: 1, instanceId: 'i', since: 1 },
    { ...of, ...approval, expiresAt: 900 },
    { ...of, kind: 'paused-cycle', byPerson: true, since: 2 },
    { ...of, kind: 'drain', instanceId: 'i', instances: 1, deadline: 800 },
    { ...of, kind: 'paused-cycle', byPerson: false, since: 500 },
  ];
  const order = byUrgency(needs).map(
    (need) => need.kind + (need.kind === 'paused-cycle' && need.byPerson ? ' by a person' : ''),
  );
  expect(order).toEqual(['paused-cycle', 'drain', 'approval', 'bad-machines', 'paused-cycle by a person']);
});
