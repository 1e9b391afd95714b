import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';
import { configOf } from '../services/cluster-service.ts';
import { AUTHOR, NEW_SPEC, OLD_SPEC, type RigCluster, RunnerRig } from './test-rig.ts';

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
  await test_.database.simCluster.deleteMany();
  await test_.database.simCall.deleteMany();
  await test_.database.environment.deleteMany();
});

const REPLACE: CyclePolicy = {
  surge: 1,
  maxUnavailable: 1,
  canary: 1,
  bakeMs: 50,
  minHealthyMs: 20,
  onDrainTimeout: 'pause',
  protect: 'replace',
};

/** Two old machines of which one is protected, and one of the present configuration that is protected too. */
const GROUPS = [
  { count: 1, config: configOf(OLD_SPEC), spec: OLD_SPEC, condition: 'healthy', ageMs: [8_000_000, 9_000_000] },
  {
    count: 1,
    config: configOf(OLD_SPEC),
    spec: OLD_SPEC,
    condition: 'healthy',
    ageMs: [6_000_000, 7_000_000],
    protection: 'protected',
  },
  {
    count: 1,
    config: configOf(NEW_SPEC),
    spec: NEW_SPEC,
    condition: 'healthy',
    ageMs: [3_000_000, 4_000_000],
    protection: 'standby',
  },
] as const satisfies RigCluster['groups'];

const SLOW = { settings: { drainMs: [60_000, 60_000] } };

function cluster(options: Partial<RigCluster> = {}): Promise<string> {
  return rig.cluster({ size: 3, groups: GROUPS, policy: REPLACE, ...options });
}

/** What is there as it was before; what has come since is open and unprotected. */
function expectRestored(after: Record<string, string>, before: Record<string, string>): void {
  for (const [name, value] of Object.entries(after)) expect([name, value]).toEqual([name, before[name] ?? 'none open']);
}

async function ledger(cycleId: string): Promise<Record<string, string | null>> {
  const rows = await rig.database.restoreEntry.findMany({ where: { cycleId } });
  return Object.fromEntries(rows.map((row) => [`${row.setting} ${row.instanceId}`.trim(), row.outcome]));
}

async function machine(clusterId: string, ordinal: number): Promise<string> {
  const rows = await rig.database.simInstance.findMany({ where: { clusterId }, orderBy: { createdAt: 'asc' } });
  return rows[ordinal]?.id ?? '';
}

/** A row's JSON, its keys in the order that the ledger names them. */
function compact(detail: unknown): string {
  const { settings: changes = [] } = detail as { settings?: { name: string; instanceId: string | null }[] };
  return JSON.stringify(changes.map(({ name, instanceId }) => ({ name, instanceId })));
}

/** Until autoscaling is suspended, everything outdated is closed, and a drain is under way. */
async function inTheMiddle(cycleId: string, clusterId: string): Promise<void> {
  await rig.reaches(cycleId, 'running');
  await rig.until(
    async () => (await rig.database.intent.count({ where: { cycleId, kind: 'drain', outcome: 'done' } })) > 0,
  );
  const present = await rig.settings(clusterId);
  expect(present.autoscaling).toBe('suspended');
  expect(Object.values(present).filter((one) => one.endsWith('closed')).length).toBeGreaterThan(0);
}

