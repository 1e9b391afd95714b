import { DomainError } from '../../domain/errors.ts';
import type { LogLine } from '../../domain/execution/controller.ts';
import type {
  ContainerStatus,
  Execution,
  ExecutionState,
  ExecutionStatus,
  MachineRef,
  PortStatus,
  WorkloadSpec,
} from '../../domain/execution/execution.ts';
import type { LogLevel } from '../../domain/session/log-level.ts';
import type {
  ComponentHealth,
  ComponentKind,
  SessionSpec,
  SessionState,
  SessionVerdict,
} from '../../domain/session/session.ts';
import type {
  ExecutionChange,
  ExecutionRecord,
  HealthChange,
  OrphanStore,
  ProcessRecord,
  SessionChange,
  SessionFence,
  SessionRecord,
  SessionStore,
} from '../../domain/session/session-store.ts';
import { waitedTooLong } from '../../domain/session/verdict.ts';
import { appendEvents, changed } from './event-log.ts';
import { type Execution as ExecutionRow, Prisma, type PrismaClient } from './generated/client.ts';
import { appendLog } from './log-store.ts';
import { endReservation, markMachines, poolEvents } from './reservations.ts';
import { milliseconds } from './rows.ts';

/** How long after one try an orphan is tried again. */
const ORPHAN_RETRY_MS = 30_000;

