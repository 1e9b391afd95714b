import type { EnvironmentKind } from '../../contract/cluster.ts';
import type { Health, Instance, InstanceState, Protection, Workload } from '../../domain/cluster/cluster.ts';
import { ACTIVE_STATES } from '../../domain/cycle/cycle-state.ts';
import type { CyclePolicy } from '../../domain/cycle/policy.ts';
import type { TaskConfig } from '../../domain/cycle/task.ts';
import type { FreeMachine } from '../../domain/pool/hand-out.ts';
import { nextToGo } from '../../domain/pool/next-to-go.ts';
import type { MachineHealth } from '../../domain/pool/pool.ts';
import type { PoolSupply } from '../../domain/pool/supply.ts';
import type { Database } from './event-log.ts';
import { Prisma } from './generated/client.ts';
import { milliseconds } from './rows.ts';

/** Facts that are older say nothing of a machine's health. */
export const FACTS_LIMIT_MS = 60_000;

/** Where a session's components can run. */
const RUNS_SESSIONS = { local: true, simulator: false, infrakit: false, docker: true } satisfies Record<
  EnvironmentKind,
  boolean
>;

/** A machine of a pool, and what is told of it. Epoch milliseconds. */
export interface MachineOfPool extends FreeMachine {
  readonly environmentName: string;
  readonly clusterName: string;
  /** The host whose workers alone may speak to it; null = any worker. */
  readonly hostId: string | null;
  /** Why the health is not good; empty where it is. */
  readonly healthReason: string;
  /** Since when it is in its part of the pool, as far as known. */
  readonly since: number | null;
  readonly holder: Holder | null;
  readonly maintenance: {
    readonly note: string;
    readonly byName: string;
    readonly since: number;
    readonly until: number | null;
  } | null;
  /** When the back end was last read; null = never. */
  readonly checkedAt: number | null;
}

interface Holder {
  readonly reservationId: string;
  readonly kind: 'session' | 'manual';
  readonly name: string;
  readonly holderName: string;
  readonly purpose: string;
  readonly sessionId: string | null;
  readonly component: string;
  readonly since: number;
  readonly until: number | null;
  readonly lengthMs: number | null;
}

/** What the labels of a machine name as its pool, whether or not a pool may be called so. */
export const LABEL_OF_MACHINE = Prisma.sql`
  coalesce(nullif(instance.labels ->> 'pool', ''), nullif(cluster.labels ->> 'pool', ''))`;

/**
 * The pool that the labels of a machine name: its own win over its cluster's, an empty label is no label, and neither
 * is one that no pool may be called (contract/pool.ts `poolNameSchema`).
 */
export const POOL_OF_MACHINE = poolOfLabel(LABEL_OF_MACHINE);

export const POOL_OF_CLUSTER = poolOfLabel(Prisma.sql`cluster.labels ->> 'pool'`);

/** The pool that a label names; null where no pool may be called so. */
export function poolOfLabel(label: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`substring(${label} from '^[^\\s:/]{1,100}$')`;
}

const ACTIVE = Prisma.join([...ACTIVE_STATES]);

interface Row {
  readonly pool: string | null;
  readonly environment_id: string;
  readonly environment_name: string;
  readonly kind: string;
  readonly host_id: string | null;
  readonly cluster_id: string;
  readonly cluster_name: string;
  readonly id: string;
  readonly state: InstanceState;
  readonly outdated: boolean;
  readonly created_at: Date | null;
  readonly state_since: Date;
  readonly health: Health | null;
  readonly zone: string | null;
  readonly protection: Protection | null;
  readonly workloads: readonly Workload[];
  readonly observed_at: Date | null;
  readonly observe_error: string | null;
  readonly now: Date;
  readonly held: (Omit<Holder, 'since' | 'until' | 'lengthMs'> & HeldTimes) | null;
  readonly idle_since: Date | null;
  readonly maintenance_note: string | null;
  readonly maintenance_by: string | null;
  readonly maintenance_since: Date | null;
  readonly maintenance_until: Date | null;
  readonly cycle: { readonly policy: CyclePolicy; readonly config: TaskConfig } | null;
  readonly decision: 'replace' | 'scale-in' | null;
  readonly ordered: string | null;
}

