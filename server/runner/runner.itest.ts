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

const NEW = configOf(NEW_SPEC);

async function configs(clusterId: string): Promise<string[]> {
  const environment = await rig.database.cluster.findUniqueOrThrow({
    where: { id: clusterId },
    include: { environment: true },
  });
  const { instances } = await rig.services.clusters.byId(clusterId);
  expect(environment.observedAt).not.toBeNull();
  return instances.map((instance) => instance.config).sort();
}

test('an approved plan is carried out to the end, and says what remains', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 3 });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'completed');
  const cycle = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(cycle.summary?.sentence).toBe('Completed: 3 current, 0 outdated, 3 in service.');
  expect(cycle.progress).toMatchObject({ planned: 3, replaced: 3, failed: 0, skipped: 0 });
  expect(cycle.intents.every((intent) => intent.outcome === 'done')).toBe(true);
  expect(cycle.intents.filter((intent) => intent.kind === 'start').reduce((sum, one) => sum + one.count, 0)).toBe(3);
  expect(cycle.samples.every((sample) => sample.inService >= cycle.body.floor)).toBe(true);
  await rig.until(async () => (await configs(clusterId)).every((config) => config === NEW));
});

test('the first step of the runner is the first step of the preview', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 3 });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'completed');
  const { body, intents } = await rig.services.cycles.byId(cycleId, AUTHOR);
  const first = intents
    .filter((intent) => intent.step === 1)
    .map(({ kind, count, instanceId }) => ({ kind, count, instanceId }));
  const planned = body.explanation.tasks.flatMap(
    ({ task }): { kind: string; count: number; instanceId: string | null }[] => {
      if (task.kind === 'start') return [{ kind: task.kind, count: task.count, instanceId: null }];
      return task.kind === 'drain' || task.kind === 'terminate'
        ? task.instanceIds.map((instanceId) => ({ kind: task.kind, count: 0, instanceId }))
        : [];
    },
  );
  expect(first).toEqual(planned);
});

test('a machine that appears meanwhile is counted and never touched', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 2, sizes: [1, 2, 4] });
  const planId = await rig.plan(clusterId);
  const cycleId = await rig.approve(planId);
  await rig.until(async () => (await rig.services.cycles.byId(cycleId, AUTHOR)).startedAt !== null);
  const strangerId = await rig.stranger(clusterId);
  await rig.reaches(cycleId, 'completed');
  expect(await rig.database.simCall.findMany({ where: { instanceId: strangerId } })).toEqual([]);
  const { summary } = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(summary).toMatchObject({ notOurs: 1, outdated: 1 });
});

test('a paused cycle finishes what is under way, does nothing more, and goes on when resumed', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 4, settings: { drainMs: [300, 400] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.until(async () =>
    (await rig.services.cycles.byId(cycleId, AUTHOR)).intents.some((intent) => intent.kind === 'drain'),
  );
  await rig.services.cycles.act(cycleId, 'pause', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'paused');
  const paused = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(paused.reason).toMatchObject({ kind: 'person', sentence: 'Ada asked for the pause.' });
  expect(paused.intents.every((intent) => intent.outcome === 'done')).toBe(true);
  const states = await rig.database.instance.groupBy({ by: ['state'], where: { clusterId } });
  expect(states.filter(({ state }) => state === 'draining' || state === 'drained')).toEqual([]);
  await rig.services.cycles.act(cycleId, 'resume', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'completed');
});

test('an aborted cycle ends its in-flight work and says what remains', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 4, settings: { drainMs: [300, 400] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.until(async () =>
    (await rig.services.cycles.byId(cycleId, AUTHOR)).intents.some((intent) => intent.kind === 'drain'),
  );
  await rig.services.cycles.act(cycleId, 'abort', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'aborted');
  const { summary, intents } = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(summary?.sentence).toMatch(/^Aborted, in-flight work finished: \d current, \d outdated/);
  expect(summary?.leaving).toBe(0);
  expect(summary?.outdated).toBeGreaterThan(0);
  expect(intents.some((intent) => intent.kind === 'terminate')).toBe(true);
});

test('a cycle that is stopped at once makes no further call and says what still leaves', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 4, settings: { drainMs: [60_000, 60_000] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.until(async () =>
    (await rig.services.cycles.byId(cycleId, AUTHOR)).intents.some((intent) => intent.kind === 'drain'),
  );
  await rig.services.cycles.act(cycleId, 'stop-now', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'aborted');
  const { summary, intents } = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(summary?.sentence).toMatch(/^Stopped at once: .* still leaving/);
  expect(intents.some((intent) => intent.kind === 'terminate')).toBe(false);
});