export class PostgresSessionStore implements SessionStore, OrphanStore {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async load(fence: SessionFence): Promise<SessionRecord> {
    const row = await this.#db.session.findFirst({
      where: { id: fence.sessionId, fence: fence.token, leaseOwner: fence.owner },
      include: { executions: { orderBy: { ordinal: 'asc' } } },
    });
    if (row === null) throw lost(fence);
    const held = await this.#db.reservationMachine.findMany({
      where: { reservation: { sessionId: row.id }, releasedAt: null },
    });
    return {
      id: row.id,
      name: row.name,
      spec: row.spec as unknown as SessionSpec,
      state: row.state as SessionState,
      verdict: row.verdict as unknown as SessionVerdict | null,
      ordered: row.ordered as SessionRecord['ordered'],
      keepForMs: Number(row.keepForMs),
      keepUntil: milliseconds(row.keepUntil),
      createdAt: row.createdAt.getTime(),
      acceptedAt: milliseconds(row.acceptedAt),
      provisionAt: milliseconds(row.provisionAt),
      runningAt: milliseconds(row.runningAt),
      retries: row.retries,
      retryAt: milliseconds(row.retryAt),
      machines: new Map(
        held.map(({ component, environmentId, clusterId, instanceId }): [string, MachineRef] => [
          component,
          { environmentId, clusterId, instanceId },
        ]),
      ),
      executions: row.executions.map((execution) => executionRecord(execution)),
    };
  }

  /** Ends the sessions that have waited longer than they may. */
  async expireQueued(): Promise<void> {
    const late = await this.#db.$queryRaw<{ id: string; queueMs: number }[]>`
      SELECT id, (spec #>> '{timeouts,queueMs}')::float8 AS "queueMs" FROM session
      WHERE state = 'queued' AND (spec #>> '{timeouts,queueMs}')::bigint > 0
        AND created_at + (spec #>> '{timeouts,queueMs}')::bigint * interval '1 ms' < clock_timestamp()`;
    for (const { id, queueMs } of late) {
      await this.#db.$transaction(async (tx) => {
        // Before its session's row, as who gives out machines does.
        const [reservation] = await tx.$queryRaw<{ id: string }[]>`
          SELECT id FROM reservation WHERE session_id = ${id} FOR UPDATE`;
        const verdict = waitedTooLong(queueMs);
        const now = new Date();
        const { count } = await tx.session.updateMany({
          where: { id, state: 'queued' },
          data: { state: 'ended', outcome: verdict.outcome, verdict: { ...verdict }, decidedAt: now, endedAt: now },
        });
        if (count === 0 || reservation === undefined) return;
        const pools = await endReservation(tx, reservation.id, 'cancelled');
        await tx.sessionEvent.create({ data: { sessionId: id, kind: 'error', text: verdict.sentence } });
        await appendEvents(tx, [
          changed(`session:${id}`, 'state'),
          changed('sessions', 'state'),
          ...poolEvents(pools, 'queue'),
        ]);
      });
    }
  }

  /** As its machine tells the work that it carries. */
  async labelOf(executionId: string): Promise<string> {
    const { name, session } = await this.#db.execution.findUniqueOrThrow({
      where: { id: executionId },
      select: { name: true, session: { select: { name: true } } },
    });
    return `${name} of ${session.name}`;
  }

  async recordChange(fence: SessionFence, change: SessionChange): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      const before = await heldSession(tx, fence.sessionId);
      if (before.keepForMs !== change.seen.keepForMs || before.keepUntil !== change.seen.keepUntil) return;
      const now = new Date();
      const { state, verdict } = change;
      await tx.session.update({
        where: { id: fence.sessionId },
        data: {
          state,
          keepUntil: date(change.keepUntil),
          ...(change.results === undefined ? {} : { results: json(change.results) }),
          ...(verdict === null ? {} : { verdict: json(verdict), outcome: verdict.outcome, decidedAt: now }),
          ...(state === before.state ? {} : entered(state, now)),
        },
      });
      const created = await tx.execution.createManyAndReturn({
        select: { id: true },
        data: change.create.map(({ id, name, kind, machine, workload }, index) => ({
          id,
          sessionId: fence.sessionId,
          name,
          kind,
          ordinal: before.executions + index,
          pool: before.pools.get(name) ?? '',
          ...machine,
          workload: { ...workload } as object,
          state: 'NEW',
          desiredState: 'RUNNING',
          message: 'created',
        })),
        // A component never gets a second execution, whoever asks.
        skipDuplicates: true,
      });
      await tx.executionTransition.createMany({
        data: created.map(({ id }) => ({
          executionId: id,
          state: 'NEW',
          desiredState: 'RUNNING',
          message: 'created',
        })),
      });
      for (const { executionId, desiredState } of change.desire) {
        const { state: reached } = await tx.execution.update({
          where: { id: executionId, sessionId: fence.sessionId },
          data: { desiredState },
        });
        await tx.executionTransition.create({
          data: {
            executionId,
            state: reached,
            desiredState,
            message: ASKED[desiredState] ?? `desired: ${desiredState}`,
          },
        });
      }
      await tx.sessionEvent.createMany({
        data: change.events.map(({ kind, text }) => ({ sessionId: fence.sessionId, kind, text, at: now })),
      });
      const pools = await this.#recordHold(tx, before, state);
      await appendEvents(tx, [
        changed(`session:${fence.sessionId}`, 'state'),
        ...(state === before.state && verdict === null ? [] : [changed('sessions', 'state')]),
        ...poolEvents(pools, 'state'),
      ]);
    });
  }

  /** What its machines do; answers the pools for which that is news. */
  async #recordHold(tx: Prisma.TransactionClient, before: Held, state: SessionState): Promise<readonly string[]> {
    if (before.reservationId === null || state === before.state) return [];
    if (state === 'ended') await endReservation(tx, before.reservationId, 'session-ended');
    else if (state === 'provisioning') await markMachines(tx, before.reservationId, 'running');
    else if (state === 'cleaning') await markMachines(tx, before.reservationId, 'cleaning');
    else return [];
    return [...new Set(before.pools.values())];
  }

  async recordStatus(fence: SessionFence, executionId: string, change: ExecutionChange): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      const { status, exitCode, attempt, retryAt } = change;
      const { desiredState } = await tx.execution.update({
        where: { id: executionId, sessionId: fence.sessionId },
        data: {
          ...statusColumns(status),
          // Who watches the process may know it already.
          ...(exitCode === null ? {} : { exitCode }),
          attempt,
          retryAt: date(retryAt),
        },
      });
      const { state, message, err } = status;
      await tx.executionTransition.create({
        data: { executionId, state, desiredState, message, err, attempt, retryAt: date(retryAt) },
      });
      await appendEvents(tx, [changed(`session:${fence.sessionId}`, 'execution')]);
    });
  }

  async recordRemoved(
    fence: SessionFence,
    executionId: string,
    status: ExecutionStatus,
    orphaned: boolean,
  ): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      const { state, message, err } = status;
      await tx.execution.update({
        where: { id: executionId, sessionId: fence.sessionId },
        data: { ...statusColumns(status), removedAt: new Date(), attempt: 0, retryAt: orphaned ? new Date() : null },
      });
      await tx.executionTransition.create({
        data: { executionId, state, desiredState: 'REMOVE', message, err },
      });
      await appendEvents(tx, [changed(`session:${fence.sessionId}`, 'execution')]);
    });
  }

  async takeOrphans(hostId: string): Promise<readonly Execution[]> {
    const rows = await this.#db.$queryRaw<{ id: string }[]>`
      WITH chosen AS MATERIALIZED (
        SELECT execution.id FROM execution JOIN environment ON environment.id = environment_id
        WHERE execution.removed_at IS NOT NULL AND retry_at <= clock_timestamp()
          AND (environment.host_id IS NULL OR environment.host_id = ${hostId})
        LIMIT 50 FOR UPDATE OF execution SKIP LOCKED)
      UPDATE execution SET retry_at = clock_timestamp() + ${ORPHAN_RETRY_MS} * interval '1 ms'
      FROM chosen WHERE execution.id = chosen.id RETURNING execution.id`;
    const orphans = await this.#db.execution.findMany({ where: { id: { in: rows.map(({ id }) => id) } } });
    return orphans.map(executionRecord);
  }

  async orphanRemoved(executionId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const message = 'removed when its machine answered again';
      const { sessionId, state } = await tx.execution.update({
        where: { id: executionId },
        data: { retryAt: null, message },
      });
      await tx.executionTransition.create({ data: { executionId, state, desiredState: 'REMOVE', message } });
      await appendEvents(tx, [changed(`session:${sessionId}`, 'execution')]);
    });
  }

  async recordHealth(fence: SessionFence, executionId: string, changes: readonly HealthChange[]): Promise<void> {
    const last = changes.at(-1);
    if (last === undefined) return;
    await this.#fenced(fence, async (tx) => {
      await tx.healthTransition.createMany({
        data: changes.map(({ health, reason, at }) => ({ executionId, health, reason, at: new Date(at) })),
      });
      await tx.execution.update({
        where: { id: executionId, sessionId: fence.sessionId },
        data: { health: last.health, healthReason: last.reason, healthSince: new Date(last.at) },
      });
      await appendEvents(tx, [changed(`session:${fence.sessionId}`, 'health'), changed('sessions', 'health')]);
    });
  }

  async recordProcess(
    fence: SessionFence,
    executionId: string,
    { startedAt, exitedAt, signal, exitCode }: ProcessRecord,
  ): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      await tx.execution.update({
        where: { id: executionId, sessionId: fence.sessionId },
        data: {
          startedAt: date(startedAt),
          exitedAt: date(exitedAt),
          signal,
          ...(exitCode === null ? {} : { exitCode }),
        },
      });
      await appendEvents(tx, [changed(`session:${fence.sessionId}`, 'execution')]);
    });
  }

  async appendLog(
    fence: SessionFence,
    executionId: string,
    lines: readonly (LogLine & { readonly level: LogLevel })[],
  ): Promise<void> {
    await this.#fenced(fence, (tx) => appendLog(tx, executionId, lines));
  }

  async backOff(fence: SessionFence, retries: number, retryAt: number | null): Promise<void> {
    await this.#fenced(fence, async (tx) => {
      await tx.session.update({ where: { id: fence.sessionId }, data: { retries, retryAt: date(retryAt) } });
      await appendEvents(tx, [changed(`session:${fence.sessionId}`, 'retry')]);
    });
  }

  /** Locks the session's row for the owner of the fence, so that a successor's claim and this write cannot cross. */
  async #fenced(fence: SessionFence, write: (tx: Prisma.TransactionClient) => Promise<void>): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const held = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM session
        WHERE id = ${fence.sessionId} AND fence = ${fence.token} AND lease_owner = ${fence.owner} FOR UPDATE`;
      if (held.length === 0) throw lost(fence);
      await write(tx);
    });
  }
}