/** As JSON gives them: milliseconds of the epoch. */
interface HeldTimes {
  readonly state: 'reserved' | 'running' | 'cleaning';
  readonly since: number;
  readonly expires: number | null;
  readonly leaseMs: number;
  readonly testUntil: number | null;
  readonly testMs: number | null;
  readonly keepUntil: number | null;
  readonly keepMs: number;
}

/** All machines of these pools, null = of all pools, by cluster and id. */
export async function poolMachines(
  database: Database,
  pools: readonly string[] | null,
): Promise<readonly MachineOfPool[]> {
  const named = pools === null ? Prisma.sql`IS NOT NULL` : Prisma.sql`= ANY(${[...pools]})`;
  // The machines of a cluster are read together, whatever their pools: which of them go next is decided among all. A
  // fleet has many clusters of which none is in a pool.
  const machines = await machinesWhere(
    database,
    Prisma.sql`instance.cluster_id = ANY(ARRAY(
      SELECT DISTINCT instance.cluster_id FROM instance JOIN cluster ON cluster.id = instance.cluster_id
      WHERE ${LABEL_OF_MACHINE} ${named}))`,
  );
  return pools === null ? machines : machines.filter(({ pool }) => pools.includes(pool));
}

/** The machines of these clusters that are in a pool, by cluster and id. */
export function machinesOfClusters(
  database: Database,
  clusterIds: readonly string[],
): Promise<readonly MachineOfPool[]> {
  return machinesWhere(database, Prisma.sql`instance.cluster_id = ANY(${[...clusterIds]})`);
}

/** `wanted` takes each cluster as a whole or not at all. */
async function machinesWhere(database: Database, wanted: Prisma.Sql): Promise<readonly MachineOfPool[]> {
  const rows = await database.$queryRaw<Row[]>`
    WITH machine AS MATERIALIZED (
      SELECT instance.cluster_id, instance.id, instance.state, instance.created_at, instance.state_since, instance.health,
        instance.zone, instance.protection, instance.workloads, instance.config <> cluster.config AS outdated,
        cluster.name AS cluster_name, cluster.observed_at, cluster.observe_error,
        environment.id AS environment_id, environment.name AS environment_name, environment.kind, environment.host_id,
        ${POOL_OF_MACHINE} AS pool
      FROM instance JOIN cluster ON cluster.id = instance.cluster_id
        JOIN environment ON environment.id = cluster.environment_id
      WHERE cluster.removed_at IS NULL AND ${wanted}
    ), active AS MATERIALIZED (
      SELECT cycle.id, cycle.cluster_id,
        jsonb_build_object('policy', plan.body -> 'policy', 'config', plan.body -> 'config') AS cycle
      FROM cycle JOIN plan ON plan.id = cycle.plan_id WHERE cycle.state IN (${ACTIVE})
    )
    SELECT machine.*, clock_timestamp() AS now, last.released_at AS idle_since,
      maintenance.note AS maintenance_note, maintenance.by_name AS maintenance_by,
      maintenance.since AS maintenance_since, maintenance.until AS maintenance_until,
      CASE WHEN held.reservation_id IS NULL THEN NULL ELSE jsonb_build_object(
        'reservationId', reservation.id, 'kind', reservation.kind, 'name', reservation.name,
        'holderName', reservation.holder_name, 'purpose', reservation.purpose, 'sessionId', reservation.session_id,
        'component', held.component, 'state', held.state, 'since', ${epoch('held.held_at')},
        'expires', ${epoch('reservation.expires_at')}, 'leaseMs', reservation.lease_ms,
        'testMs', (session.spec -> 'timeouts' ->> 'testMs')::bigint, 'testUntil', ${epoch('session.running_at')}
          + nullif((session.spec -> 'timeouts' ->> 'testMs')::bigint, 0),
        'keepUntil', ${epoch('session.keep_until')}, 'keepMs', session.keep_for_ms) END AS held,
      active.cycle, member.decision, ordered.kind AS ordered
    FROM machine
    LEFT JOIN reservation_machine AS held
      ON held.cluster_id = machine.cluster_id AND held.instance_id = machine.id AND held.released_at IS NULL
    LEFT JOIN reservation ON reservation.id = held.reservation_id
    LEFT JOIN session ON session.id = reservation.session_id
    LEFT JOIN LATERAL (
      SELECT released_at FROM reservation_machine AS before
      WHERE before.cluster_id = machine.cluster_id AND before.instance_id = machine.id AND released_at IS NOT NULL
      ORDER BY released_at DESC LIMIT 1
    ) AS last ON true
    LEFT JOIN maintenance ON maintenance.cluster_id = machine.cluster_id AND maintenance.instance_id = machine.id
      AND (maintenance.until IS NULL OR maintenance.until > clock_timestamp())
    LEFT JOIN active ON active.cluster_id = machine.cluster_id
    LEFT JOIN cycle_instance AS member ON member.cycle_id = active.id AND member.instance_id = machine.id
      AND member.role = 'planned' AND member.decision IN ('replace', 'scale-in')
      AND member.skipped_at IS NULL AND member.gone_at IS NULL
    LEFT JOIN LATERAL (
      SELECT kind FROM intent WHERE intent.cycle_id = active.id AND intent.instance_id = machine.id
        AND intent.outcome <> 'not-done' ORDER BY step DESC, ordinal DESC LIMIT 1
    ) AS ordered ON active.id IS NOT NULL
    ORDER BY machine.cluster_id, machine.created_at NULLS FIRST, machine.id`;
  const going = goingOf(rows);
  return rows.flatMap((row) => (row.pool === null ? [] : [machineOf(row, row.pool, going.has(row))]));
}

