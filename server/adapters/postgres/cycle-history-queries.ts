import type { CycleHistoryView } from '../../contract/cycle-history.ts';
import {
  type CycleStateChange,
  cycleHistory,
  type HistoryFacts,
  type HistoryIntent,
} from '../../domain/cycle/cycle-history.ts';
import type { CycleState } from '../../domain/cycle/cycle-state.ts';
import { DomainError } from '../../domain/errors.ts';
import { ACTION_VERBS } from './cycle-commands.ts';
import { cursors } from './event-log.ts';
import type { PrismaClient } from './generated/client.ts';

/** An instance that flaps more often than this is shown up to there. */
const CHANGES_SHOWN = 60;

interface CycleRow {
  readonly clusterId: string;
  readonly from: Date;
  readonly to: Date | null;
  readonly waves: readonly { readonly instanceIds: readonly string[] }[] | null;
}

interface MemberRow {
  readonly instanceId: string;
  readonly role: 'planned' | 'started';
  readonly decision: 'replace' | 'scale-in' | 'finish' | null;
  readonly skippedAt: Date | null;
  readonly skippedBy: string | null;
  readonly skippedName: string | null;
  readonly forcedAt: Date | null;
  readonly forcedBy: string | null;
  readonly forcedName: string | null;
  readonly goneAt: Date | null;
}

interface ActivityRow {
  readonly at: Date;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly verb: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** Reads everything that a cycle went through, in as many statements for a thousand instances as for one. */
export async function readCycleHistory(db: PrismaClient, cycleId: string): Promise<CycleHistoryView> {
  // The frozen plan is large; only the waves of its forecast are needed.
  const [cycle] = await db.$queryRaw<CycleRow[]>`
    SELECT cycle.cluster_id AS "clusterId", cycle.created_at AS "from", cycle.ended_at AS "to",
           plan.body -> 'forecast' -> 'waves' AS waves
    FROM cycle JOIN plan ON plan.id = cycle.plan_id WHERE cycle.id = ${cycleId}`;
  if (cycle === undefined) throw new DomainError('NOT_FOUND', { kind: 'cycle', id: cycleId });
  const { clusterId, from, to } = cycle;
  // Read before the facts that they go with, so that no change falls between the two.
  const seqs = await cursors(db, [`cycle:${cycleId}`, `cluster:${clusterId}`]);
  const [members, transitions, intents, failures, activity] = await Promise.all([
    readMembers(db, cycleId),
    readTransitions(db, cycleId, cycle),
    readIntents(db, cycleId),
    db.cycleFailure.findMany({ where: { cycleId }, orderBy: { at: 'asc' } }),
    readActivity(db, cycleId),
  ]);
  const history = cycleHistory({
    from: from.getTime(),
    to: to?.getTime() ?? null,
    expectedWaves: (cycle.waves ?? []).map((wave) => wave.instanceIds),
    members: members.map(memberOf),
    transitions: transitions.map(({ at, ...transition }) => ({ ...transition, at: at.getTime() })),
    intents,
    failures: failures.map(({ instanceId, kind, evidence, at }) => ({ instanceId, kind, evidence, at: at.getTime() })),
    states: activity.flatMap(stateChangeOf),
    orders: activity.flatMap(orderOf),
  });
  return {
    ...history,
    clusterId,
    seq: seqs[`cycle:${cycleId}`] ?? '0',
    clusterSeq: seqs[`cluster:${clusterId}`] ?? '0',
  };
}

function readMembers(db: PrismaClient, cycleId: string): Promise<MemberRow[]> {
  return db.$queryRaw<MemberRow[]>`
    SELECT member.instance_id AS "instanceId", member.role, member.decision,
           member.skipped_at AS "skippedAt", member.skipped_by AS "skippedBy", skipper.name AS "skippedName",
           member.forced_at AS "forcedAt", member.forced_by AS "forcedBy", forcer.name AS "forcedName",
           member.gone_at AS "goneAt"
    FROM cycle_instance AS member
    LEFT JOIN user_account AS skipper ON skipper.id = member.skipped_by
    LEFT JOIN user_account AS forcer ON forcer.id = member.forced_by
    WHERE member.cycle_id = ${cycleId}`;
}

interface TransitionRow {
  readonly instanceId: string;
  readonly at: Date;
  readonly state: string;
  readonly health: string | null;
}

/** The state of each instance at the start, and each change from there to the end. */
function readTransitions(
  db: PrismaClient,
  cycleId: string,
  { clusterId, from, to }: CycleRow,
): Promise<TransitionRow[]> {
  return db.$queryRaw<TransitionRow[]>`
    SELECT member.instance_id AS "instanceId", transition.at, transition.state, transition.health
    FROM cycle_instance AS member
    CROSS JOIN LATERAL (
      (SELECT at, id, state, health FROM instance_transition
       WHERE cluster_id = ${clusterId} AND instance_id = member.instance_id AND at <= ${from}
       ORDER BY at DESC, id DESC LIMIT 1)
      UNION ALL
      (SELECT at, id, state, health FROM instance_transition
       WHERE cluster_id = ${clusterId} AND instance_id = member.instance_id AND at > ${from}
         AND at <= coalesce(${to}::timestamptz, 'infinity')
       ORDER BY at, id LIMIT ${CHANGES_SHOWN})
    ) AS transition
    WHERE member.cycle_id = ${cycleId}
    ORDER BY member.instance_id, transition.at, transition.id`;
}

async function readIntents(db: PrismaClient, cycleId: string): Promise<HistoryIntent[]> {
  const rows = await db.$queryRaw<
    (Omit<HistoryIntent, 'createdAt' | 'settledAt'> & { readonly createdAt: Date; readonly settledAt: Date | null })[]
  >`
    SELECT step, ordinal, kind, instance_id AS "instanceId", outcome, error ->> 'message' AS message,
           created_at AS "createdAt", settled_at AS "settledAt"
    FROM intent WHERE cycle_id = ${cycleId} ORDER BY step, ordinal`;
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.getTime(),
    settledAt: row.settledAt?.getTime() ?? null,
  }));
}

