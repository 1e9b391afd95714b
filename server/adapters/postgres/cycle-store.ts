import { randomUUID } from 'node:crypto';
import type { PlanBody } from '../../domain/approval/plan.ts';
import type { CapacityPoint } from '../../domain/cycle/capacity.ts';
import { type AbortMode, ACTIVE_STATES, type CycleState, type PauseReason } from '../../domain/cycle/cycle-state.ts';
import type {
  CycleFailure,
  CycleInstance,
  CycleRecord,
  CycleStore,
  FailureKind,
  Fence,
  Intended,
  Intent,
  IntentKind,
  IntentOutcome,
  NewIntent,
  SettingOrder,
  SettingsIntended,
  Settlement,
  Transition,
  TurnReport,
} from '../../domain/cycle/cycle-store.ts';
import type { RestoreEntry, RestoreOutcome, Setting, SettingName } from '../../domain/cycle/settings.ts';
import { DomainError } from '../../domain/errors.ts';
import { recordActivity } from './activity-log.ts';
import { appendEvents, changed } from './event-log.ts';
import { type Intent as IntentRow, Prisma, type PrismaClient } from './generated/client.ts';
import { POOL_OF_MACHINE } from './pool-machines.ts';
import { milliseconds } from './rows.ts';

/** A call may last this long, and never longer than its worker's lease, less a margin for its answer. */
export const CALL_LIMIT_MS = 10_000;

export class PostgresCycleStore implements CycleStore {
  readonly #db: PrismaClient;
  readonly #ttlMs: number;

  /** `ttlMs`: how long a lease lasts; a tenth of it is the margin before its end at which calls must be over. */
  constructor(db: PrismaClient, ttlMs: number) {
    this.#db = db;
    this.#ttlMs = ttlMs;
  }

