import type { z } from 'zod';
import type { Page } from '../../contract/cluster.ts';
import type { Viewer } from '../../contract/people.ts';
import type { SessionRow, SessionView, sessionListSchema } from '../../contract/session.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { needsOf } from '../../domain/pool/pool.ts';
import { healthStripe } from '../../domain/session/health-stripe.ts';
import type { LogLevel } from '../../domain/session/log-level.ts';
import type {
  ComponentHealth,
  SessionEventKind,
  SessionOutcome,
  SessionSpec,
  SessionState,
  SessionVerdict,
} from '../../domain/session/session.ts';
import { currentSeq, cursors } from './event-log.ts';
import { PostgresExecutionQueries, placesOf } from './execution-queries.ts';
import { Prisma, type PrismaClient, type Session } from './generated/client.ts';
import { milliseconds } from './rows.ts';

/** A row or a view as the store knows it; how a waiting one stands in its queue is the pools' to say. */
type StoredSessionRow = Omit<SessionRow, 'position'>;
type StoredSessionView = Omit<SessionView, 'position' | 'queue' | 'actions'>;

const TICKS_SHOWN = 500;

export class PostgresSessionQueries {
  readonly #db: PrismaClient;
  readonly #executions: PostgresExecutionQueries;

  constructor(db: PrismaClient) {
    this.#db = db;
    this.#executions = new PostgresExecutionQueries(db);
  }