function readActivity(db: PrismaClient, cycleId: string): Promise<ActivityRow[]> {
  return db.$queryRaw<ActivityRow[]>`
    SELECT at, actor_id AS "actorId", actor_name AS "actorName", verb, before, after
    FROM activity WHERE object_kind = 'cycle' AND object_id = ${cycleId} ORDER BY at, id`;
}

function memberOf(row: MemberRow): HistoryFacts['members'][number] {
  const by = (id: string | null, name: string | null) =>
    name ?? (id === null ? 'the drain timeout rule' : 'someone who was removed');
  return {
    instanceId: row.instanceId,
    role: row.role,
    decision: row.decision,
    skipped:
      row.skippedAt === null ? null : { byName: by(row.skippedBy, row.skippedName), at: row.skippedAt.getTime() },
    forced: row.forcedAt === null ? null : { byName: by(row.forcedBy, row.forcedName), at: row.forcedAt.getTime() },
    goneAt: row.goneAt?.getTime() ?? null,
  };
}

/** A line that says from which state to which the cycle went; the others say what was ordered for an instance. */
function stateChangeOf({ at, actorId, actorName, before, after }: ActivityRow): CycleStateChange[] {
  const state = after?.state;
  if (before?.state === undefined || typeof state !== 'string') return [];
  const said = after?.reason ?? after?.summary;
  return [
    {
      at: at.getTime(),
      state: state as CycleState,
      sentence: typeof said === 'string' ? said : null,
      byName: actorId === null ? null : actorName,
    },
  ];
}

function orderOf({ at, actorName, verb, after }: ActivityRow): HistoryFacts['orders'][number][] {
  const instanceId = after?.instance;
  if (typeof instanceId !== 'string') return [];
  const byMs = verb === ACTION_VERBS['extend-drain'] ? Number(after?.byMs ?? 0) : 0;
  if (byMs === 0 && verb !== ACTION_VERBS['retry-instance']) return [];
  return [{ at: at.getTime(), instanceId, byName: actorName, byMs }];
}
