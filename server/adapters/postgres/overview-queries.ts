import type { ActiveCycleView, Bounded, EndedCycleView, NeedView, OverviewPool } from '../../contract/overview.ts';
import { ACTIVE_STATES, type CycleState, type PauseReason } from '../../domain/cycle/cycle-state.ts';
import { POOL_PARTS, type PoolPart, partOf, partsOf } from '../../domain/pool/pool.ts';
import { capacitySamples } from './capacity-samples.ts';
import { cursors } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { FACTS_LIMIT_MS, LABEL_OF_MACHINE, machinesOfClusters, POOL_OF_CLUSTER, poolOfLabel } from './pool-machines.ts';
import { milliseconds } from './rows.ts';
import { SEEN_LIMIT_MS } from './workers.ts';

/** Of each kind of need; the page shows fewer. */
const NEEDS_READ = 20;
const CYCLES_SHOWN = 8;
/** Of each a picture of some 250 px has two points: the lowest and the last. */
const STRETCHES = 40;

const active = [...ACTIVE_STATES];

/** What the overview shows, counted and cut in the database: a fleet's instances are never read here one by one. */
export class PostgresOverviewQueries {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async cursors(): Promise<Record<string, string>> {
    const environments = await this.#db.environment.findMany({ where: { removedAt: null }, select: { id: true } });
    const lists = ['cycles', 'plans', 'pools', 'activity', 'environments'];
    return cursors(this.#db, [...lists, ...environments.map(({ id }) => `environment:${id}`)]);
  }

  async numbers() {
    const [row] = await this.#db.$queryRaw<
      {
        clusters: number;
        outdatedClusters: number;
        outdatedInstances: number;
        runningCycles: number;
        pausedCycles: number;
        waitingCycles: number;
      }[]
    >`
      WITH outdated AS (
        SELECT instance.cluster_id, count(*)::int AS instances
        FROM instance JOIN cluster ON cluster.id = instance.cluster_id
        WHERE instance.config <> cluster.config AND cluster.removed_at IS NULL
        GROUP BY instance.cluster_id
      )
      SELECT (SELECT count(*)::int FROM cluster WHERE removed_at IS NULL) AS clusters,
        (SELECT count(*)::int FROM outdated) AS "outdatedClusters",
        (SELECT coalesce(sum(instances), 0)::int FROM outdated) AS "outdatedInstances",
        count(*) FILTER (WHERE state IN ('running', 'pausing', 'aborting'))::int AS "runningCycles",
        count(*) FILTER (WHERE state = 'paused')::int AS "pausedCycles",
        count(*) FILTER (WHERE state = 'approved')::int AS "waitingCycles"
      FROM cycle WHERE state = ANY(${active})`;
    if (row === undefined) throw new Error('a count of clusters gave no row');
    return row;
  }

