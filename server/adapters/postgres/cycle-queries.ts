import type { Page } from '../../contract/cluster.ts';
import type {
  BackEndCallView,
  CycleInstanceView,
  CycleProgress,
  CycleRow,
  IntentView,
  PlaceQueue,
  SettingDrift,
  SettingView,
} from '../../contract/cycle.ts';
import type { CycleHistoryView } from '../../contract/cycle-history.ts';
import { canUndrain } from '../../contract/undraining.ts';
import type { PlanBody } from '../../domain/approval/plan.ts';
import type { Workload } from '../../domain/cluster/cluster.ts';
import {
  type AbortMode,
  ACTIVE_STATES,
  type CycleState,
  type CycleSummary,
  type PauseReason,
} from '../../domain/cycle/cycle-state.ts';
import { type RestoreOutcome, settingNames } from '../../domain/cycle/settings.ts';
import { DomainError } from '../../domain/errors.ts';
import { capacitySamples } from './capacity-samples.ts';
import { readCycleHistory } from './cycle-history-queries.ts';
import { currentSeq, cursors } from './event-log.ts';
import type { Cycle, CycleInstance, Instance, Intent, Prisma, PrismaClient, RestoreEntry } from './generated/client.ts';
import { placeQueues } from './places.ts';
import { milliseconds } from './rows.ts';

interface ListInput {
  readonly clusterId?: string;
  readonly environmentId?: string;
  /** The name of an environment; none or empty: all. */
  readonly environment?: string;
  readonly state?: string;
  readonly q: string;
  readonly cursor?: string | null;
  readonly limit: number;
}

const ROW = {
  plan: { select: { authorId: true, cluster: { select: { name: true, environment: { select: { name: true } } } } } },
} as const;

type RowWithPlan = Prisma.CycleGetPayload<{ include: typeof ROW }>;

/** A long cycle makes many calls; the page shows the newest. */
const CALLS_SHOWN = 500;
/** Of each stretch of a cycle the page has two samples: the lowest and the last. */
const STRETCHES = 2_500;

