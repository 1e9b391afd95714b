import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Prisma } from '../adapters/postgres/generated/client.ts';
import { endReservation, PostgresReservations } from '../adapters/postgres/reservations.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { wish } from '../adapters/postgres/test-pools.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';
import { AUTHOR, RunnerRig } from './test-rig.ts';

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
  await test_.database.reservation.deleteMany();
  await test_.database.session.deleteMany();
  await test_.database.pool.deleteMany();
  await test_.database.cluster.deleteMany();
  await test_.database.simInstance.deleteMany();
  await test_.database.simCall.deleteMany();
  await test_.database.environment.deleteMany();
});

/** So that nothing but the hold keeps a machine from being drained at once. */
const IDLE = { startMs: [10, 30], drainMs: [0, 0], terminateMs: [10, 30], workloads: [0, 0] };
const POLICY: CyclePolicy = {
  surge: 1,
  maxUnavailable: 1,
  minHealthyMs: 0,
  order: ['unhealthy', 'idle', 'oldest', 'zones'],
  onDrainTimeout: 'pause',
};

/** The ids of its machines, once they have been seen. */
async function machines(clusterId: string): Promise<string[]> {
  await rig.observed(clusterId);
  const rows = await rig.database.simInstance.findMany({ where: { clusterId }, orderBy: { createdAt: 'asc' } });
  return rows.map(({ id }) => id);
}

/** A session that another worker runs, or with a purpose a person, holds the machine from now on. The answer gives it back. */
async function hold(
  clusterId: string,
  instanceId: string,
  purpose = '',
  database: Prisma.TransactionClient = rig.database,
): Promise<() => Promise<void>> {
  const { environmentId } = await database.cluster.findUniqueOrThrow({ where: { id: clusterId } });
  const id = `res-${instanceId}`;
  const sessionId = purpose === '' ? `ses-${instanceId}` : null;
  if (sessionId !== null) {
    const leaseUntil = new Date(Date.now() + 3_600_000);
    const running = { name: 'nightly', spec: {}, state: 'running', ownerName: 'Ada' };
    await database.session.create({ data: { id: sessionId, ...running, leaseOwner: 'elsewhere', leaseUntil } });
  }
  await database.reservation.create({
    data: {
      id,
      kind: sessionId === null ? 'manual' : 'session',
      state: 'held',
      name: 'nightly',
      sessionId,
      holderName: 'Ada',
      purpose,
      wants: [{ component: 'driver', pool: 'workers' }],
      pools: ['workers'],
      heldAt: new Date(),
      machines: { create: { component: 'driver', pool: 'workers', environmentId, clusterId, instanceId } },
    },
  });
  // So that a preview knows of it. What is not committed yet nobody can see.
  if (database === rig.database) {
    await rig.until(async () => {
      const { workloads } = await rig.database.instance.findFirstOrThrow({ where: { clusterId, id: instanceId } });
      return JSON.stringify(workloads).includes(id);
    });
  }
  return async () => {
    await rig.database.reservationMachine.updateMany({
      where: { reservationId: id },
      data: { releasedAt: new Date() },
    });
    await rig.database.reservation.update({ where: { id }, data: { state: 'ended', endedAt: new Date() } });
  };
}

async function calls(clusterId: string, operation: 'drain' | 'destroy') {
  return rig.database.simCall.findMany({ where: { clusterId, operation, effect: true }, orderBy: { at: 'asc' } });
}

const terminated = async (clusterId: string) =>
  (await calls(clusterId, 'destroy')).map(({ instanceId }) => instanceId).sort();

const memberOf = async (cycleId: string, instanceId: string) => {
  const { instances } = await rig.services.cycles.byId(cycleId, AUTHOR);
  return instances.find((one) => one.instanceId === instanceId);
};

/** Until the runner has looked again, and could have ended what it may end. */
async function nextTurn(cycleId: string): Promise<void> {
  const lastTurn = async () => (await rig.database.cycle.findUniqueOrThrow({ where: { id: cycleId } })).lastTurnAt;
  for (let looks = 0; looks < 2; looks++) {
    const before = await lastTurn();
    await rig.until(async () => Number(await lastTurn()) > Number(before));
  }
}

