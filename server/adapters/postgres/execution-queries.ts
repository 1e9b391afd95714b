import type { z } from 'zod';
import type { Page } from '../../contract/cluster.ts';
import type { ExecutionRow, ExecutionView, executionListSchema } from '../../contract/session.ts';
import { DomainError } from '../../domain/errors.ts';
import {
  type ContainerStatus,
  EXECUTION_STATES,
  type ExecutionState,
  isTerminal,
  type PortStatus,
  type WorkloadSpec,
} from '../../domain/execution/execution.ts';
import type { ComponentHealth, ComponentKind } from '../../domain/session/session.ts';
import { cursors } from './event-log.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { milliseconds } from './rows.ts';

const ROW = { session: { select: { name: true } } } as const;
const VIEW = { ...ROW, transitions: { orderBy: { id: 'asc' } }, healths: { orderBy: { id: 'asc' } } } as const;

type RowWithSession = Prisma.ExecutionGetPayload<{ include: typeof ROW }>;
type RowWithHistory = Prisma.ExecutionGetPayload<{ include: typeof VIEW }>;

export class PostgresExecutionQueries {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Newest first; the cursor is the last id of the page before. */
  async list(input: z.output<typeof executionListSchema>): Promise<Page<ExecutionRow>> {
    const { sessionId, cursor, limit } = input;
    const seqs = await cursors(this.#db, ['sessions', ...(sessionId === undefined ? [] : [`session:${sessionId}`])]);
    const where: Prisma.ExecutionWhereInput = {
      sessionId,
      ...byState(input.state),
      AND: input.q
        .split(/\s+/)
        .filter((word) => word !== '')
        .map(containsWord),
    };
    const [rows, total] = await Promise.all([
      this.#db.execution.findMany({
        where: { ...where, ...(cursor ? { id: { lt: cursor } } : {}) },
        orderBy: { id: 'desc' },
        take: limit + 1,
        include: ROW,
      }),
      this.#db.execution.count({ where }),
    ]);
    const shown = rows.slice(0, limit);
    const places = await placesOf(this.#db, shown);
    return {
      rows: shown.map((row) => executionRow(row, places)),
      total,
      nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
      cursors: seqs,
    };
  }

  async byId(executionId: string): Promise<ExecutionView> {
    const row = await this.#db.execution.findUnique({ where: { id: executionId }, include: VIEW });
    if (row === null) throw new DomainError('NOT_FOUND', { kind: 'execution', id: executionId });
    return executionView(row, await placesOf(this.#db, [row]));
  }

  /** In the order of the spec's components. */
  async ofSession(sessionId: string): Promise<readonly ExecutionView[]> {
    const rows = await this.#db.execution.findMany({
      where: { sessionId },
      include: VIEW,
      orderBy: [{ ordinal: 'asc' }, { id: 'asc' }],
    });
    const places = await placesOf(this.#db, rows);
    return rows.map((row) => executionView(row, places));
  }
}

/** What people call a cluster and its environment; both by id. */
export interface PlaceNames {
  readonly clusters: ReadonlyMap<string, string>;
  readonly environments: ReadonlyMap<string, string>;
}

/** An id stands for the name of what was removed. */
export async function placesOf(
  db: PrismaClient,
  places: readonly { readonly clusterId: string; readonly environmentId: string }[],
): Promise<PlaceNames> {
  const select = { id: true, name: true } as const;
  const [clusters, environments] = await Promise.all([
    db.cluster.findMany({ where: { id: { in: places.map(({ clusterId }) => clusterId) } }, select }),
    db.environment.findMany({ where: { id: { in: places.map(({ environmentId }) => environmentId) } }, select }),
  ]);
  const names = (rows: readonly { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]));
  return { clusters: names(clusters), environments: names(environments) };
}

function executionRow(row: RowWithSession, places: PlaceNames): ExecutionRow {
  const { environmentId, clusterId, instanceId } = row;
  return {
    id: row.id,
    sessionId: row.sessionId,
    sessionName: row.session.name,
    name: row.name,
    kind: row.kind as ComponentKind,
    machine: {
      environmentId,
      clusterId,
      instanceId,
      clusterName: places.clusters.get(clusterId) ?? clusterId,
      environmentName: places.environments.get(environmentId) ?? environmentId,
    },
    pool: row.pool,
    state: row.state as ExecutionState,
    desiredState: row.desiredState as ExecutionState,
    message: row.message,
    err: row.err,
    exitCode: row.exitCode,
    signal: row.signal,
    health: row.health as ComponentHealth,
    healthReason: row.healthReason,
    attempt: row.attempt,
    retryAt: milliseconds(row.retryAt),
    createdAt: row.createdAt.getTime(),
    startedAt: milliseconds(row.startedAt),
    exitedAt: milliseconds(row.exitedAt),
    removedAt: milliseconds(row.removedAt),
    logLines: row.logLines,
  };
}

function executionView(row: RowWithHistory, places: PlaceNames): ExecutionView {
  return {
    ...executionRow(row, places),
    workload: row.workload as unknown as WorkloadSpec,
    container: row.container as unknown as ContainerStatus | null,
    ports: (row.ports ?? []) as unknown as readonly PortStatus[],
    transitions: row.transitions.map(({ at, state, desiredState, message, err, attempt, retryAt }) => ({
      at: at.getTime(),
      state: state as ExecutionState,
      desiredState: desiredState as ExecutionState,
      message,
      err,
      attempt,
      retryAt: milliseconds(retryAt),
    })),
    healths: row.healths.map(({ at, health, reason }) => ({
      at: at.getTime(),
      health: health as ComponentHealth,
      reason,
    })),
  };
}

/** `active` = its machine may hold something of it still; `failed` = it did not end well, whatever became of it since. */
function byState(state: string | undefined): Prisma.ExecutionWhereInput {
  if (state === undefined || state === '') return {};
  if (state === 'active') return { removedAt: null, state: { notIn: EXECUTION_STATES.filter(isTerminal) } };
  if (state === 'failed') return { OR: [{ state: { in: ['FAILED', 'REJECTED', 'ORPHANED'] } }, { health: 'failed' }] };
  return { state };
}

function containsWord(word: string): Prisma.ExecutionWhereInput {
  const contains = { contains: word, mode: 'insensitive' } as const;
  return { OR: [{ name: contains }, { instanceId: contains }, { pool: contains }, { session: { name: contains } }] };
}
