import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import type { Viewer } from '../contract/people.ts';
import { APPROVER, AUTHOR, RunnerRig } from './test-rig.ts';

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

const ADMINISTRATOR: Viewer = { id: 'boss', name: 'Mary', email: 'mary@example.org', role: 'administrator' };
const UNDER_WAY = ['running', 'pausing', 'paused', 'aborting'];

/** As many clusters in one environment, each with an approved cycle; the order is that of the approvals. */
async function approved(count: number, maxActiveCycles: number, drainMs: [number, number] = [20, 60]) {
  const small = { size: 1, sizes: [0, 1, 2], settings: { drainMs }, seedSettings: { drainMs } } as const;
  const first = await rig.cluster({ ...small, maxActiveCycles });
  const rest: string[] = [];
  for (let index = 1; index < count; index += 1) rest.push(await rig.cluster({ ...small, beside: first }));
  const stop = await rig.work('observer');
  const plans: string[] = [];
  for (const clusterId of [first, ...rest]) plans.push(await rig.plan(clusterId));
  await stop();
  const cycles: string[] = [];
  for (const planId of plans) cycles.push(await rig.approve(planId));
  return { cycles, environmentId: 'env_1' };
}

const look = (cycleId: string) => rig.services.cycles.byId(cycleId, AUTHOR);
const underWay = () => rig.database.cycle.count({ where: { state: { in: UNDER_WAY } } });

test('two workers never have more cycles under way than the environment allows, and carry out all of them', async () => {
  const { cycles } = await approved(5, 2);
  await Promise.all([rig.work('worker-1'), rig.work('worker-2')]);
  let most = 0;
  for (const cycleId of cycles) {
    await rig.until(async () => {
      most = Math.max(most, await underWay());
      return (await look(cycleId)).state === 'completed';
    });
  }
  expect(most).toBe(2);
  // Beside the looks from outside: what the runner wrote down, moment by moment.
  const written = await rig.database.activity.findMany({
    where: { objectId: { in: cycles }, verb: { in: ['cycle running', 'cycle completed'] } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  let running = 0;
  for (const { verb } of written) {
    running += verb === 'cycle running' ? 1 : -1;
    expect(running).toBeLessThanOrEqual(2);
  }
  expect(written).toHaveLength(10);
  const begun = written.filter(({ verb }) => verb === 'cycle running').map((one) => one.objectId);
  expect(new Set(begun.slice(0, 2))).toEqual(new Set(cycles.slice(0, 2)));
}, 90_000);

test('a cycle that waits for a place says so, and goes on when the limit is raised', async () => {
  const { cycles, environmentId } = await approved(4, 1, [60_000, 60_000]);
  const [first = '', second = '', third = ''] = cycles;
  await rig.work();
  await rig.until(async () => (await look(first)).startedAt !== null);
  expect((await look(first)).waitsForPlace).toBeNull();
  expect((await look(second)).waitsForPlace).toEqual({ places: 1, taken: 1, ahead: 0 });
  expect((await look(third)).waitsForPlace).toEqual({ places: 1, taken: 1, ahead: 1 });
  await rig.services.environments.update({ environmentId, maxActiveCycles: 2 }, ADMINISTRATOR, 'rig');
  await rig.reaches(second, 'running');
  expect((await look(third)).waitsForPlace).toEqual({ places: 2, taken: 2, ahead: 0 });
  await rig.services.environments.update({ environmentId, maxActiveCycles: null }, ADMINISTRATOR, 'rig');
  await rig.reaches(third, 'running');
  await rig.reaches(cycles[3] ?? '', 'running');
});

test('a cycle that waits can be paused, resumed to wait again, and aborted, without a place', async () => {
  const { cycles } = await approved(3, 1, [60_000, 60_000]);
  const [first = '', second = '', third = ''] = cycles;
  await rig.work();
  await rig.until(async () => (await look(first)).startedAt !== null);
  await rig.services.cycles.act(second, 'pause', APPROVER, 'rig');
  expect((await look(second)).state).toBe('paused');
  expect((await look(third)).waitsForPlace).toEqual({ places: 1, taken: 1, ahead: 0 });
  await rig.services.cycles.act(second, 'resume', APPROVER, 'rig');
  expect((await look(second)).waitsForPlace).toEqual({ places: 1, taken: 1, ahead: 0 });
  expect((await look(third)).waitsForPlace).toEqual({ places: 1, taken: 1, ahead: 1 });
  await rig.services.cycles.act(second, 'abort', APPROVER, 'rig');
  await rig.reaches(second, 'aborted');
  expect((await look(second)).intents).toEqual([]);
  expect((await look(third)).state).toBe('approved');
});

test('a plan says what its cycle would wait for if it were approved now', async () => {
  const { environmentId } = await approved(2, 3, [60_000, 60_000]);
  const planned = await rig.cluster({ size: 1, sizes: [0, 1, 2], beside: 'clu_1' });
  await rig.work();
  const planId = await rig.plan(planned);
  const nextPlace = async () => (await rig.services.plans.byId(planId, AUTHOR)).nextPlace;
  expect(await nextPlace()).toBeNull();
  await rig.services.environments.update({ environmentId, maxActiveCycles: 2 }, ADMINISTRATOR, 'rig');
  expect(await nextPlace()).toEqual({ places: 2, taken: 2, ahead: 0 });
  await rig.services.environments.update({ environmentId, maxActiveCycles: null }, ADMINISTRATOR, 'rig');
  expect(await nextPlace()).toBeNull();
});

test('what an administrator sets of an environment is written down with what it was before', async () => {
  await rig.cluster({ size: 1 });
  const environmentId = 'env_1';
  await rig.services.environments.update(
    { environmentId, maxActiveCycles: 3, selfApproval: true, approvalsNeeded: 1 },
    ADMINISTRATOR,
    'request',
  );
  const [environment] = await rig.services.clusters.environments();
  expect(environment).toMatchObject({ maxActiveCycles: 3, selfApproval: true, approvalsNeeded: 1 });
  const entries = await rig.database.activity.findMany({ where: { objectId: environmentId, requestId: 'request' } });
  expect(entries).toMatchObject([
    {
      actorName: 'Mary',
      verb: 'changed the settings of',
      before: { maxActiveCycles: null, selfApproval: false },
      after: { maxActiveCycles: 3, selfApproval: true },
    },
  ]);
});