test('a drain that takes too long pauses and names the blocker; forcing it lets the cycle end', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 2, drainTimeoutMs: 300, settings: { drainMs: [60_000, 60_000] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'paused');
  for (;;) {
    const { reason, state, instances } = await rig.services.cycles.byId(cycleId, AUTHOR);
    if (state === 'completed') break;
    expect(reason).toMatchObject({ kind: 'drain-timeout' });
    const stuck = reason?.instanceIds ?? [];
    expect(instances.filter((one) => stuck.includes(one.instanceId)).every((one) => one.blockers.length > 0)).toBe(
      true,
    );
    for (const instanceId of stuck)
      await rig.services.cycles.onInstance(cycleId, instanceId, 'force-drain', AUTHOR, 'rig');
    await rig.services.cycles.act(cycleId, 'resume', AUTHOR, 'rig');
    await rig.until(async () =>
      ['paused', 'completed'].includes((await rig.services.cycles.byId(cycleId, AUTHOR)).state),
    );
  }
  expect((await rig.services.cycles.byId(cycleId, AUTHOR)).summary?.outdated).toBe(0);
});

test('an extended drain is given the time', async () => {
  await rig.work();
  const clusterId = await rig.cluster({
    size: 1,
    sizes: [0, 1, 2],
    drainTimeoutMs: 300,
    settings: { drainMs: [1_500, 1_500] },
  });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'paused');
  const { reason } = await rig.services.cycles.byId(cycleId, AUTHOR);
  for (const instanceId of reason?.instanceIds ?? []) {
    await rig.services.cycles.onInstance(cycleId, instanceId, 'extend-drain', AUTHOR, 'rig', 60_000);
  }
  await rig.services.cycles.act(cycleId, 'resume', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'completed');
  const calls = await rig.database.simCall.findMany({ where: { clusterId, operation: 'destroy', effect: true } });
  expect(calls).toHaveLength(1);
});

test('with the rule skip, a slow drain puts the instance back in service and the cycle ends without it', async () => {
  await rig.work();
  const policy = { surge: 1, maxUnavailable: 1, minHealthyMs: 20, onDrainTimeout: 'skip' } as const;
  const clusterId = await rig.cluster({
    size: 2,
    policy,
    drainTimeoutMs: 300,
    seedSettings: { drainMs: [60_000, 60_000] },
  });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'completed');
  const { summary } = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(summary?.sentence).toMatch(/^Completed, 2 skipped: /);
  expect(summary).toMatchObject({ outdated: 2, skipped: 2, leaving: 0 });
});

test('a canary that fails pauses the cycle with its evidence, and nothing was drained', async () => {
  await rig.work();
  const clusterId = await rig.cluster({
    size: 4,
    settings: { faults: { death: 1 }, deathAfterMs: [50, 50], startMs: [10, 20] },
    seedSettings: { faults: {} },
    policy: { surge: 1, maxUnavailable: 1, canary: 1, bakeMs: 60_000, minHealthyMs: 20 },
  });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'paused');
  const { intents, reason, instances } = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(reason?.kind).toBe('canary-failed');
  expect(reason?.sentence).toContain('health check fails');
  expect(intents.filter((intent) => intent.kind === 'drain')).toEqual([]);
  const [failed] = instances.filter((one) => one.failures.length > 0);
  expect(failed).toMatchObject({ role: 'started', failures: [{ kind: 'unhealthy' }] });
});

test('a configuration that changes in the middle pauses the cycle', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 4, settings: { drainMs: [200, 300] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.until(async () => (await rig.services.cycles.byId(cycleId, AUTHOR)).startedAt !== null);
  await rig.services.clusters.edit(clusterId, { spec: { image: 'web:3' } }, AUTHOR, 'rig');
  await rig.reaches(cycleId, 'paused');
  expect((await rig.services.cycles.byId(cycleId, AUTHOR)).reason).toMatchObject({ kind: 'target-changed' });
});

test('a plan that went stale between its approval and its first intent does nothing', async () => {
  const stop = await rig.work();
  const clusterId = await rig.cluster({ size: 3 });
  const planId = await rig.plan(clusterId);
  await stop();
  const cycleId = await rig.approve(planId);
  await rig.services.clusters.edit(clusterId, { targetSize: 4 }, AUTHOR, 'rig');
  await rig.work('worker-2');
  await rig.reaches(cycleId, 'paused');
  const { reason, intents } = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(reason).toMatchObject({ kind: 'plan-stale', sentence: expect.stringContaining('target is 4, was 3') });
  expect(intents).toEqual([]);
});

test('a worker that is told to stop gives its cycles back, and the next one goes on', async () => {
  const stop = await rig.work();
  const clusterId = await rig.cluster({ size: 4, settings: { drainMs: [200, 300] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.until(async () => (await rig.services.cycles.byId(cycleId, AUTHOR)).startedAt !== null);
  await stop();
  expect((await rig.services.cycles.byId(cycleId, AUTHOR)).state).toBe('running');
  await rig.work('worker-2');
  await rig.reaches(cycleId, 'completed');
});