  /** Newest first; the cursor is the last id of the page before. */
  async list(input: z.output<typeof sessionListSchema>, viewer: Viewer): Promise<Page<StoredSessionRow>> {
    const seqs = await cursors(this.#db, ['sessions', 'pools']);
    const where = Prisma.join(conditions(input, viewer), ' and ');
    const after = input.cursor ? Prisma.sql`and session.id < ${input.cursor}` : Prisma.empty;
    const [found, counted] = await Promise.all([
      this.#db.$queryRaw<{ id: string }[]>`
        select id from session where ${where} ${after} order by id desc limit ${input.limit + 1}`,
      this.#db.$queryRaw<{ total: bigint }[]>`select count(*) as total from session where ${where}`,
    ]);
    const ids = found.slice(0, input.limit).map(({ id }) => id);
    const [rows, stripes] = await Promise.all([
      this.#db.session.findMany({ where: { id: { in: ids } }, orderBy: { id: 'desc' } }),
      this.#healthChanges(ids),
    ]);
    return {
      rows: rows.map((row) => sessionRow(row, stripes.get(row.id) ?? [])),
      total: Number(counted[0]?.total ?? 0n),
      nextCursor: found.length > input.limit ? (ids.at(-1) ?? null) : null,
      cursors: seqs,
    };
  }

  async standing(
    sessionId: string,
  ): Promise<{ readonly state: SessionState; readonly ordered: 'cancel' | 'finish' | null }> {
    const row = await this.#db.session.findUnique({ where: { id: sessionId }, select: { state: true, ordered: true } });
    if (row === null) throw unknown(sessionId);
    return { state: row.state as SessionState, ordered: row.ordered as 'cancel' | 'finish' | null };
  }

  async spec(sessionId: string): Promise<SessionSpec> {
    const row = await this.#db.session.findUnique({ where: { id: sessionId }, select: { spec: true } });
    if (row === null) throw unknown(sessionId);
    return row.spec as unknown as SessionSpec;
  }

  async byId(sessionId: string): Promise<StoredSessionView> {
    // Read before the facts that it goes with, so that no change falls between the two.
    const seq = await currentSeq(this.#db, `session:${sessionId}`);
    const row = await this.#db.session.findUnique({
      where: { id: sessionId },
      include: { events: { orderBy: { id: 'asc' } } },
    });
    if (row === null) throw unknown(sessionId);
    const [executions, changes, ticks, reservation, orderer] = await Promise.all([
      this.#executions.ofSession(sessionId),
      this.#healthChanges([sessionId]),
      this.#ticks(sessionId),
      this.#db.reservation.findUnique({ where: { sessionId }, include: { machines: true } }),
      row.orderedBy === null
        ? null
        : this.#db.user.findUnique({ where: { id: row.orderedBy }, select: { name: true } }),
    ]);
    const machines = reservation?.machines ?? [];
    const places = await placesOf(this.#db, machines);
    return {
      ...sessionRow(row, changes.get(sessionId) ?? []),
      spec: row.spec as unknown as SessionSpec,
      reservationId: reservation?.id ?? null,
      rerunOf: row.rerunOf,
      ordered:
        row.ordered === null || row.orderedAt === null
          ? null
          : {
              action: row.ordered as 'cancel' | 'finish',
              byName: orderer?.name ?? 'someone who was removed',
              at: row.orderedAt.getTime(),
            },
      keepForMs: Number(row.keepForMs),
      keepUntil: milliseconds(row.keepUntil),
      results: row.results as Json,
      provisionAt: milliseconds(row.provisionAt),
      executions,
      machines: machines.map(({ component, pool, clusterId, environmentId, instanceId }) => ({
        component,
        pool,
        clusterName: places.clusters.get(clusterId) ?? clusterId,
        environmentName: places.environments.get(environmentId) ?? environmentId,
        instanceId,
      })),
      events: row.events.map(({ id, at, kind, text }) => ({
        id: String(id),
        at: at.getTime(),
        kind: kind as SessionEventKind,
        text,
      })),
      ticks,
      retryAt: milliseconds(row.retryAt),
      seq,
    };
  }

  async #healthChanges(sessionIds: readonly string[]): Promise<ReadonlyMap<string, readonly HealthRow[]>> {
    const rows = await this.#db.$queryRaw<(HealthRow & { readonly sessionId: string })[]>`
      select execution.session_id as "sessionId", execution.id as "executionId", change.health,
        (extract(epoch from change.at) * 1000)::float8 as at
      from health_transition as change join execution on execution.id = change.execution_id
      where execution.session_id = any(${sessionIds}::text[])
      order by change.id`;
    const changes = new Map<string, HealthRow[]>();
    for (const row of rows) {
      const known = changes.get(row.sessionId);
      if (known === undefined) changes.set(row.sessionId, [row]);
      else known.push(row);
    }
    return changes;
  }

  /** The first warnings and errors: what began it is more telling than what went on. */
  async #ticks(sessionId: string): Promise<SessionView['ticks']> {
    // Each component's lines of a level come from the index, so a log of a million lines costs no more than a short one.
    const rows = await this.#db.$queryRaw<TickRow[]>`
      select execution.name as component, found.at, found.line, found.level, found.text
      from execution
      cross join unnest(array['warn', 'error']) as wanted (level)
      cross join lateral (
        select at, line, level, left(text, 500) as text from log_line
        where execution_id = execution.id and level = wanted.level
        order by line limit ${TICKS_SHOWN}
      ) as found
      where execution.session_id = ${sessionId}
      order by found.at, execution.ordinal, found.line limit ${TICKS_SHOWN}`;
    return rows.map(({ at, ...row }) => ({ ...row, at: at.getTime() }));
  }
}

interface HealthRow {
  readonly executionId: string;
  readonly health: ComponentHealth;
  readonly at: number;
}

interface TickRow {
  readonly component: string;
  readonly at: Date;
  readonly line: number;
  readonly level: LogLevel;
  readonly text: string;
}

function sessionRow(row: Session, changes: readonly HealthRow[]): StoredSessionRow {
  const spec = row.spec as unknown as SessionSpec;
  return {
    id: row.id,
    name: row.name,
    state: row.state as SessionState,
    outcome: row.outcome as SessionOutcome | null,
    verdict: row.verdict as unknown as SessionVerdict | null,
    ownerName: row.ownerName,
    labels: row.labels as Record<string, string>,
    wants: [...needsOf(spec)].map(([pool, count]) => ({ pool, count })),
    // What components become while they are ended, once the session is decided, is no news of their health.
    stripe: healthStripe(changes, milliseconds(row.decidedAt) ?? milliseconds(row.endedAt)),
    createdAt: row.createdAt.getTime(),
    acceptedAt: milliseconds(row.acceptedAt),
    runningAt: milliseconds(row.runningAt),
    decidedAt: milliseconds(row.decidedAt),
    endedAt: milliseconds(row.endedAt),
  };
}

function conditions(input: z.output<typeof sessionListSchema>, viewer: Viewer): readonly Prisma.Sql[] {
  const { pool, state, outcome, health, owner, q, machine } = input;
  const all = [Prisma.sql`true`];
  if (state === 'active') all.push(Prisma.sql`session.state <> 'ended'`);
  else if (state) all.push(Prisma.sql`session.state = ${state}`);
  if (outcome) all.push(Prisma.sql`session.outcome = ${outcome}`);
  if (owner === 'me') all.push(Prisma.sql`session.owner_id = ${viewer.id}`);
  if (pool)
    all.push(Prisma.sql`exists (
      select 1 from jsonb_array_elements(session.spec -> 'components') as component where component ->> 'pool' = ${pool})`);
  if (machine !== undefined)
    all.push(Prisma.sql`session.id in (
      select session_id from reservation join reservation_machine as held on held.reservation_id = reservation.id
      where held.cluster_id = ${machine.clusterId} and held.instance_id = ${machine.instanceId})`);
  if (health === 'bad') all.push(WAS_NOT_WELL);
  for (const word of q.split(/\s+/)) if (word !== '') all.push(hasWord(word));
  return all;
}

/** A component failed, or was ready and then was not. Not ready before the first time is how each begins. */
const WAS_NOT_WELL = Prisma.sql`exists (
  select 1 from execution join health_transition as bad on bad.execution_id = execution.id
  where execution.session_id = session.id and (
    bad.health = 'failed' or bad.health = 'not-ready' and exists (
      select 1 from health_transition as before
      where before.execution_id = execution.id and before.id < bad.id and before.health = 'ready')))`;

/** `label.team:web`, or part of the name or of the owner's. */
function hasWord(word: string): Prisma.Sql {
  const label = /^label\.([^:]+):(.*)$/.exec(word);
  if (label !== null) return Prisma.sql`session.labels ->> ${label[1]} = ${label[2]}`;
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
  return Prisma.sql`(session.name ilike ${pattern} or session.owner_name ilike ${pattern} or session.id ilike ${pattern})`;
}

function unknown(sessionId: string): DomainError {
  return new DomainError('NOT_FOUND', { kind: 'session', id: sessionId });
}