function epoch(column: string): Prisma.Sql {
  return Prisma.raw(`floor(extract(epoch FROM ${column}) * 1000)`);
}

/** The machines that the cycles of their clusters take away next. */
function goingOf(rows: readonly Row[]): ReadonlySet<Row> {
  const clusters = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.cycle === null) continue;
    const before = clusters.get(row.cluster_id);
    if (before === undefined) clusters.set(row.cluster_id, [row]);
    else before.push(row);
  }
  const going = new Set<Row>();
  for (const members of clusters.values()) {
    const cycle = members[0]?.cycle;
    if (!cycle) continue;
    const planned = new Map(members.flatMap(({ id, decision }) => (decision === null ? [] : [[id, decision]])));
    const ordered = members.flatMap((row) => (row.ordered === 'drain' || row.ordered === 'terminate' ? [row.id] : []));
    const next = nextToGo(members.map(instanceOf), { ...cycle, planned, ordered: new Set(ordered) });
    for (const row of members) if (next.has(row.id)) going.add(row);
  }
  return going;
}

/** As the planner orders it; who holds it is known better here than where it was last seen. */
function instanceOf(row: Row): Instance {
  const { reservationId = null, sessionId = null } = row.held ?? {};
  const others = row.workloads.filter(({ holder }) => holder === undefined);
  const held = reservationId === null ? [] : [{ name: '', since: null, holder: { reservationId, sessionId } }];
  return {
    id: row.id,
    state: row.state,
    config: row.outdated ? 'outdated' : '',
    createdAt: milliseconds(row.created_at),
    updatedAt: null,
    ...(row.health === null ? {} : { health: row.health }),
    ...(row.zone === null ? {} : { zone: row.zone }),
    ...(row.protection === null ? {} : { protection: row.protection }),
    workloads: [...held, ...others],
  };
}

function machineOf(row: Row, pool: string, going: boolean): MachineOfPool {
  const { note, by, since, until } = {
    note: row.maintenance_note,
    by: row.maintenance_by,
    since: row.maintenance_since,
    until: row.maintenance_until,
  };
  const maintenance =
    note === null || by === null || since === null
      ? null
      : { note, byName: by, since: since.getTime(), until: milliseconds(until) };
  const holder = row.held && holderOf(row.held);
  return {
    environmentId: row.environment_id,
    environmentName: row.environment_name,
    clusterId: row.cluster_id,
    clusterName: row.cluster_name,
    hostId: row.host_id,
    instanceId: row.id,
    pool,
    lifecycle: row.state,
    // What is held goes into maintenance when its holder lets go.
    state: row.held?.state ?? (maintenance === null ? 'idle' : 'maintenance'),
    ...healthOf(row),
    outdated: row.outdated,
    nextToGo: going,
    runsSessions: runsSessions(row.kind),
    idleSince: milliseconds(row.idle_since),
    since:
      holder?.since ?? maintenance?.since ?? Math.max(row.state_since.getTime(), milliseconds(row.idle_since) ?? 0),
    holder,
    maintenance,
    checkedAt: milliseconds(row.observed_at),
  };
}