describe('settings that a cycle changes', () => {
  test('are as they were when it is completed, and those of nobody else were touched', async () => {
    await rig.work();
    const clusterId = await cluster();
    const before = await rig.settings(clusterId);
    const [first, second, current] = [
      await machine(clusterId, 0),
      await machine(clusterId, 1),
      await machine(clusterId, 2),
    ];
    const cycleId = await rig.cycle(clusterId);
    await rig.reaches(cycleId, 'completed');
    const after = await rig.settings(clusterId);
    expectRestored(after, before);
    expect(after[current]).toBe('standby open');
    expect(await ledger(cycleId)).toEqual({
      autoscaling: 'restored',
      [`closed ${first}`]: 'gone',
      [`closed ${second}`]: 'gone',
      [`protection ${second}`]: 'gone',
    });
    const touched = await rig.database.simCall.findMany({ where: { clusterId, operation: 'configure' } });
    expect(JSON.stringify(touched.map((call) => call.detail))).not.toContain(current);
  });

  test('are in the ledger before they are changed, and changed before anything is drained or started', async () => {
    await rig.work();
    const clusterId = await cluster();
    const cycleId = await rig.cycle(clusterId);
    await rig.reaches(cycleId, 'completed');
    const entries = await rig.database.restoreEntry.findMany({ where: { cycleId } });
    const calls = await rig.database.simCall.findMany({ where: { clusterId }, orderBy: { id: 'asc' } });
    expect(calls[0]?.operation).toBe('configure');
    for (const { setting, instanceId, recordedAt } of entries) {
      const change = `"name":"${setting}","instanceId":${instanceId === '' ? null : `"${instanceId}"`}`;
      const call = calls.find((one) => compact(one.detail).includes(change));
      expect(call?.at.getTime()).toBeGreaterThanOrEqual(recordedAt.getTime());
    }
    expect(entries).toHaveLength(4);
  });

  test.each([
    ['abort', 'aborted'],
    ['stop-now', 'aborted'],
  ] as const)('are put back when it ends by %s', async (action, state) => {
    await rig.work();
    const clusterId = await cluster({ ...SLOW, drainTimeoutMs: 500 });
    const before = await rig.settings(clusterId);
    const cycleId = await rig.cycle(clusterId);
    await inTheMiddle(cycleId, clusterId);
    await rig.services.cycles.act(cycleId, action, AUTHOR, 'rig');
    await rig.reaches(cycleId, state);
    expectRestored(await rig.settings(clusterId), before);
  });

  test('are kept while it is paused, and put back when it is given up', async () => {
    await rig.work();
    const clusterId = await cluster({ ...SLOW, drainTimeoutMs: 500 });
    const before = await rig.settings(clusterId);
    const cycleId = await rig.cycle(clusterId);
    await rig.reaches(cycleId, 'paused');
    expect((await rig.settings(clusterId)).autoscaling).toBe('suspended');
    await rig.services.cycles.act(cycleId, 'end-as-failed', AUTHOR, 'rig');
    await rig.reaches(cycleId, 'failed');
    expectRestored(await rig.settings(clusterId), before);
    expect((await rig.services.cycles.byId(cycleId, AUTHOR)).reason?.sentence).toBe('Ada gave it up.');
  });

  test('of an instance that a person skips are put back while the cycle goes on', async () => {
    await rig.work();
    const clusterId = await cluster({ ...SLOW });
    const before = await rig.settings(clusterId);
    const cycleId = await rig.cycle(clusterId);
    await inTheMiddle(cycleId, clusterId);
    const drained = await rig.database.intent.findFirstOrThrow({ where: { cycleId, kind: 'drain' } });
    const id = drained.instanceId ?? '';
    await rig.services.cycles.onInstance(cycleId, id, 'skip-instance', AUTHOR, 'rig');
    await rig.until(async () => (await rig.settings(clusterId))[id] === before[id]);
    expect((await rig.settings(clusterId)).autoscaling).toBe('suspended');
  });

  test('that somebody has changed again meanwhile are left to him, and the ledger says so', async () => {
    await rig.work();
    const groups = GROUPS.map((group) => ({ ...group, protection: 'protected' as const }));
    const clusterId = await cluster({ ...SLOW, groups, drainTimeoutMs: 500 });
    const cycleId = await rig.cycle(clusterId);
    await rig.reaches(cycleId, 'paused');
    const id = await machine(clusterId, 0);
    expect((await rig.settings(clusterId))[id]).toBe('none closed');
    await rig.database.simCluster.updateMany({ where: { clusterId }, data: { autoscaling: 'active' } });
    await rig.database.simInstance.update({ where: { id }, data: { protection: 'standby' } });
    await rig.services.cycles.act(cycleId, 'end-as-failed', AUTHOR, 'rig');
    await rig.reaches(cycleId, 'failed');
    expect((await rig.settings(clusterId)).autoscaling).toBe('active');
    expect((await rig.settings(clusterId))[id]).toBe('standby open');
    expect((await ledger(cycleId))[`protection ${id}`]).toBe('overtaken');
    const restored = await rig.database.simCall.findMany({ where: { clusterId, operation: 'configure' } });
    expect(JSON.stringify(restored.at(-1)?.detail)).not.toContain('autoscaling');
  });
});

describe('what an ended cycle could not put back', () => {
  /** A cycle that ended while its autoscaling was suspended. */
  async function left(clusterId: string): Promise<string> {
    const { environmentId } = await rig.database.cluster.findUniqueOrThrow({ where: { id: clusterId } });
    const plan = await rig.plan(clusterId);
    const cycleId = await rig.approve(plan);
    await rig.database.cycle.update({ where: { id: cycleId }, data: { state: 'failed', endedAt: new Date() } });
    await rig.database.simCluster.create({ data: { environmentId, clusterId, autoscaling: 'suspended' } });
    await rig.database.restoreEntry.create({
      data: {
        id: `left-${clusterId}`,
        cycleId,
        clusterId,
        setting: 'autoscaling',
        before: 'active',
        during: 'suspended',
        deadline: new Date(0),
        changedAt: new Date(),
      },
    });
    return cycleId;
  }

  test('is put back as soon as a worker can, though the cycle has ended', async () => {
    const stop = await rig.work('observer');
    const clusterId = await cluster();
    await rig.observed(clusterId);
    await stop();
    const cycleId = await left(clusterId);
    await rig.work('later');
    await rig.until(async () => (await rig.settings(clusterId)).autoscaling === 'active');
    await rig.until(async () => (await ledger(cycleId)).autoscaling === 'restored');
  });

  test('waits while the next cycle of the cluster runs, and is put back after it', async () => {
    const stop = await rig.work('observer');
    const clusterId = await cluster();
    await rig.observed(clusterId);
    await stop();
    const first = await left(clusterId);
    const second = await rig.cycle(clusterId);
    await rig.work('later');
    await rig.reaches(second, 'completed');
    const calls = await rig.database.simCall.findMany({ where: { clusterId }, orderBy: { id: 'asc' } });
    const lastEnd = calls.findLastIndex((call) => call.operation === 'destroy');
    await rig.until(async () => (await ledger(first)).autoscaling === 'restored');
    expect((await rig.settings(clusterId)).autoscaling).toBe('active');
    const early = calls.slice(0, lastEnd).filter((call) => call.operation === 'configure');
    expect(JSON.stringify(early.map((call) => call.detail))).not.toContain('autoscaling');
    expect((await ledger(second)).autoscaling).toBeUndefined();
  });
});
