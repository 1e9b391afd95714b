import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { configOf } from '../services/cluster-service.ts';
import { AUTHOR, NEW_SPEC, RunnerRig } from './test-rig.ts';

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

const look = (cycleId: string) => rig.services.cycles.byId(cycleId, AUTHOR);

/** No machine that is started from now on fails. */
async function heal(clusterId: string): Promise<void> {
  const { environment } = await rig.database.cluster.findUniqueOrThrow({
    where: { id: clusterId },
    include: { environment: true },
  });
  await rig.database.$executeRaw`
    UPDATE environment SET settings = jsonb_set(settings, '{faults}', '{}') WHERE id = ${environment.id}`;
}

async function effects(instanceId: string): Promise<string[]> {
  const calls = await rig.database.simCall.findMany({ where: { instanceId, effect: true }, orderBy: { id: 'asc' } });
  return calls.map((call) => call.operation);
}

test.each([
  ['target', { targetSize: 5 }, 'targetSize'],
  ['max', { maxSize: 4 }, 'maxSize'],
])('another %s after the first intent pauses the cycle', async (_, change, said) => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 4, sizes: [1, 4, 6], settings: { drainMs: [200, 300] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.until(async () => (await look(cycleId)).startedAt !== null);
  await rig.services.clusters.edit(clusterId, change, AUTHOR, 'rig');
  await rig.reaches(cycleId, 'paused');
  const { reason } = await look(cycleId);
  expect(reason).toMatchObject({ kind: 'constraints-changed', sentence: expect.stringContaining(said) });
});

test('an approved plan that expires before its first intent does nothing', async () => {
  const stop = await rig.work();
  const clusterId = await rig.cluster({ size: 3 });
  const planId = await rig.plan(clusterId);
  await stop();
  const cycleId = await rig.approve(planId);
  await rig.database.plan.update({ where: { id: planId }, data: { expiresAt: new Date(Date.now() - 1) } });
  await rig.work('worker-2');
  await rig.reaches(cycleId, 'paused');
  const { reason, intents } = await look(cycleId);
  expect(reason).toMatchObject({ kind: 'plan-stale', sentence: 'The plan expired before anything was done.' });
  expect(intents).toEqual([]);
  expect(await rig.database.simCall.count({ where: { clusterId, effect: true } })).toBe(0);
});

test('a draining instance that a person skips goes back in service, and the cycle ends without it', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 1, sizes: [0, 1, 2], seedSettings: { drainMs: [60_000, 60_000] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.until(async () => (await rig.database.instance.count({ where: { clusterId, state: 'draining' } })) === 1);
  const { id } = await rig.database.instance.findFirstOrThrow({ where: { clusterId, state: 'draining' } });
  await rig.services.cycles.onInstance(cycleId, id, 'skip-instance', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'completed');
  const { summary } = await look(cycleId);
  expect(summary?.sentence).toMatch(/^Completed, 1 skipped: /);
  expect(summary).toMatchObject({ outdated: 1, skipped: 1, leaving: 0 });
  expect(await effects(id)).toEqual(['drain', 'undrain']);
});

test('a canary that failed and is retried is ended, and another is started in its place', {
  timeout: 60_000,
}, async () => {
  await rig.work();
  const clusterId = await rig.cluster({
    size: 1,
    settings: { faults: { death: 1 }, deathAfterMs: [50, 50], startMs: [10, 20] },
    seedSettings: { faults: {} },
    policy: { surge: 1, maxUnavailable: 1, canary: 1, bakeMs: 1_000, minHealthyMs: 20 },
  });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'paused');
  const { reason } = await look(cycleId);
  expect(reason?.kind).toBe('canary-failed');
  const [failed = ''] = reason?.instanceIds ?? [];
  await heal(clusterId);
  await rig.services.cycles.onInstance(cycleId, failed, 'retry-instance', AUTHOR, 'rig');
  await rig.services.cycles.act(cycleId, 'resume', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'completed');
  expect(await effects(failed)).toContain('destroy');
  expect((await look(cycleId)).summary).toMatchObject({ current: 1, outdated: 0 });
});

test('one that failed after the canary and is retried is ended, and another is started in its place', {
  timeout: 60_000,
}, async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 2, settings: { drainMs: [300, 400] } });
  const cycleId = await rig.cycle(clusterId);
  const config = configOf(NEW_SPEC);
  const started = () => rig.database.instance.findMany({ where: { clusterId, state: 'started', config } });
  await rig.until(async () => (await started()).length === 2);
  // The youngest: it stands in for one that was replaced.
  const [failed = ''] = (await started())
    .toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt))
    .map((one) => one.id);
  await rig.database.simInstance.update({ where: { id: failed }, data: { diesAt: new Date() } });
  await rig.reaches(cycleId, 'paused');
  expect((await look(cycleId)).reason).toMatchObject({ kind: 'failure-threshold', instanceIds: [failed] });
  await rig.services.cycles.onInstance(cycleId, failed, 'retry-instance', AUTHOR, 'rig');
  await rig.services.cycles.act(cycleId, 'resume', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'completed');
  expect(await effects(failed)).toContain('destroy');
  expect((await look(cycleId)).summary).toMatchObject({ current: 2, outdated: 0 });
});