function runsSessions(kind: string): boolean {
  return kind in RUNS_SESSIONS && RUNS_SESSIONS[kind as EnvironmentKind];
}

function holderOf({ state: _, ...held }: NonNullable<Row['held']>): Holder {
  const { since, expires, leaseMs, testUntil, testMs, keepUntil, keepMs, ...who } = held;
  const [until, lengthMs] =
    keepUntil !== null ? [keepUntil, keepMs] : expires !== null ? [expires, leaseMs] : [testUntil, testMs || null];
  return { ...who, since, until, lengthMs };
}

function healthOf({ health, observed_at, observe_error, now }: Row): {
  readonly health: MachineHealth;
  readonly healthReason: string;
} {
  const ageMs = observed_at === null ? null : now.getTime() - observed_at.getTime();
  if (ageMs === null || ageMs > FACTS_LIMIT_MS) {
    const age = ageMs === null ? 'It has never been read' : `It was last read ${Math.round(ageMs / 1_000)} s ago`;
    return { health: 'unknown', healthReason: `${age}${observe_error === null ? '' : `: ${observe_error}`}.` };
  }
  if (health === 'unhealthy') return { health: 'bad', healthReason: 'Its back end says that it is not healthy.' };
  if (health === 'unknown') return { health: 'unknown', healthReason: 'Its back end does not know how it is.' };
  return { health: 'good', healthReason: '' };
}

/** Whether a cluster or a machine of these pools is of a `local` environment. */
export async function haveLocalMachines(database: Database, pools: readonly string[]): Promise<boolean> {
  const [row] = await database.$queryRaw<{ found: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM cluster JOIN environment ON environment.id = cluster.environment_id
        LEFT JOIN instance ON instance.cluster_id = cluster.id
      WHERE cluster.removed_at IS NULL AND environment.kind = 'local'
        AND (${POOL_OF_CLUSTER} = ANY(${[...pools]}) OR ${POOL_OF_MACHINE} = ANY(${[...pools]}))
    ) AS found`;
  return row?.found ?? false;
}

/** The pools by these names, null = all; any that has neither machines nor clusters is left out. */
export async function poolSupplies(
  database: Database,
  pools: readonly string[] | null,
): Promise<readonly PoolSupply<MachineOfPool>[]> {
  const machines = await poolMachines(database, pools);
  const wanted = pools === null ? Prisma.sql`true` : Prisma.sql`cluster.labels ->> 'pool' = ANY(${[...pools]})`;
  const declared = await database.$queryRaw<{ name: string; kind: string; size: number }[]>`
    SELECT pool AS name, kind, sum(target_size)::int AS size
    FROM (
      SELECT ${POOL_OF_CLUSTER} AS pool, environment.kind, target_size
      FROM cluster JOIN environment ON environment.id = cluster.environment_id
      WHERE cluster.removed_at IS NULL AND ${wanted}
    ) AS labelled
    WHERE pool IS NOT NULL GROUP BY pool, kind`;
  const paused = await database.pool.findMany({
    where: { pausedAt: { not: null }, ...(pools === null ? {} : { name: { in: [...pools] } }) },
    select: { name: true },
  });
  const isPaused = new Set(paused.map(({ name }) => name));
  const byPool = new Map<string, MachineOfPool[]>();
  for (const { name } of declared) if (!byPool.has(name)) byPool.set(name, []);
  for (const machine of machines) {
    const before = byPool.get(machine.pool);
    if (before === undefined) byPool.set(machine.pool, [machine]);
    else before.push(machine);
  }
  return Array.from(byPool, ([name, listed]) => {
    const sizes = declared.filter((one) => one.name === name);
    const sum = (rows: typeof sizes) => rows.reduce((total, { size }) => total + size, 0);
    return {
      name,
      machines: listed,
      declared: { machines: sum(sizes), forSessions: sum(sizes.filter(({ kind }) => runsSessions(kind))) },
      paused: isPaused.has(name),
    };
  });
}