export class PostgresCycleQueries {
  readonly #db: PrismaClient;
  /** Whether instances of an environment kind can be put back in service. */

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Those that go on, the newest first, then those that have ended, the last first. */
  async list({ clusterId, environmentId, environment, state, q, cursor, limit }: ListInput): Promise<Page<CycleRow>> {
    const environments = await this.#db.environment.findMany({ where: { removedAt: null }, select: { id: true } });
    const seqs = await cursors(this.#db, ['cycles', ...environments.map((one) => `environment:${one.id}`)]);
    const active = [...ACTIVE_STATES];
    const byState =
      state === undefined || state === ''
        ? {}
        : state === 'active'
          ? { state: { in: active } }
          : state === 'ended'
            ? { state: { notIn: active } }
            : { state };
    const where: Prisma.CycleWhereInput = {
      clusterId,
      environmentId,
      ...byState,
      AND: [
        q === '' ? {} : { plan: { cluster: { name: { contains: q, mode: 'insensitive' } } } },
        environment ? { plan: { cluster: { environment: { name: environment } } } } : {},
      ],
    };
    const [rows, total] = await Promise.all([
      this.#db.cycle.findMany({
        where: cursor ? { AND: [where, after(cursor)] } : where,
        orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { id: 'desc' }],
        take: limit + 1,
        include: ROW,
      }),
      this.#db.cycle.count({ where }),
    ]);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const [names, queues] = await Promise.all([
      this.#names(shown.map((row) => row.plan.authorId)),
      this.#queues(shown),
    ]);
    return {
      rows: shown.map((row) => cycleRow(row, names, queues)),
      total,
      nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null,
      cursors: seqs,
    };
  }

  async standing(cycleId: string) {
    const row = await this.#db.cycle.findUnique({ where: { id: cycleId }, select: { state: true, startedAt: true } });
    if (row === null) throw new DomainError('NOT_FOUND', { kind: 'cycle', id: cycleId });
    return { state: row.state as CycleState, hasBegun: row.startedAt !== null };
  }

  async byId(cycleId: string) {
    // Read before the facts that it goes with, so that no change falls between the two.
    const seq = await currentSeq(this.#db, `cycle:${cycleId}`);
    const row = await this.#db.cycle.findUnique({
      where: { id: cycleId },
      include: {
        plan: { include: { approvals: true, cluster: { include: { environment: true } } } },
        intents: { orderBy: [{ step: 'asc' }, { ordinal: 'asc' }] },
        instances: true,
        failures: { orderBy: { at: 'asc' } },
        restores: { orderBy: [{ setting: 'asc' }, { instanceId: 'asc' }] },
      },
    });
    if (row === null) throw new DomainError('NOT_FOUND', { kind: 'cycle', id: cycleId });
    const factsSeqs = await cursors(this.#db, [`cluster:${row.clusterId}`, `environment:${row.environmentId}`]);
    const [facts, configs, samples, calls, names, observed, queues] = await Promise.all([
      this.#db.instance.findMany({ where: { clusterId: row.clusterId } }),
      this.#db.clusterConfig.findMany({ where: { clusterId: row.clusterId }, select: { config: true, version: true } }),
      capacitySamples(this.#db, [cycleId], STRETCHES),
      this.#db.backEndCall.findMany({ where: { cycleId }, orderBy: { at: 'desc' }, take: CALLS_SHOWN }),
      this.#names([
        row.plan.authorId,
        ...row.plan.approvals.map((one) => one.userId),
        ...row.instances.flatMap((one) => [one.skippedBy, one.forcedBy].filter((id) => id !== null)),
      ]),
      this.#db.cluster.findUnique({ where: { id: row.clusterId }, select: { observedAt: true, autoscaling: true } }),
      this.#queues([row]),
    ]);
    const body = row.plan.body as unknown as PlanBody;
    const versions = new Map(configs.map(({ config, version }) => [config, version]));
    const listed = new Map(facts.map((fact) => [fact.id, fact]));
    return {
      ...cycleRow(row, names, queues),
      body,
      abortMode: row.abortMode as AbortMode | null,
      summary: row.summary as unknown as CycleSummary | null,
      approvedBy: row.plan.approvals.map((one) => names.get(one.userId) ?? 'someone who was removed'),
      workerId: row.leaseOwner,
      retryAt: milliseconds(row.retryAt),
      samples: samples.get(cycleId) ?? [],
      intents: row.intents.map(intentView),
      instances: row.instances.map((one) =>
        instanceView(one, listed.get(one.instanceId), {
          names,
          version: (config) => versions.get(config) ?? null,
          frozenConfig: body.cluster.instances.find((frozen) => frozen.id === one.instanceId)?.config,
          drainTimeoutMs: body.config.drainTimeoutMs,
          // Where a drain that runs out pauses the cycle, who resumes gives each its whole time again.
          drainsTimedFrom: body.policy.onDrainTimeout === 'pause' ? (milliseconds(row.resumedAt) ?? 0) : 0,
          failures: row.failures
            .filter((failure) => failure.instanceId === one.instanceId)
            .map(({ kind, evidence, at }) => ({ kind, evidence, at: at.getTime() })),
        }),
      ),
      calls: calls.map(
        (call): BackEndCallView => ({
          id: call.id,
          operation: call.operation,
          token: call.token,
          detail: call.detail,
          at: call.at.getTime(),
          durationMs: call.durationMs,
          result: call.result,
        }),
      ),
      canUndrain: canUndrain(row.plan.cluster.environment.kind),
      settings: settingViews(row.restores, facts, observed),
      observedAt: milliseconds(observed?.observedAt ?? null),
      seq,
      clusterSeq: factsSeqs[`cluster:${row.clusterId}`] ?? '0',
      environmentSeq: factsSeqs[`environment:${row.environmentId}`] ?? '0',
    };
  }

  history(cycleId: string): Promise<CycleHistoryView> {
    return readCycleHistory(this.#db, cycleId);
  }

  async #queues(rows: readonly Cycle[]): Promise<ReadonlyMap<string, PlaceQueue>> {
    const approved = rows.filter((row) => row.state === 'approved').map((row) => row.id);
    return approved.length === 0 ? new Map() : placeQueues(this.#db, approved);
  }

  async #names(userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const users = await this.#db.user.findMany({
      where: { id: { in: [...userIds] } },
      select: { id: true, name: true },
    });
    return new Map(users.map((user) => [user.id, user.name]));
  }
}

/** The place of a row in the list: `<id>` while it goes on, `<id> <when it ended>` afterwards. */
function cursorOf({ id, endedAt }: Cycle): string {
  return endedAt === null ? id : `${id} ${endedAt.getTime()}`;
}

/** What comes after a place in the list. */
function after(cursor: string): Prisma.CycleWhereInput {
  const [id = '', ended] = cursor.split(' ');
  if (ended === undefined) return { OR: [{ endedAt: null, id: { lt: id } }, { endedAt: { not: null } }] };
  const endedAt = new Date(Number(ended));
  // The bound by itself is what the index can be searched by.
  return { endedAt: { lte: endedAt }, OR: [{ endedAt: { lt: endedAt } }, { id: { lt: id } }] };
}

