import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import type { FleetPreviewRow } from '../contract/fleet-plan.ts';
import { APPROVER, AUTHOR, OLD_SPEC, RunnerRig } from '../runner/test-rig.ts';

let test_: TestDatabase;
let rig: RunnerRig;

beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(async () => {
  await test_.drop();
});
beforeEach(async () => {
  rig = await RunnerRig.open(test_);
});
afterEach(async () => {
  await rig.close();
  await test_.database.cycle.deleteMany();
  await test_.database.plan.deleteMany();
  await test_.database.cluster.deleteMany();
  await test_.database.simInstance.deleteMany();
  await test_.database.simCall.deleteMany();
  await test_.database.environment.deleteMany();
});

const signal = () => AbortSignal.timeout(10_000);

/** Two clusters to be cycled and one that is as it should be, all read once; then nothing moves any more. */
async function fleet(maxActiveCycles?: number): Promise<[string, string, string]> {
  const limit = maxActiveCycles === undefined ? {} : { maxActiveCycles };
  const first = await rig.cluster({ size: 3, ...limit });
  const second = await rig.cluster({ size: 2, beside: first });
  const current = await rig.cluster({ size: 2, beside: first, spec: OLD_SPEC });
  const stop = await rig.work();
  for (const clusterId of [first, second, current]) await rig.observed(clusterId);
  await stop();
  return [first, second, current];
}

function toSave(rows: readonly FleetPreviewRow[]) {
  return rows.map(({ clusterId, fingerprint, checks }) => ({
    clusterId,
    fingerprint,
    ticked: checks.filter((check) => check.level === 'warning').map((check) => check.id),
  }));
}

const blockersOf = (row: FleetPreviewRow | undefined) =>
  row?.checks.filter((check) => check.level === 'blocker').map((check) => check.id);

test('many clusters are previewed as each would be alone, in the order that was asked for', async () => {
  const [first, second, current] = await fleet();
  const stop = await rig.work('again');
  const view = await rig.services.fleetPlans.preview({ clusterIds: [second, first, current, 'gone'], q: '' }, signal());
  await stop();
  expect(view.rows.map((row) => row.clusterId)).toEqual([second, first, current]);
  expect(view.missing).toEqual(['gone']);
  expect(view.rows.map((row) => row.decisions)).toEqual([{ replace: 2 }, { replace: 3 }, { keep: 2 }]);
  expect(view.rows.map(blockersOf)).toEqual([[], [], ['nothing-to-do']]);
  for (const row of view.rows) {
    const alone = await rig.services.plans.preview(row.clusterId, {}, AbortSignal.abort());
    expect(row).toMatchObject({ fingerprint: alone.fingerprint, terminations: alone.basis.touched.length });
  }
});

test('a filter gives the clusters that match it', async () => {
  const [first, second] = await fleet();
  const view = await rig.services.fleetPlans.preview({ clusterIds: [], q: 'outdated:>0' }, signal());
  expect(view.rows.map((row) => row.clusterId).sort()).toEqual([first, second].sort());
  expect(view.matching).toBe(2);
});

test.each([
  ['all at once without a limit', null, (p50: number[]) => Math.max(...p50)],
  ['one after the other with a limit of one', 1, (p50: number[]) => p50.reduce((sum, one) => sum + one, 0)],
])('the whole takes as long as its environment lets it: %s', async (_, limit, expected) => {
  const clusterIds = await fleet(limit ?? undefined);
  const view = await rig.services.fleetPlans.preview({ clusterIds, q: '' }, signal());
  const planned = view.rows.filter((row) => blockersOf(row)?.length === 0).map((row) => row.durationMs.p50);
  expect(view.environments).toMatchObject([{ places: limit, taken: 0, clusters: 2 }]);
  expect(view.environments[0]?.durationMs.p50).toBe(expected(planned));
});

test('a preview of many writes nothing and calls no back end', async () => {
  const clusterIds = await fleet();
  const { plan, cycle, activity, simCall, backEndCall } = rig.database;
  const counts = () =>
    Promise.all([plan.count(), cycle.count(), activity.count(), simCall.count(), backEndCall.count()]);
  const before = await counts();
  await rig.services.fleetPlans.preview({ clusterIds, q: '' }, signal());
  expect(await counts()).toEqual(before);
});

test('each plan stands for itself: those that can be made are made, and of the others it is said why not', async () => {
  const [first, second, current] = await fleet();
  const { rows } = await rig.services.fleetPlans.preview({ clusterIds: [first, second, current], q: '' }, signal());
  const [one, two, three] = toSave(rows);
  if (one === undefined || two === undefined || three === undefined) throw new Error('a row is missing');
  const asked = [{ ...one, fingerprint: 'what nobody saw' }, two, two, three, { ...two, clusterId: 'gone' }];
  const created = await rig.services.fleetPlans.create({ plans: asked, comment: 'all of them' }, AUTHOR, 'request');
  expect(created).toMatchObject([
    { clusterId: first, planId: null, failure: { code: 'PLAN_STALE' } },
    { clusterId: second, planId: expect.stringMatching(/^pln_/) },
    { clusterId: current, planId: null, failure: { code: 'PLAN_BLOCKED' } },
    { clusterId: 'gone', planId: null, failure: { code: 'CLUSTER_UNKNOWN' } },
  ]);
  const plans = await rig.database.plan.findMany();
  expect(plans).toMatchObject([{ clusterId: second, state: 'awaiting-approval', comment: 'all of them' }]);
  // What failed can be tried again, and is approved like any other.
  const [again] = await rig.services.fleetPlans.create({ plans: [one], comment: '' }, AUTHOR, 'request');
  expect(again).toMatchObject({ clusterId: first, planId: expect.stringMatching(/^pln_/) });
  expect(await rig.approve(again?.planId ?? '', APPROVER)).toMatch(/^cyc_/);
});

test('a warning that nobody ticked keeps its plan from being made', async () => {
  const [first] = await fleet();
  await rig.database.instance.updateMany({ where: { clusterId: first }, data: { health: 'unhealthy' } });
  const { rows } = await rig.services.fleetPlans.preview({ clusterIds: [first], q: '' }, signal());
  expect(rows[0]?.checks.map((check) => check.id)).toContain('unhealthy');
  const plans = toSave(rows).map((plan) => ({ ...plan, ticked: [] }));
  expect(await rig.services.fleetPlans.create({ plans, comment: '' }, AUTHOR, 'request')).toMatchObject([
    { clusterId: first, planId: null, failure: { code: 'PLAN_WARNINGS' } },
  ]);
});