test('idle machines go first; one that a session holds is drained last, and not ended before it is given back', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 3, settings: IDLE, policy: POLICY });
  const [oldest = '', ...others] = await machines(clusterId);
  const release = await hold(clusterId, oldest);
  const cycleId = await rig.cycle(clusterId);

  await rig.until(async () => (await memberOf(cycleId, oldest))?.state === 'draining');
  // The back end has nothing against it: it drained at once.
  const drains = await calls(clusterId, 'drain');
  expect(drains.at(-1)?.instanceId).toBe(oldest);
  await rig.until(async () => (await terminated(clusterId)).length === 2);
  await nextTurn(cycleId);
  expect(await terminated(clusterId)).toEqual(others.sort());
  expect(await memberOf(cycleId, oldest)).toMatchObject({
    state: 'draining',
    blockers: [{ name: 'session nightly', holder: { reservationId: `res-${oldest}`, sessionId: `ses-${oldest}` } }],
  });
  expect((await rig.services.cycles.byId(cycleId, AUTHOR)).state).toBe('running');

  await release();
  await rig.reaches(cycleId, 'completed');
  expect(await terminated(clusterId)).toEqual([oldest, ...others].sort());
});

describe('when the drain timeout speaks', () => {
  const TIMEOUT_MS = 2_000;

  test('force: what is held is ended then, and not before', async () => {
    await rig.work();
    const policy = { ...POLICY, onDrainTimeout: 'force' } as const;
    const clusterId = await rig.cluster({
      size: 1,
      sizes: [0, 1, 2],
      settings: IDLE,
      policy,
      drainTimeoutMs: TIMEOUT_MS,
    });
    const [held = ''] = await machines(clusterId);
    await hold(clusterId, held);
    const cycleId = await rig.cycle(clusterId);
    await rig.reaches(cycleId, 'completed');
    const [drain, end] = [(await calls(clusterId, 'drain'))[0], (await calls(clusterId, 'destroy'))[0]];
    expect(end?.instanceId).toBe(held);
    const waitedMs = Number(end?.at.getTime()) - Number(drain?.at.getTime());
    expect(waitedMs).toBeGreaterThanOrEqual(TIMEOUT_MS);
  });

  test('pause: the cycle says whom it waits for, and goes on once the machine is given back', async () => {
    await rig.work();
    const clusterId = await rig.cluster({
      size: 1,
      sizes: [0, 1, 2],
      settings: IDLE,
      policy: POLICY,
      drainTimeoutMs: TIMEOUT_MS,
    });
    const [held = ''] = await machines(clusterId);
    const release = await hold(clusterId, held, 'find the leak');
    const cycleId = await rig.cycle(clusterId);
    await rig.reaches(cycleId, 'paused');
    const { reason } = await rig.services.cycles.byId(cycleId, AUTHOR);
    expect(reason).toMatchObject({
      kind: 'drain-timeout',
      sentence: `${held} did not drain in time. Still held: ${held} (reserved by Ada: find the leak).`,
    });
    expect(await terminated(clusterId)).toEqual([]);

    // Resumed before the machine is given back, it waits as long again: it does not ask in the same second.
    await rig.services.cycles.act(cycleId, 'resume', AUTHOR, 'rig');
    const resumedAt = Date.now();
    await rig.reaches(cycleId, 'paused');
    // A tenth of a second for the two clocks.
    expect(Date.now() - resumedAt).toBeGreaterThanOrEqual(TIMEOUT_MS - 100);
    expect((await rig.services.cycles.byId(cycleId, AUTHOR)).reason).toMatchObject({ kind: 'drain-timeout' });

    await rig.services.cycles.act(cycleId, 'resume', AUTHOR, 'rig');
    await release();
    await rig.reaches(cycleId, 'completed');
    expect(await terminated(clusterId)).toEqual([held]);
  });

  test('skip: what has drained cannot go back in service, so it is waited for and not ended', async () => {
    await rig.work();
    const policy = { ...POLICY, onDrainTimeout: 'skip' } as const;
    const clusterId = await rig.cluster({
      size: 1,
      sizes: [0, 1, 2],
      settings: IDLE,
      policy,
      drainTimeoutMs: TIMEOUT_MS,
    });
    const [held = ''] = await machines(clusterId);
    const release = await hold(clusterId, held);
    const cycleId = await rig.cycle(clusterId);
    await rig.until(async () => (await memberOf(cycleId, held))?.skipped !== null);
    await nextTurn(cycleId);
    expect(await terminated(clusterId)).toEqual([]);
    await release();
    await rig.reaches(cycleId, 'completed');
    expect(await terminated(clusterId)).toEqual([held]);
  });
});