/** What a change of the session, whose row is locked, is based on. */
async function heldSession(tx: Prisma.TransactionClient, sessionId: string): Promise<Held> {
  const { state, spec, keepForMs, keepUntil, _count } = await tx.session.findUniqueOrThrow({
    where: { id: sessionId },
    select: { state: true, spec: true, keepForMs: true, keepUntil: true, _count: { select: { executions: true } } },
  });
  const reservation = await tx.reservation.findUnique({ where: { sessionId }, select: { id: true } });
  const { components } = spec as unknown as SessionSpec;
  return {
    state: state as SessionState,
    keepForMs: Number(keepForMs),
    keepUntil: milliseconds(keepUntil),
    pools: new Map(components.map(({ name, pool }) => [name, pool])),
    executions: _count.executions,
    reservationId: reservation?.id ?? null,
  };
}

/** The session as its owner finds it, its row locked. */
interface Held {
  readonly state: SessionState;
  readonly keepForMs: number;
  readonly keepUntil: number | null;
  /** Of each component. */
  readonly pools: ReadonlyMap<string, string>;
  readonly executions: number;
  readonly reservationId: string | null;
}

const ASKED: Partial<Record<ExecutionState, string>> = {
  SHUTDOWN: 'asked to end',
  REMOVE: 'to be removed',
};