function cycleRow(
  row: RowWithPlan,
  names: ReadonlyMap<string, string>,
  queues: ReadonlyMap<string, PlaceQueue>,
): CycleRow {
  return {
    id: row.id,
    planId: row.planId,
    clusterId: row.clusterId,
    clusterName: row.plan.cluster.name,
    environmentName: row.plan.cluster.environment.name,
    state: row.state as CycleState,
    reason: row.reason as PauseReason | null,
    waitsForPlace: queues.get(row.id) ?? null,
    progress: row.progress as unknown as CycleProgress | null,
    authorName: names.get(row.plan.authorId) ?? 'someone who was removed',
    createdAt: row.createdAt.getTime(),
    startedAt: milliseconds(row.startedAt),
    endedAt: milliseconds(row.endedAt),
  };
}

/** As many drifts are told as a person reads. */
const DRIFTS_SHOWN = 20;

function settingViews(
  entries: readonly RestoreEntry[],
  facts: readonly Instance[],
  cluster: { readonly observedAt: Date | null; readonly autoscaling: string | null } | null,
): SettingView[] {
  const listed = new Map(facts.map((fact) => [fact.id, fact]));
  const seen = ({ setting, instanceId }: RestoreEntry): string | null => {
    if (setting === 'autoscaling') return cluster?.autoscaling ?? null;
    const fact = listed.get(instanceId);
    if (fact === undefined) return null;
    return setting === 'protection' ? (fact.protection ?? 'none') : fact.closed ? 'closed' : 'open';
  };
  const drift = (entry: RestoreEntry): SettingDrift => ({
    instanceId: entry.instanceId === '' ? null : entry.instanceId,
    before: entry.before,
    now: seen(entry),
  });
  return settingNames.flatMap((name) => {
    const those = entries.filter((entry) => entry.setting === name);
    const [first] = those;
    if (first === undefined) return [];
    const open = those.filter((entry) => entry.settledAt === null);
    const changed = open.filter((entry) => entry.changedAt !== null);
    // Facts that were read before the cycle's own change say nothing of somebody else.
    const later = changed.filter(({ changedAt }) => (cluster?.observedAt ?? 0) > (changedAt ?? 0));
    const drifted = later.filter((entry) => seen(entry) !== null && seen(entry) !== entry.during);
    const ended = (outcome: RestoreOutcome) => those.filter((entry) => entry.outcome === outcome);
    return {
      name,
      during: first.during,
      pending: open.length - changed.length,
      changed: changed.length,
      restored: ended('restored').length,
      gone: ended('gone').length,
      drifted: drifted.slice(0, DRIFTS_SHOWN).map(drift),
      overtaken: ended('overtaken').slice(0, DRIFTS_SHOWN).map(drift),
    };
  });
}

function intentView(row: Intent): IntentView {
  return {
    id: row.id,
    step: row.step,
    ordinal: row.ordinal,
    kind: row.kind as IntentView['kind'],
    instanceId: row.instanceId,
    count: row.count,
    token: row.token,
    because: row.because,
    outcome: row.outcome as IntentView['outcome'],
    settledBy: row.settledBy as IntentView['settledBy'],
    error: row.error as unknown as IntentView['error'],
    createdAt: row.createdAt.getTime(),
    settledAt: milliseconds(row.settledAt),
    fence: String(row.fence),
  };
}

interface InstanceContext {
  readonly names: ReadonlyMap<string, string>;
  readonly version: (config: string) => number | null;
  readonly frozenConfig: string | undefined;
  readonly drainTimeoutMs: number;
  /** No drain is timed from before this moment. */
  readonly drainsTimedFrom: number;
  readonly failures: CycleInstanceView['failures'];
}

function instanceView(row: CycleInstance, fact: Instance | undefined, context: InstanceContext): CycleInstanceView {
  const by = (id: string | null) =>
    id === null ? 'the drain timeout rule' : (context.names.get(id) ?? 'someone who was removed');
  const config = fact?.config ?? context.frozenConfig;
  const draining = fact?.state === 'draining' && fact.updatedAt !== null && context.drainTimeoutMs > 0;
  return {
    instanceId: row.instanceId,
    role: row.role as CycleInstanceView['role'],
    decision: row.decision as CycleInstanceView['decision'],
    state: fact?.state ?? 'gone',
    stateSince: fact === undefined ? milliseconds(row.goneAt) : fact.stateSince.getTime(),
    health: fact?.health ?? null,
    version: config === undefined ? null : context.version(config),
    skipped: row.skippedAt === null ? null : { byName: by(row.skippedBy), at: row.skippedAt.getTime() },
    forced: row.forcedAt === null ? null : { byName: by(row.forcedBy), at: row.forcedAt.getTime() },
    drainDeadline:
      draining && fact.updatedAt !== null
        ? Math.max(fact.updatedAt.getTime(), context.drainsTimedFrom) + context.drainTimeoutMs + row.drainExtensionMs
        : null,
    blockers: fact?.state === 'draining' ? (fact.workloads as unknown as Workload[]) : [],
    failures: context.failures,
  };
}