  async approvals(approverId: string | null): Promise<Bounded<NeedView> & { readonly waitingPlans: number }> {
    const [count] = await this.#db.$queryRaw<{ waiting: number; own: number }[]>`
      SELECT count(*)::int AS waiting, count(*) FILTER (WHERE ${mayApprove(approverId)})::int AS own
      FROM plan JOIN environment ON environment.id = plan.environment_id WHERE ${WAITING_PLAN}`;
    const { waiting = 0, own = 0 } = count ?? {};
    if (own === 0) return { items: [], total: 0, waitingPlans: waiting };
    const rows = await this.#db.$queryRaw<ApprovalRow[]>`
      SELECT plan.id, cluster.name AS cluster_name, environment.name AS environment_name, plan.body ->> 'sentence' AS sentence,
        author.name AS author_name, environment.approvals_needed, plan.expires_at,
        (SELECT count(*)::int FROM approval WHERE approval.plan_id = plan.id) AS approvals
      FROM (
        SELECT plan.id FROM plan JOIN environment ON environment.id = plan.environment_id
        WHERE ${WAITING_PLAN} AND ${mayApprove(approverId)} ORDER BY plan.expires_at, plan.id LIMIT ${NEEDS_READ}
      ) AS first
      JOIN plan ON plan.id = first.id JOIN cluster ON cluster.id = plan.cluster_id
      JOIN environment ON environment.id = plan.environment_id
      LEFT JOIN user_account AS author ON author.id = plan.author_id
      ORDER BY plan.expires_at, plan.id`;
    return {
      total: own,
      waitingPlans: waiting,
      items: rows.map((row) => ({
        kind: 'approval',
        planId: row.id,
        clusterName: row.cluster_name,
        environmentName: row.environment_name,
        sentence: row.sentence,
        authorName: row.author_name ?? 'someone who was removed',
        approvals: row.approvals,
        approvalsNeeded: row.approvals_needed,
        expiresAt: row.expires_at.getTime(),
      })),
    };
  }

  /** When a cycle was paused stands in the activity only. */
  async pausedCycles(): Promise<Bounded<NeedView>> {
    const rows = await this.#db.$queryRaw<PausedRow[]>`
      SELECT cycle.id, cluster.name AS cluster_name, environment.name AS environment_name, cycle.reason,
        (SELECT max(activity.at) FROM activity WHERE object_kind = 'cycle' AND object_id = cycle.id
          AND after ->> 'state' = 'paused') AS since, count(*) OVER ()::int AS total
      FROM cycle JOIN cluster ON cluster.id = cycle.cluster_id
        JOIN environment ON environment.id = cycle.environment_id
      WHERE cycle.state = 'paused'
      ORDER BY cycle.reason ->> 'kind' = 'person', cycle.id LIMIT ${NEEDS_READ}`;
    return bounded(rows, ({ id, reason, ...row }) => ({
      kind: 'paused-cycle',
      cycleId: id,
      ...nameOf(row),
      byPerson: reason?.kind === 'person',
      sentence: reason?.sentence ?? 'Nobody knows why.',
      next: reason?.next ?? '',
      since: milliseconds(row.since),
    }));
  }

  /** For each cycle the drain whose time is over first, where it is in its last fifth. */
  async drains(): Promise<Bounded<NeedView>> {
    const rows = await this.#db.$queryRaw<DrainRow[]>`
      WITH drain AS (
        SELECT cycle.id, cycle.cluster_id, cycle.environment_id, instance.id AS instance_id, times.timeout,
          instance.updated_at + times.timeout + member.drain_extension_ms * interval '1 millisecond' AS deadline
        FROM cycle
        JOIN LATERAL (
          SELECT (plan.body #>> '{config,drainTimeoutMs}')::float8 * interval '1 millisecond' AS timeout
          FROM plan WHERE plan.id = cycle.plan_id
        ) AS times ON true
        JOIN instance ON instance.cluster_id = cycle.cluster_id AND instance.state = 'draining'
          AND instance.updated_at IS NOT NULL
        JOIN cycle_instance AS member ON member.cycle_id = cycle.id AND member.instance_id = instance.id
        WHERE cycle.state = ANY(${active})
      ), near AS (
        SELECT *, count(*) OVER (PARTITION BY id)::int AS instances,
          row_number() OVER (PARTITION BY id ORDER BY deadline, instance_id) AS place
        FROM drain WHERE timeout > interval '0' AND now() > deadline - timeout / 5
      )
      SELECT near.id, instance_id, instances, deadline, cluster.name AS cluster_name, environment.name AS environment_name,
        count(*) OVER ()::int AS total
      FROM near JOIN cluster ON cluster.id = near.cluster_id JOIN environment ON environment.id = near.environment_id
      WHERE place = 1 ORDER BY deadline LIMIT ${NEEDS_READ}`;
    return bounded(rows, (row) => ({
      kind: 'drain',
      cycleId: row.id,
      ...nameOf(row),
      instanceId: row.instance_id,
      instances: row.instances,
      deadline: row.deadline.getTime(),
    }));
  }

  async leases(holderId: string): Promise<Bounded<NeedView>> {
    const rows = await this.#db.$queryRaw<LeaseRow[]>`
      SELECT reservation.id, reservation.name, purpose, pools, expires_at,
        (SELECT count(*)::int FROM reservation_machine AS machine
          WHERE machine.reservation_id = reservation.id AND machine.released_at IS NULL) AS machines,
        (SELECT count(*)::int FROM reservation AS other
          WHERE other.state = 'waiting' AND other.pools && reservation.pools) AS waiting,
        count(*) OVER ()::int AS total
      FROM reservation
      WHERE holder_id = ${holderId} AND state = 'held' AND kind = 'manual' AND lease_ms > 0
        AND now() > expires_at - lease_ms * interval '0.2 milliseconds'
      ORDER BY expires_at, id LIMIT ${NEEDS_READ}`;
    return bounded(rows, ({ id, name, purpose, pools, machines, waiting, expires_at }) => ({
      kind: 'lease',
      reservationId: id,
      ...{ name, purpose, pools, machines, waiting },
      expiresAt: expires_at.getTime(),
    }));
  }

  /** Environments with clusters whose back end does not answer, or that no worker drives. */
  async unreadable(): Promise<Bounded<NeedView>> {
    const seenAfter = new Date(Date.now() - SEEN_LIMIT_MS);
    const rows = await this.#db.$queryRaw<UnreadableRow[]>`
      SELECT name, host_name, sync_error, observed_at, clusters, count(*) OVER ()::int AS total
      FROM (
        SELECT environment.*, (SELECT count(*)::int FROM cluster
          WHERE cluster.environment_id = environment.id AND removed_at IS NULL) AS clusters
        FROM environment WHERE disabled_at IS NULL AND removed_at IS NULL
      ) AS environment
      WHERE clusters > 0 AND (sync_error IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM worker WHERE seen_at >= ${seenAfter}
          AND (environment.host_id IS NULL OR worker.host_id = environment.host_id)))
      ORDER BY observed_at NULLS FIRST, name LIMIT ${NEEDS_READ}`;
    return bounded(rows, (row) => ({
      kind: 'environment',
      environmentName: row.name,
      clusters: row.clusters,
      hostName: row.host_name,
      error: row.sync_error,
      observedAt: milliseconds(row.observed_at),
    }));
  }

  async cycles(): Promise<Bounded<ActiveCycleView>> {
    const rows = await this.#db.$queryRaw<CycleRow[]>`
      SELECT first.id, first.state, first.started_at, first.progress, first.total,
        cluster.name AS cluster_name, environment.name AS environment_name, facts.*
      FROM (
        SELECT *, count(*) OVER ()::int AS total FROM cycle WHERE state = ANY(${active})
        ORDER BY started_at IS NULL, started_at, id LIMIT ${CYCLES_SHOWN}
      ) AS first
      JOIN cluster ON cluster.id = first.cluster_id JOIN environment ON environment.id = first.environment_id
      CROSS JOIN LATERAL (
        SELECT (plan.body ->> 'floor')::int AS floor, (config ->> 'targetSize')::int AS target_size,
          (config ->> 'maxSize')::int AS max_size, (plan.body #>> '{forecast,durationMs,p50}')::float8 AS forecast_ms
        FROM plan CROSS JOIN LATERAL (SELECT plan.body -> 'config' AS config) AS parts WHERE plan.id = first.plan_id
      ) AS facts
      ORDER BY first.started_at IS NULL, first.started_at, first.id`;
    const samples = await capacitySamples(
      this.#db,
      rows.map(({ id }) => id),
      STRETCHES,
    );
    return bounded(rows, (row) => ({
      id: row.id,
      state: row.state,
      ...nameOf(row),
      progress: row.progress,
      floor: row.floor,
      targetSize: row.target_size,
      maxSize: row.max_size,
      startedAt: milliseconds(row.started_at),
      forecastEnd: row.started_at === null ? null : row.started_at.getTime() + row.forecast_ms,
      samples: samples.get(row.id) ?? [],
    }));
  }

  async lastCycle(): Promise<EndedCycleView | null> {
    const [row] = await this.#db.$queryRaw<EndedRow[]>`
      SELECT last.id, last.state, last.ended_at, cluster.name AS cluster_name, environment.name AS environment_name
      FROM (SELECT * FROM cycle WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT 1) AS last
      JOIN cluster ON cluster.id = last.cluster_id JOIN environment ON environment.id = last.environment_id`;
    return row === undefined ? null : { id: row.id, state: row.state, endedAt: row.ended_at.getTime(), ...nameOf(row) };
  }

  /**
   * All pools, with the same counts as the list of pools has, and those with free machines that nobody can get because
   * their back end says that they are not well. Which machines a cycle takes next is the planner's to say, so those of
   * clusters that are cycled are read; all others are counted where they are.
   */
  async pools(): Promise<{ readonly pools: readonly OverviewPool[]; readonly badMachines: Bounded<NeedView> }> {
    const cycled = await this.#db.cycle.findMany({ where: { state: { in: active } }, select: { clusterId: true } });
    const clusterIds = cycled.map(({ clusterId }) => clusterId);
    const [counts, cycledMachines, declared, queues, paused] = await Promise.all([
      this.#counts(clusterIds),
      clusterIds.length === 0 ? [] : machinesOfClusters(this.#db, clusterIds),
      this.#db.$queryRaw<{ pool: string }[]>`
        SELECT DISTINCT pool FROM (SELECT ${POOL_OF_CLUSTER} AS pool FROM cluster WHERE removed_at IS NULL) AS labelled
        WHERE pool IS NOT NULL`,
      this.#db.$queryRaw<{ pool: string; waiting: number; oldest: Date }[]>`
        SELECT pool, count(*)::int AS waiting, min(requested_at) AS oldest
        FROM (SELECT unnest(pools) AS pool, requested_at FROM (${WAITING}) AS waiting) AS wanted GROUP BY pool`,
      this.#db.pool.findMany({ where: { pausedAt: { not: null } }, select: { name: true } }),
    ]);
    const queueOf = new Map(queues.map((queue) => [queue.pool, queue]));
    const isPaused = new Set(paused.map(({ name }) => name));
    const partsOfPool = new Map<string, Record<PoolPart, number>>();
    const add = (pool: string, part: PoolPart, machines: number) => {
      const parts = partsOfPool.get(pool) ?? { ...partsOf([]) };
      parts[part] += machines;
      partsOfPool.set(pool, parts);
    };
    for (const { pool, part, machines, cycled } of counts) if (!cycled) add(pool, part, machines);
    for (const machine of cycledMachines) add(machine.pool, partOf(machine), 1);
    const names = new Set([...partsOfPool.keys(), ...queueOf.keys(), ...declared.map(({ pool }) => pool)]);
    const pools = Array.from(names, (name) => {
      const parts = partsOfPool.get(name) ?? partsOf([]);
      return {
        name,
        capacity: POOL_PARTS.reduce((sum, part) => sum + parts[part], 0),
        parts,
        paused: isPaused.has(name),
        waiting: queueOf.get(name)?.waiting ?? 0,
        oldestWaitSince: milliseconds(queueOf.get(name)?.oldest ?? null),
      };
    });
    return { pools, badMachines: badMachinesOf(counts) };
  }

  /** By the label first: there are few of them, and to say whether a pool may be called so takes long. */
  #counts(cycled: readonly string[]): Promise<CountRow[]> {
    return this.#db.$queryRaw<CountRow[]>`
      SELECT * FROM (
        SELECT ${poolOfLabel(Prisma.sql`label`)} AS pool, part, fresh, cycled, machines, instance_id AS "instanceId", since
        FROM (
          SELECT label, part, fresh, cluster_id = ANY(${[...cycled]}) AS cycled, count(*)::int AS machines,
            min(id COLLATE "C") AS instance_id, min(state_since) AS since
          FROM (${MACHINES}) AS machine WHERE label IS NOT NULL GROUP BY 1, 2, 3, 4
        ) AS counted
      ) AS named WHERE pool IS NOT NULL`;
  }

  async waitingForMachines(): Promise<number> {
    const [row] = await this.#db.$queryRaw<{ waiting: number }[]>`
      SELECT count(*)::int AS waiting FROM (${WAITING}) AS waiting`;
    return row?.waiting ?? 0;
  }
}

function badMachinesOf(counts: readonly CountRow[]): Bounded<NeedView> {
  const bad = new Map<string, Extract<NeedView, { kind: 'bad-machines' }>>();
  for (const { pool, part, fresh, machines, instanceId, since } of counts) {
    // What nobody has looked at lately may be well.
    if (part !== 'bad' || !fresh) continue;
    const other = bad.get(pool);
    bad.set(pool, {
      kind: 'bad-machines',
      pool,
      machines: machines + (other?.machines ?? 0),
      instanceId: other !== undefined && other.instanceId < instanceId ? other.instanceId : instanceId,
      since: Math.min(since.getTime(), other?.since ?? Number.POSITIVE_INFINITY),
    });
  }
  const items = [...bad.values()].sort((a, b) => b.machines - a.machines || (a.pool < b.pool ? -1 : 1));
  return { items: items.slice(0, NEEDS_READ), total: items.length };
}

const WAITING_PLAN = Prisma.sql`plan.state = 'awaiting-approval' AND plan.expires_at > now()`;

/** As the plan's page says, but for what only a dry run tells: whether the cluster has changed since. */
function mayApprove(approverId: string | null): Prisma.Sql {
  if (approverId === null) return Prisma.sql`false`;
  return Prisma.sql`((plan.author_id <> ${approverId} OR environment.self_approval) AND NOT EXISTS (
    SELECT 1 FROM approval WHERE approval.plan_id = plan.id AND approval.user_id = ${approverId}))`;
}

/** As `waitingWishes` has them. */
const WAITING = Prisma.sql`
  SELECT reservation.pools, reservation.requested_at FROM reservation
  LEFT JOIN session ON session.id = reservation.session_id
  WHERE reservation.state = 'waiting' AND (reservation.kind = 'manual' OR session.state = 'queued')`;

/** Each machine with the label that names its pool, and its part as `partOf` has it where no cycle goes on. */
const MACHINES = Prisma.sql`
  SELECT *, CASE WHEN held = 'running' THEN 'inUse' WHEN held IS NOT NULL THEN held
    WHEN maintained THEN 'maintenance' WHEN state = 'starting' THEN 'provisioning' WHEN state <> 'started' THEN 'leaving'
    WHEN fresh AND well THEN 'available' ELSE 'bad' END AS part
  FROM (
    SELECT instance.cluster_id, instance.id, instance.state, instance.state_since, ${LABEL_OF_MACHINE} AS label,
      held.state AS held, maintenance.cluster_id IS NOT NULL AS maintained,
      coalesce(instance.health NOT IN ('unhealthy', 'unknown'), true) AS well,
      coalesce(cluster.observed_at >= clock_timestamp() - ${FACTS_LIMIT_MS} * interval '1 millisecond', false) AS fresh
    FROM instance JOIN cluster ON cluster.id = instance.cluster_id
    LEFT JOIN reservation_machine AS held
      ON held.cluster_id = instance.cluster_id AND held.instance_id = instance.id AND held.released_at IS NULL
    LEFT JOIN maintenance ON maintenance.cluster_id = instance.cluster_id AND maintenance.instance_id = instance.id
      AND (maintenance.until IS NULL OR maintenance.until > clock_timestamp())
    WHERE cluster.removed_at IS NULL
  ) AS facts`;

interface Named {
  readonly cluster_name: string;
  readonly environment_name: string;
}

interface Counted {
  readonly total: number;
}

interface ApprovalRow extends Named {
  readonly id: string;
  readonly sentence: string;
  readonly author_name: string | null;
  readonly approvals: number;
  readonly approvals_needed: number;
  readonly expires_at: Date;
}

interface PausedRow extends Named, Counted {
  readonly id: string;
  readonly reason: PauseReason | null;
  readonly since: Date | null;
}

interface DrainRow extends Named, Counted {
  readonly id: string;
  readonly instance_id: string;
  readonly instances: number;
  readonly deadline: Date;
}

interface LeaseRow extends Counted {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly pools: readonly string[];
  readonly machines: number;
  readonly waiting: number;
  readonly expires_at: Date;
}

interface UnreadableRow extends Counted {
  readonly name: string;
  readonly host_name: string | null;
  readonly sync_error: string | null;
  readonly observed_at: Date | null;
  readonly clusters: number;
}

interface CountRow {
  readonly pool: string;
  readonly part: PoolPart;
  /** Whether its back end was read lately. */
  readonly fresh: boolean;
  readonly cycled: boolean;
  readonly machines: number;
  readonly instanceId: string;
  readonly since: Date;
}

interface CycleRow extends Named, Counted {
  readonly id: string;
  readonly state: CycleState;
  readonly started_at: Date | null;
  readonly progress: ActiveCycleView['progress'];
  readonly floor: number;
  readonly target_size: number;
  readonly max_size: number;
  readonly forecast_ms: number;
}

interface EndedRow extends Named {
  readonly id: string;
  readonly state: CycleState;
  readonly ended_at: Date;
}

function nameOf({ cluster_name, environment_name }: Named) {
  return { clusterName: cluster_name, environmentName: environment_name };
}

function bounded<Row extends Counted, Item>(rows: readonly Row[], itemOf: (row: Row) => Item): Bounded<Item> {
  return { items: rows.map(itemOf), total: rows[0]?.total ?? 0 };
}