/** When it first entered a state that people ask about. */
function entered(state: SessionState, at: Date): Prisma.SessionUpdateInput {
  if (state === 'provisioning') return { provisionAt: at };
  if (state === 'running') return { runningAt: at };
  if (state === 'ended') return { endedAt: at };
  return {};
}

function executionRecord(row: ExecutionRow): ExecutionRecord {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as ComponentKind,
    machine: { environmentId: row.environmentId, clusterId: row.clusterId, instanceId: row.instanceId },
    workload: row.workload as unknown as WorkloadSpec,
    desiredState: row.desiredState as ExecutionState,
    status: {
      state: row.state as ExecutionState,
      message: row.message,
      err: row.err,
      container: row.container as unknown as ContainerStatus | null,
      ports: row.ports as unknown as readonly PortStatus[] | null,
      timestamp: milliseconds(row.statusAt),
    },
    exitCode: row.exitCode,
    startedAt: milliseconds(row.startedAt),
    exitedAt: milliseconds(row.exitedAt),
    signal: row.signal,
    attempt: row.attempt,
    retryAt: milliseconds(row.retryAt),
    health: row.health as ComponentHealth,
    healthReason: row.healthReason,
    healthSince: milliseconds(row.healthSince),
    logLines: row.logLines,
    removed: row.removedAt !== null,
  };
}

function statusColumns(status: ExecutionStatus) {
  const { state, message, err, container, ports, timestamp } = status;
  return {
    state,
    message,
    err,
    container: container === null ? Prisma.DbNull : { ...container },
    ports: ports === null ? Prisma.DbNull : ports.map((port) => ({ ...port })),
    statusAt: date(timestamp),
  };
}

function date(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}

function json(
  value: object | Prisma.InputJsonValue | null | boolean | number | string,
): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null ? Prisma.DbNull : (value as Prisma.InputJsonValue);
}

function lost(fence: SessionFence): DomainError {
  return new DomainError('LEASE_LOST', { name: `session:${fence.sessionId}` });
}