  async load(fence: Fence): Promise<CycleRecord> {
    const [clock] = await this.#db.$queryRaw<{ now: number }[]>`
      SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`;
    const row = await this.#db.cycle.findFirst({
      where: { id: fence.cycleId, fence: fence.token, leaseOwner: fence.owner },
      include: { plan: true },
    });
    if (row === null || clock === undefined) throw lost(fence);
    return {
      id: row.id,
      planId: row.planId,
      clusterId: row.clusterId,
      environmentId: row.environmentId,
      state: row.state as CycleState,
      reason: row.reason as PauseReason | null,
      abortMode: row.abortMode as AbortMode | null,
      step: row.step,
      retries: row.retries,
      retryAt: milliseconds(row.retryAt),
      resumedAt: milliseconds(row.resumedAt),
      startedAt: milliseconds(row.startedAt),
      loadedAt: clock.now,
      plan: {
        body: row.plan.body as unknown as PlanBody,
        fingerprint: row.plan.fingerprint,
        expiresAt: row.plan.expiresAt.getTime(),
      },
    };
  }

  async recentIntents(cycleId: string, since: number): Promise<Intent[]> {
    const rows = await this.#db.intent.findMany({
      where: {
        cycleId,
        OR: [{ outcome: { in: ['pending', 'unknown'] } }, { settledAt: { gte: new Date(since) } }],
      },
      orderBy: [{ step: 'asc' }, { ordinal: 'asc' }],
    });
    return rows.map(intent);
  }

  async instances(cycleId: string): Promise<CycleInstance[]> {
    const [rows, orders] = await Promise.all([
      this.#db.cycleInstance.findMany({ where: { cycleId } }),
      this.#db.intent.findMany({
        where: { cycleId, kind: 'terminate', outcome: { not: 'not-done' } },
        select: { instanceId: true },
      }),
    ]);
    const ordered = new Set(orders.map((order) => order.instanceId));
    return rows.map((row) => ({
      instanceId: row.instanceId,
      role: row.role as CycleInstance['role'],
      decision: row.decision as CycleInstance['decision'],
      skipped: row.skippedAt !== null,
      forcedAt: milliseconds(row.forcedAt),
      drainExtensionMs: row.drainExtensionMs,
      goneAt: milliseconds(row.goneAt),
      terminationOrdered: ordered.has(row.instanceId),
    }));
  }

  async failures(cycleId: string): Promise<CycleFailure[]> {
    const rows = await this.#db.cycleFailure.findMany({ where: { cycleId }, orderBy: { at: 'asc' } });
    return rows.map(({ instanceId, kind, evidence, at }) => ({
      instanceId,
      kind: kind as FailureKind,
      evidence,
      at: at.getTime(),
    }));
  }

  async recordInstances(fence: Fence, started: readonly string[], gone: readonly string[]): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      await tx.cycleInstance.createMany({
        data: started.map((instanceId) => ({ cycleId: fence.cycleId, instanceId, role: 'started' })),
        skipDuplicates: true,
      });
      await tx.cycleInstance.updateMany({
        where: { cycleId: fence.cycleId, instanceId: { in: [...gone] }, goneAt: null },
        data: { goneAt: new Date() },
      });
      // Of one that has gone its cluster tells; only the cycle knows which are its own.
      if (started.length > 0) await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'instances')]);
    });
  }

  async recordFailures(fence: Fence, failures: readonly Omit<CycleFailure, 'at'>[]): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      await tx.cycleFailure.createMany({
        data: failures.map((failure) => ({ cycleId: fence.cycleId, ...failure })),
        skipDuplicates: true,
      });
      await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'failures')]);
    });
  }

  async skipInstance(fence: Fence, instanceId: string): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      await tx.cycleInstance.updateMany({
        where: { cycleId: fence.cycleId, instanceId, skippedAt: null },
        data: { skippedAt: new Date(), skippedBy: null },
      });
      await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'instances')]);
    });
  }

  async intend(fence: Fence, state: CycleState, intents: readonly NewIntent[]): Promise<Intended | null> {
    return this.#db.$transaction(async (tx) => {
      await lockPools(tx, fence.cycleId, intents);
      const held = await tx.$queryRaw<{ step: number; now: number; deadline: number }[]>`
        UPDATE cycle SET step = step + 1, started_at = coalesce(started_at, clock_timestamp())
        WHERE ${this.#holds(fence, state)} RETURNING step, ${this.#callTimes()}`;
      const [turn] = held;
      if (turn === undefined) return null;
      const data = intents.map((one, ordinal) => ({
        id: randomUUID(),
        cycleId: fence.cycleId,
        step: turn.step,
        ordinal,
        kind: one.kind,
        instanceId: one.instanceId,
        count: one.count,
        because: one.because,
        token: `${fence.cycleId}/${turn.step}/${ordinal}`,
        fence: fence.token,
        deadline: new Date(turn.deadline),
        createdAt: new Date(turn.now),
      }));
      await tx.intent.createMany({ data });
      await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'intents')]);
      return {
        remainingMs: turn.deadline - turn.now,
        intents: data.map(({ id, kind, instanceId, count, token }) => ({
          id,
          kind,
          instanceId,
          count,
          token,
          deadline: turn.deadline,
          outcome: 'pending' as const,
          createdAt: turn.now,
          settledAt: null,
        })),
      };
    });
  }

  async settle(fence: Fence, { id }: Intent, settlement: Settlement): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      await tx.intent.updateMany({
        where: { id, outcome: { in: ['pending', 'unknown'] } },
        data: {
          outcome: settlement.outcome,
          settledBy: settlement.outcome === 'unknown' ? null : settlement.settledBy,
          error: settlement.error ?? Prisma.DbNull,
          settledAt: settlement.outcome === 'unknown' ? null : new Date(),
        },
      });
      await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'intents')]);
    });
  }

  async restores(cycleId: string): Promise<RestoreEntry[]> {
    const rows = await this.#db.restoreEntry.findMany({ where: { cycleId, settledAt: null }, orderBy: { id: 'asc' } });
    return rows.map((row) => ({
      name: row.setting as SettingName,
      instanceId: row.instanceId === '' ? null : row.instanceId,
      before: row.before,
      during: row.during,
      deadline: row.deadline.getTime(),
      changedAt: milliseconds(row.changedAt),
    }));
  }

  async intendSettings(
    fence: Fence,
    state: CycleState,
    orders: readonly SettingOrder[],
  ): Promise<SettingsIntended | null> {
    return this.#db.$transaction(async (tx) => {
      const held = await tx.$queryRaw<{ clusterId: string; now: number; deadline: number }[]>`
        UPDATE cycle SET started_at = coalesce(started_at, clock_timestamp())
        WHERE ${this.#holds(fence, state)} AND (state = ANY(${[...ACTIVE_STATES]}) OR NOT EXISTS (
          SELECT 1 FROM cycle AS next WHERE next.cluster_id = cycle.cluster_id AND next.state = ANY(${[...ACTIVE_STATES]})))
        RETURNING cluster_id AS "clusterId", ${this.#callTimes()}`;
      const [turn] = held;
      if (turn === undefined) return null;
      const deadline = new Date(turn.deadline);
      // What was put back already, by a cycle that then found more to do, is to be put back once more.
      await tx.$executeRaw`
        DELETE FROM restore_entry
        WHERE cycle_id = ${fence.cycleId} AND settled_at IS NOT NULL AND ${among(orders)}`;
      await tx.restoreEntry.createMany({
        data: orders.map(({ name, instanceId, before, during }) => ({
          id: randomUUID(),
          cycleId: fence.cycleId,
          clusterId: turn.clusterId,
          setting: name,
          instanceId: instanceId ?? '',
          before,
          during,
          recordedAt: new Date(turn.now),
          deadline,
        })),
        skipDuplicates: true,
      });
      await tx.$executeRaw`
        UPDATE restore_entry SET deadline = ${deadline} WHERE cycle_id = ${fence.cycleId} AND ${among(orders)}`;
      await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'settings')]);
      return { deadline: turn.deadline, remainingMs: turn.deadline - turn.now };
    });
  }

  async noteSettings(
    fence: Fence,
    settings: readonly Setting[],
    note: 'answered' | 'changed' | RestoreOutcome,
  ): Promise<void> {
    const set =
      note === 'answered'
        ? Prisma.sql`deadline = to_timestamp(0)`
        : note === 'changed'
          ? Prisma.sql`changed_at = clock_timestamp()`
          : Prisma.sql`settled_at = clock_timestamp(), outcome = ${note}`;
    await this.#fenced(fence, async (tx) => {
      await tx.$executeRaw`
        UPDATE restore_entry SET ${set}
        WHERE cycle_id = ${fence.cycleId} AND settled_at IS NULL AND ${among(settings)}`;
      await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'settings')]);
    });
  }

  /** That this worker still owns the cycle, and nobody has changed its state. */
  #holds(fence: Fence, state: CycleState): Prisma.Sql {
    return Prisma.sql`id = ${fence.cycleId} AND fence = ${fence.token} AND lease_owner = ${fence.owner}
      AND state = ${state} AND lease_until > clock_timestamp()`;
  }

  /** Now, and until when a call that leaves now may take effect. */
  #callTimes(): Prisma.Sql {
    return Prisma.sql`floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
      floor(extract(epoch FROM least(
        clock_timestamp() + ${CALL_LIMIT_MS} * interval '1 ms',
        lease_until - ${Math.round(this.#ttlMs / 10)} * interval '1 ms')) * 1000)::float8 AS deadline`;
  }

  async transition(fence: Fence, { from, to, reason, summary }: Transition): Promise<boolean> {
    return this.#db.$transaction(async (tx) => {
      const ended = to === 'aborted' || to === 'completed' || to === 'failed';
      const { count } = await tx.cycle.updateMany({
        where: { id: fence.cycleId, fence: fence.token, leaseOwner: fence.owner, state: from },
        data: {
          state: to,
          reason: reason === null ? Prisma.DbNull : { ...reason, instanceIds: [...reason.instanceIds] },
          ...(summary === null ? {} : { summary: { ...summary } }),
          ...(ended ? { endedAt: new Date() } : {}),
        },
      });
      if (count === 0) return false;
      await announceTransition(tx, fence.cycleId, { from, to, reason, summary });
      return true;
    });
  }

  async report(fence: Fence, report: TurnReport, point: CapacityPoint): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      const [last, cycle] = await Promise.all([
        tx.cycleSample.findFirst({ where: { cycleId: fence.cycleId }, orderBy: { at: 'desc' } }),
        tx.cycle.findUniqueOrThrow({ where: { id: fence.cycleId }, select: { progress: true } }),
      ]);
      const { at, ...counts } = point;
      const moved =
        last === null || Object.entries(counts).some(([key, value]) => last[key as keyof typeof counts] !== value);
      if (moved) await tx.cycleSample.create({ data: { cycleId: fence.cycleId, at: new Date(at), ...counts } });
      const said = { ...report, at: undefined };
      const before = { ...(cycle.progress as unknown as TurnReport | null), at: undefined };
      const news = moved || JSON.stringify(sorted(said)) !== JSON.stringify(sorted(before));
      await tx.cycle.update({
        where: { id: fence.cycleId },
        data: { lastTurnAt: new Date(at), ...(news ? { progress: { ...report, at } } : {}) },
      });
      if (news) await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'progress')]);
    });
  }

  async backOff(fence: Fence, retries: number, retryAt: number | null): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      await tx.cycle.update({
        where: { id: fence.cycleId },
        data: { retries, retryAt: retryAt === null ? null : new Date(retryAt) },
      });
      await appendEvents(tx, [changed(`cycle:${fence.cycleId}`, 'retry')]);
    });
  }

  /** Locks the cycle's row for the owner of the fence, so that a successor's claim and this write cannot cross. */
  async #fenced(fence: Fence, write: (tx: Prisma.TransactionClient) => Promise<void>): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const held = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM cycle
        WHERE id = ${fence.cycleId} AND fence = ${fence.token} AND lease_owner = ${fence.owner} FOR UPDATE`;
      if (held.length === 0) throw lost(fence);
      await write(tx);
    });
  }
}

/**
 * Whoever gives out machines holds the rows of their pools. So an order to leave and a reservation of one machine come
 * one after the other: the second to come knows of the first.
 */
async function lockPools(tx: Prisma.TransactionClient, cycleId: string, intents: readonly NewIntent[]): Promise<void> {
  const leaving = intents.flatMap(({ kind, instanceId }) => (kind === 'undrain' || !instanceId ? [] : [instanceId]));
  if (leaving.length === 0) return;
  await tx.$queryRaw`
    SELECT 1 FROM pool WHERE name IN (
      SELECT ${POOL_OF_MACHINE}
      FROM cycle JOIN cluster ON cluster.id = cycle.cluster_id JOIN instance ON instance.cluster_id = cluster.id
      WHERE cycle.id = ${cycleId} AND instance.id = ANY(${leaving}))
    ORDER BY name COLLATE "C" FOR SHARE`;
}

/** Rows of the ledger that are about one of these. */
function among(settings: readonly Setting[]): Prisma.Sql {
  const names = settings.map((one) => one.name);
  const ids = settings.map((one) => one.instanceId ?? '');
  return Prisma.sql`(setting, instance_id) IN (SELECT * FROM unnest(${names}::text[], ${ids}::text[]))`;
}

/** Tells everybody who shows this cycle that its state has changed, and writes it into the activity. */
async function announceTransition(
  tx: Prisma.TransactionClient,
  cycleId: string,
  transition: Transition,
): Promise<void> {
  const { clusterId, environmentId, plan } = await tx.cycle.findUniqueOrThrow({
    where: { id: cycleId },
    include: { plan: { include: { cluster: { select: { name: true } } } } },
  });
  await recordActivity(
    tx,
    {
      actor: { id: null, name: 'runner' },
      verb: `cycle ${transition.to}`,
      object: { kind: 'cycle', id: cycleId, name: plan.cluster.name },
      before: { state: transition.from },
      after: {
        state: transition.to,
        ...(transition.reason === null ? {} : { reason: transition.reason.sentence }),
        ...(transition.summary === null ? {} : { summary: transition.summary.sentence }),
      },
      requestId: null,
    },
    [
      changed(`cluster:${clusterId}`, 'state'),
      changed(`cycle:${cycleId}`, 'state'),
      changed('cycles', 'state'),
      { stream: `environment:${environmentId}`, kind: 'changed', body: { clusterIds: [clusterId] } },
    ],
  );
}

function lost(fence: Fence): DomainError {
  return new DomainError('LEASE_LOST', { name: `cycle:${fence.cycleId}` });
}

function intent(row: IntentRow): Intent {
  return {
    id: row.id,
    kind: row.kind as IntentKind,
    instanceId: row.instanceId,
    count: row.count,
    token: row.token,
    deadline: row.deadline.getTime(),
    outcome: row.outcome as IntentOutcome,
    createdAt: row.createdAt.getTime(),
    settledAt: milliseconds(row.settledAt),
  };
}

function sorted(value: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
