import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import type { Viewer } from '../contract/people.ts';
import { APPROVER, AUTHOR, RunnerRig } from '../runner/test-rig.ts';

let test_: TestDatabase;
let rig: RunnerRig;
/** Stops the worker once the facts are there, so that nothing moves while a plan is judged. */
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(async () => {
  await test_.drop();
});
beforeEach(async () => {
  rig = await RunnerRig.open(test_);
  stopWorker = await rig.work();
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

const EDITOR: Viewer = { id: 'editor', name: 'Edith', email: 'edith@example.org', role: 'administrator' };

async function planned(
  options: Partial<Parameters<RunnerRig['cluster']>[0]> = {},
): Promise<{ clusterId: string; planId: string; fingerprint: string }> {
  const clusterId = await rig.cluster({ size: 3, ...options });
  const planId = await rig.plan(clusterId);
  await stopWorker();
  const { fingerprint } = await rig.services.plans.byId(planId, AUTHOR);
  return { clusterId, planId, fingerprint };
}

function approve(planId: string, fingerprint: string, viewer = APPROVER) {
  return rig.services.plans.approve({ planId, fingerprint, comment: '' }, viewer, 'test', AbortSignal.timeout(5_000));
}

test('a preview reads facts, calls no back end and writes nothing', async () => {
  const clusterId = await rig.cluster({ size: 3 });
  await rig.observed(clusterId);
  const counts = () =>
    Promise.all([
      rig.database.plan.count(),
      rig.database.cycle.count(),
      rig.database.simCall.count(),
      rig.database.activity.count(),
      rig.database.backEndCall.count(),
    ]);
  const before = await counts();
  const view = await rig.services.plans.preview(clusterId, {}, AbortSignal.timeout(5_000));
  expect(view.explanation.decisions.map((one) => one.kind)).toEqual(['replace', 'replace', 'replace']);
  expect(view.explanation.decisions.every((one) => one.reason !== '')).toBe(true);
  expect(await counts()).toEqual(before);
});

test('a preview of other knobs changes nothing that is stored', async () => {
  const clusterId = await rig.cluster({ size: 3 });
  await rig.observed(clusterId);
  const stored = await rig.services.plans.preview(clusterId, {}, AbortSignal.timeout(5_000));
  const supposed = await rig.services.plans.preview(
    clusterId,
    { minSize: 1, policy: { maxUnavailable: 2 } },
    AbortSignal.timeout(5_000),
  );
  expect(supposed.floor).toBe(1);
  expect(supposed.fingerprint).not.toBe(stored.fingerprint);
  expect((await rig.services.plans.preview(clusterId, {}, AbortSignal.timeout(5_000))).fingerprint).toBe(
    stored.fingerprint,
  );
});

describe('an approval is accepted', () => {
  test('of a fresh plan, once, and inserts its cycle', async () => {
    const { planId, fingerprint } = await planned();
    const { cycleId } = await approve(planId, fingerprint);
    expect(cycleId).not.toBeNull();
    expect((await rig.services.plans.byId(planId, AUTHOR)).cycle).toEqual({ id: cycleId, state: 'approved' });
    await expect(approve(planId, fingerprint)).rejects.toMatchObject({ code: 'PLAN_STATE' });
  });

  test('after a harmless change, which is listed', async () => {
    const { clusterId, planId, fingerprint } = await planned();
    const instance = await rig.database.instance.findFirstOrThrow({ where: { clusterId } });
    await rig.database.instance.update({
      where: { clusterId_id: { clusterId, id: instance.id } },
      data: { health: 'unhealthy' },
    });
    const { staleness } = await rig.services.plans.byId(planId, AUTHOR);
    expect(staleness.verdict).toBe('harmless');
    expect(staleness.changes).toEqual([{ material: false, sentence: `${instance.id} is unhealthy, was healthy` }]);
    expect((await approve(planId, fingerprint)).cycleId).not.toBeNull();
  });

  test('by its author where the environment allows it', async () => {
    const { planId, fingerprint } = await planned({ selfApproval: true });
    expect((await approve(planId, fingerprint, AUTHOR)).cycleId).not.toBeNull();
  });

  test('by as many people as the environment needs, each once', async () => {
    const { planId, fingerprint } = await planned({ approvalsNeeded: 2 });
    expect((await approve(planId, fingerprint)).cycleId).toBeNull();
    await expect(approve(planId, fingerprint)).rejects.toMatchObject({ code: 'ALREADY_APPROVED' });
    expect((await approve(planId, fingerprint, EDITOR)).cycleId).not.toBeNull();
  });
});

describe('an approval is refused', () => {
  test('by the author', async () => {
    const { planId, fingerprint } = await planned();
    await expect(approve(planId, fingerprint, AUTHOR)).rejects.toMatchObject({ code: 'SELF_APPROVAL' });
  });

  test('for another fingerprint than the plan has', async () => {
    const { planId } = await planned();
    await expect(approve(planId, 'f'.repeat(64))).rejects.toMatchObject({ code: 'PLAN_STALE' });
  });

  test('of a plan whose stored body was changed', async () => {
    const { planId, fingerprint } = await planned();
    await rig.database
      .$executeRaw`UPDATE plan SET body = jsonb_set(body, '{basis,config,minSize}', '0') WHERE id = ${planId}`;
    await expect(approve(planId, fingerprint)).rejects.toMatchObject({ code: 'PLAN_STALE' });
  });

  test('of a plan whose time is over', async () => {
    const { planId, fingerprint } = await planned();
    await rig.database.plan.update({ where: { id: planId }, data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(approve(planId, fingerprint)).rejects.toMatchObject({ code: 'PLAN_EXPIRED' });
  });

  test.each(['rejected', 'withdrawn'] as const)('of a plan that was %s', async (state) => {
    const { planId, fingerprint } = await planned();
    if (state === 'rejected') await rig.services.plans.reject({ planId, comment: 'no' }, APPROVER, 'test');
    else await rig.services.plans.withdraw({ planId, comment: '' }, AUTHOR, 'test');
    await expect(approve(planId, fingerprint)).rejects.toMatchObject({ code: 'PLAN_STATE' });
  });

  test('when the facts are older than a minute', async () => {
    const { clusterId, planId, fingerprint } = await planned();
    await rig.database.cluster.update({
      where: { id: clusterId },
      data: { observedAt: new Date(Date.now() - 61_000) },
    });
    await expect(approve(planId, fingerprint)).rejects.toMatchObject({ code: 'FACTS_TOO_OLD' });
  });

  // Each of these changes what the approver agreed to.
  test.each([
    ['the spec', (id: string) => rig.services.clusters.edit(id, { spec: { image: 'web:9' } }, EDITOR, 'test')],
    ['the sizes', (id: string) => rig.services.clusters.edit(id, { minSize: 1, targetSize: 2 }, EDITOR, 'test')],
    ['the policy', (id: string) => rig.services.clusters.edit(id, { policy: { surge: 1, batch: 1 } }, EDITOR, 'test')],
    ['the drain timeout', (id: string) => rig.services.clusters.edit(id, { drainTimeoutMs: 1_000 }, EDITOR, 'test')],
    [
      'an instance to replace is gone',
      async (clusterId: string) => {
        const { id } = await rig.database.instance.findFirstOrThrow({ where: { clusterId } });
        await rig.database.instance.delete({ where: { clusterId_id: { clusterId, id } } });
      },
    ],
    [
      'an instance is another machine of the same name',
      async (clusterId: string) => {
        const { id } = await rig.database.instance.findFirstOrThrow({ where: { clusterId } });
        await rig.database.instance.update({
          where: { clusterId_id: { clusterId, id } },
          data: { createdAt: new Date(1) },
        });
      },
    ],
  ])('after a material change: %s', async (_, change) => {
    const { clusterId, planId, fingerprint } = await planned();
    await change(clusterId);
    await expect(approve(planId, fingerprint)).rejects.toMatchObject({ code: 'PLAN_STALE' });
    expect(await rig.database.cycle.count({ where: { planId } })).toBe(0);
    expect((await rig.services.plans.byId(planId, APPROVER)).actions.approve).toBe(
      'the cluster changed; preview again',
    );
  });
});

test('two approvals at the same moment start one cycle', async () => {
  const { planId, fingerprint } = await planned();
  const results = await Promise.allSettled([approve(planId, fingerprint), approve(planId, fingerprint, EDITOR)]);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  expect(await rig.database.cycle.count({ where: { planId } })).toBe(1);
});

test('an approval waits for an edit that is under way, and is refused then', async () => {
  const { clusterId, planId, fingerprint } = await planned();
  const approval = await rig.database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM cluster WHERE id = ${clusterId} FOR UPDATE`;
    const begun = approve(planId, fingerprint).catch((error: unknown) => error);
    const waiting = () => tx.$queryRaw<unknown[]>`SELECT 1 FROM pg_locks WHERE NOT granted`;
    await expect.poll(waiting, { timeout: 4_000 }).not.toHaveLength(0);
    await tx.cluster.update({ where: { id: clusterId }, data: { config: 'another' } });
    // In an object: a promise would be waited for here.
    return { begun };
  });
  expect(await approval.begun).toMatchObject({ code: 'PLAN_STALE' });
  expect(await rig.database.cycle.count({ where: { clusterId } })).toBe(0);
});

test('a cluster has one active cycle, whoever approves what at the same moment', async () => {
  const clusterId = await rig.cluster({ size: 3 });
  const plans = [await rig.plan(clusterId), await rig.plan(clusterId), await rig.plan(clusterId)];
  await stopWorker();
  const { fingerprint } = await rig.services.plans.byId(plans[0] ?? '', AUTHOR);
  const results = await Promise.allSettled(plans.map((planId) => approve(planId, fingerprint)));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject({ code: 'CYCLE_ACTIVE', details: { clusterId } });
  }
  expect(await rig.database.cycle.count({ where: { clusterId } })).toBe(1);
});

test('a plan is refused that is blocked, whose warnings were not ticked, or that is not what its author saw', async () => {
  const clusterId = await rig.cluster({ size: 3 });
  await rig.observed(clusterId);
  await stopWorker();
  const create = (knobs: object, fingerprint: string, ticked: readonly string[] = []) =>
    rig.services.plans.create({ clusterId, knobs, fingerprint, ticked, comment: '' }, AUTHOR, 'test');
  const stuck = { policy: { surge: 0, maxUnavailable: 0 } };
  const blocked = await rig.services.plans.preview(clusterId, stuck, AbortSignal.timeout(5_000));
  expect(blocked.checks.map((check) => check.id)).toContain('no-room');
  await expect(create(stuck, blocked.fingerprint)).rejects.toMatchObject({ code: 'PLAN_BLOCKED' });
  const low = { minSize: 1, policy: { maxUnavailable: 2 } };
  const warned = await rig.services.plans.preview(clusterId, low, AbortSignal.timeout(5_000));
  await expect(create(low, warned.fingerprint)).rejects.toMatchObject({ code: 'PLAN_WARNINGS' });
  await expect(create(low, blocked.fingerprint)).rejects.toMatchObject({ code: 'PLAN_STALE' });
  await expect(
    create(
      low,
      warned.fingerprint,
      warned.checks.map((check) => check.id),
    ),
  ).resolves.toMatch(/^pln_/);
});