test('a person may end a held machine before its drain timeout', async () => {
  await rig.work();
  const clusterId = await rig.cluster({ size: 1, sizes: [0, 1, 2], settings: IDLE, policy: POLICY });
  const [held = ''] = await machines(clusterId);
  await hold(clusterId, held);
  const cycleId = await rig.cycle(clusterId);
  await rig.until(async () => (await memberOf(cycleId, held))?.state === 'draining');
  await rig.services.cycles.onInstance(cycleId, held, 'force-drain', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'completed');
  expect(await terminated(clusterId)).toEqual([held]);
});

describe('in a pool', () => {
  const POOL = 'workers';

  async function pooled(size: number): Promise<string> {
    const clusterId = await rig.cluster({ size, sizes: [0, size, size + 1], settings: IDLE, policy: POLICY });
    await rig.database.cluster.update({ where: { id: clusterId }, data: { labels: { pool: POOL } } });
    return clusterId;
  }

  test('an order to leave waits for whoever gives out machines, and then minds what he gave', async () => {
    await rig.database.pool.create({ data: { name: POOL } });
    await rig.work();
    const clusterId = await pooled(1);
    const [machine = ''] = await machines(clusterId);
    const planId = await rig.plan(clusterId);
    const drains = () => rig.database.intent.count({ where: { kind: 'drain' } });
    const { cycleId, release } = await rig.database.$transaction(
      async (tx) => {
        const [own] = await tx.$queryRaw<{ pid: number }[]>`
          SELECT pg_backend_pid() AS pid FROM pool WHERE name = ${POOL} FOR UPDATE`;
        const approved = await rig.approve(planId);
        await rig.until(async () => {
          const waiting = await rig.database.$queryRaw<unknown[]>`
            SELECT 1 FROM pg_stat_activity WHERE ${own?.pid}::int = ANY(pg_blocking_pids(pid))`;
          return waiting.length > 0;
        });
        expect(await drains()).toBe(0);
        return { cycleId: approved, release: await hold(clusterId, machine, '', tx) };
      },
      { timeout: 30_000 },
    );
    await rig.until(async () => (await memberOf(cycleId, machine))?.state === 'draining');
    await nextTurn(cycleId);
    expect(await terminated(clusterId)).toEqual([]);
    await release();
    await rig.reaches(cycleId, 'completed');
  });

  test('nobody gets a machine that is about to go, and none is ended under its holder', async () => {
    await rig.work();
    const clusterId = await pooled(6);
    const cycleId = await rig.cycle(clusterId);
    const reservations = new PostgresReservations(rig.database);
    let over = false;
    let asked = 0;
    const people = Array.from({ length: 4 }, async () => {
      while (!over) {
        const id = `wish-${++asked}`;
        await wish(rig.database, id, { [POOL]: 1 });
        await reservations.allocate();
        await delay(60);
        await rig.database.$transaction((tx) => endReservation(tx, id, 'released'));
      }
    });
    try {
      await Promise.race([rig.reaches(cycleId, 'completed'), Promise.all(people)]);
    } finally {
      over = true;
      await Promise.allSettled(people);
    }

    const held = await rig.database.reservationMachine.findMany({ where: { clusterId } });
    const orders = await rig.database.intent.findMany({
      where: { cycleId, kind: 'drain', outcome: { not: 'not-done' } },
    });
    const ends = await calls(clusterId, 'destroy');
    const before = await machines(clusterId);
    // Both old and new machines were asked for, or nothing was at stake.
    expect(held.length).toBeGreaterThan(20);
    expect(new Set(held.map(({ instanceId }) => instanceId)).size).toBeGreaterThan(6);
    expect(before.length).toBeGreaterThanOrEqual(12);
    const faults = held.flatMap(({ instanceId, heldAt, releasedAt }) => {
      const ordered = orders.find((one) => one.instanceId === instanceId);
      const ended = ends.find((one) => one.instanceId === instanceId);
      return [
        ...(ordered !== undefined && ordered.createdAt < heldAt ? [`${instanceId} was given out after its drain`] : []),
        ...(ended !== undefined && ended.at < (releasedAt ?? new Date()) ? [`${instanceId} was ended while held`] : []),
      ];
    });
    expect(faults).toEqual([]);
  });
});
