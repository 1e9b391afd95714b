import {
  type ClusterRow,
  type ClusterView,
  type ConfigView,
  type EnvironmentKind,
  type EnvironmentView,
  type FleetSummary,
  type InstanceView,
  MAX_WHOLE,
  type Page,
} from '../../contract/cluster.ts';
import { capacity } from '../../domain/cycle/capacity.ts';
import { ACTIVE_STATES, type CycleState } from '../../domain/cycle/cycle-state.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { specDifference } from '../../domain/instance/spec-difference.ts';
import { currentSeq, cursors } from './event-log.ts';
import { clusterConditions, readTerms } from './filter-sql.ts';
import { type ClusterConfig, Prisma, type PrismaClient } from './generated/client.ts';
import { clusterRecord, instanceFacts, milliseconds } from './rows.ts';
import { isReachable } from './workers.ts';

interface ListInput {
  readonly environmentId?: string;
  readonly q: string;
  readonly sort: 'name' | 'outdated' | 'size' | 'drift';
  readonly order: 'asc' | 'desc';
  readonly cursor?: string | null;
  readonly limit: number;
}

interface ListedRow {
  id: string;
  name: string;
  environment_id: string;
  environment_name: string;
  environment_kind: EnvironmentKind;
  environment_disabled: boolean;
  labels: Record<string, string>;
  min_size: number;
  target_size: number;
  max_size: number;
  observed_at: Date | null;
  observe_error: string | null;
  size: number;
  outdated: number;
  started_new: number;
  started_old: number;
  unhealthy: number;
  starting: number;
  draining: number;
  drained: number;
  terminating: number;
  drift_since: Date | null;
  active_id: string | null;
  active_state: CycleState | null;
  last_id: string | null;
  last_state: CycleState | null;
  last_ended_at: Date | null;
  total: number;
}

export class PostgresClusterQueries {
  readonly #db: PrismaClient;
  readonly #effective: (
    record: ReturnType<typeof clusterRecord>,
  ) => Pick<ClusterView, 'effectivePolicy'> & { readonly floor: number };

  constructor(
    db: PrismaClient,
    effective: (
      record: ReturnType<typeof clusterRecord>,
    ) => Pick<ClusterView, 'effectivePolicy'> & { readonly floor: number },
  ) {
    this.#db = db;
    this.#effective = effective;
  }

  async environments(): Promise<EnvironmentView[]> {
    const rows = await this.#db.environment.findMany({
      where: { removedAt: null },
      orderBy: { name: 'asc' },
      include: { _count: { select: { clusters: { where: { removedAt: null } } } } },
    });
    return Promise.all(
      rows.map(async (row) => ({
        id: row.id,
        name: row.name,
        kind: row.kind as EnvironmentKind,
        hostName: row.hostName,
        reachable: await isReachable(this.#db, row.id),
        selfApproval: row.selfApproval,
        approvalsNeeded: row.approvalsNeeded,
        maxActiveCycles: row.maxActiveCycles,
        disabledAt: milliseconds(row.disabledAt),
        observedAt: milliseconds(row.observedAt),
        syncError: row.syncError,
        clusters: row._count.clusters,
      })),
    );
  }

  /** Filtered, sorted and cut in the database; the cursor is the number of rows before the page. */
  async list(input: ListInput): Promise<Page<ClusterRow>> {
    const seqs = await this.#environmentCursors();
    const offset = Number(input.cursor ?? 0);
    const rows = await this.#db.$queryRaw<ListedRow[]>`
      SELECT *, count(*) OVER ()::int AS total FROM (${LISTED}) AS listed
      WHERE ${conditions(input)} ORDER BY ${ordered(input)} LIMIT ${input.limit} OFFSET ${offset}`;
    const total = rows[0]?.total ?? 0;
    const next = offset + rows.length;
    return { rows: rows.map(clusterRow), total, nextCursor: next < total ? String(next) : null, cursors: seqs };
  }

  async summary(): Promise<FleetSummary> {
    const seqs = await this.#environmentCursors();
    const [row] = await this.#db.$queryRaw<
      (Omit<FleetSummary, 'oldestDriftSince' | 'cursors'> & { oldest: Date | null })[]
    >`
      SELECT count(*)::int AS clusters, coalesce(sum(size), 0)::int AS instances,
        count(*) FILTER (WHERE outdated > 0)::int AS "outdatedClusters", coalesce(sum(outdated), 0)::int AS "outdatedInstances",
        min(drift_since) FILTER (WHERE outdated > 0) AS oldest, count(active_id)::int AS cycling
      FROM (${LISTED}) AS listed`;
    if (row === undefined) throw new Error('a count of clusters gave no row');
    const { oldest, ...counts } = row;
    return { ...counts, oldestDriftSince: milliseconds(oldest), cursors: seqs };
  }

  async #environmentCursors(): Promise<Record<string, string>> {
    const environments = await this.#db.environment.findMany({ where: { removedAt: null }, select: { id: true } });
    return cursors(
      this.#db,
      environments.map((one) => `environment:${one.id}`),
    );
  }

  async byName(environment: string, name: string): Promise<ClusterView> {
    const cluster = await this.#db.cluster.findFirst({
      where: { name, removedAt: null, environment: { name: environment } },
      select: { id: true },
    });
    if (cluster === null) throw new DomainError('CLUSTER_UNKNOWN', { id: `${environment}/${name}` });
    return this.byId(cluster.id);
  }

  async byId(clusterId: string): Promise<ClusterView> {
    // Read before the facts that they go with, so that no change falls between the two.
    const seq = await currentSeq(this.#db, `cluster:${clusterId}`);
    const environmentSeqs = await this.#environmentCursors();
    const [[listed], row] = await Promise.all([
      this.#db.$queryRaw<ListedRow[]>`SELECT *, 1 AS total FROM (${LISTED}) AS listed WHERE id = ${clusterId}`,
      this.#db.cluster.findFirst({
        where: { id: clusterId, removedAt: null },
        include: {
          instances: { orderBy: [{ createdAt: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }] },
          configs: { orderBy: { version: 'asc' } },
        },
      }),
    ]);
    if (listed === undefined || row === null) throw new DomainError('CLUSTER_UNKNOWN', { id: clusterId });
    const record = clusterRecord(row);
    const authors = await this.#authors(row.configs);
    const configs = new Map(row.configs.map((one) => [one.config, configView(one, authors)]));
    const present = configs.get(row.config) ?? {
      config: row.config,
      version: 0,
      spec: record.spec,
      createdAt: row.createdAt.getTime(),
      authorName: null,
    };
    const { effectivePolicy, floor } = this.#effective(record);
    const facts = row.instances.map(instanceFacts);
    const { id, name, config, minSize, maxSize } = record;
    const point = capacity({ id, name, config, minSize, maxSize, instances: facts }, effectivePolicy, Date.now());
    const reachable = await isReachable(this.#db, row.environmentId);
    return {
      ...clusterRow(listed),
      spec: record.spec,
      config: record.config,
      version: present.version,
      storedPolicy: record.policy,
      effectivePolicy,
      drainTimeoutMs: record.drainTimeoutMs,
      autoscaling: row.autoscaling === 'active' || row.autoscaling === 'suspended' ? row.autoscaling : null,
      inService: point.inService,
      floor,
      instances: (row.instances.length > MAX_WHOLE ? [] : row.instances).map((one): InstanceView => {
        const { createdAt, updatedAt, health, healthySince, ...fact } = instanceFacts(one);
        return {
          id: fact.id,
          state: fact.state,
          config: fact.config,
          createdAt,
          updatedAt,
          health: health ?? null,
          healthySince: healthySince ?? null,
          zone: fact.zone ?? null,
          protection: fact.protection ?? null,
          closed: fact.closed ?? false,
          workloads: fact.workloads ?? [],
          token: fact.token ?? null,
          stateSince: one.stateSince.getTime(),
          version: configs.get(one.config)?.version ?? null,
          outdated: one.config !== row.config,
          seenAt: one.seenAt.getTime(),
        };
      }),
      outdatedConfigs: outdatedConfigs(row.instances, row.config, configs, present),
      present,
      isDisabled: listed.environment_disabled,
      blockedBecause: blockedBecause(listed, reachable),
      seq,
      environmentSeq: environmentSeqs[`environment:${row.environmentId}`] ?? '0',
    };
  }

  async #authors(configs: readonly ClusterConfig[]): Promise<ReadonlyMap<string, string>> {
    const ids = configs.flatMap((one) => (one.authorId === null ? [] : [one.authorId]));
    const users = await this.#db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
    return new Map(users.map((user) => [user.id, user.name]));
  }
}

function blockedBecause(row: ListedRow, reachable: boolean): string | null {
  if (row.environment_disabled) return 'its environment is disabled';
  if (row.active_id !== null) return 'a cycle of this cluster is active';
  if (row.observed_at === null) return 'it has not been read yet';
  if (row.observe_error !== null) return `its last read failed: ${row.observe_error}`;
  return reachable ? null : 'no worker that may drive it is running';
}

function outdatedConfigs(
  instances: readonly { config: string }[],
  current: string,
  configs: ReadonlyMap<string, ConfigView>,
  present: ConfigView,
): ClusterView['outdatedConfigs'] {
  const counts = new Map<string, number>();
  for (const { config } of instances) if (config !== current) counts.set(config, (counts.get(config) ?? 0) + 1);
  return [...counts].flatMap(([config, count]) => {
    const old = configs.get(config);
    return old === undefined
      ? []
      : [{ config: old, instances: count, changes: specDifference(old.spec, present.spec) }];
  });
}

function configView(row: ClusterConfig, authors: ReadonlyMap<string, string>): ConfigView {
  return {
    config: row.config,
    version: row.version,
    spec: row.spec as Json,
    createdAt: row.createdAt.getTime(),
    authorName: row.authorId === null ? null : (authors.get(row.authorId) ?? null),
  };
}

function clusterRow(row: ListedRow): ClusterRow {
  return {
    id: row.id,
    name: row.name,
    environment: { id: row.environment_id, name: row.environment_name, kind: row.environment_kind },
    labels: row.labels,
    minSize: row.min_size,
    targetSize: row.target_size,
    maxSize: row.max_size,
    size: row.size,
    outdated: row.outdated,
    counts: {
      startedNew: row.started_new,
      startedOld: row.started_old,
      unhealthy: row.unhealthy,
      starting: row.starting,
      draining: row.draining,
      drained: row.drained,
      terminating: row.terminating,
    },
    driftSince: row.outdated === 0 ? null : milliseconds(row.drift_since),
    activeCycle:
      row.active_id === null || row.active_state === null ? null : { id: row.active_id, state: row.active_state },
    lastCycle:
      row.last_id === null || row.last_state === null
        ? null
        : { id: row.last_id, state: row.last_state, endedAt: milliseconds(row.last_ended_at) },
    observedAt: milliseconds(row.observed_at),
    observeError: row.observe_error,
  };
}

const ACTIVE = Prisma.join([...ACTIVE_STATES]);

/** Every cluster with its counts. A cluster drifts since its present configuration was declared. */
const LISTED = Prisma.sql`
  SELECT cluster.id, cluster.name, cluster.labels, cluster.min_size, cluster.target_size, cluster.max_size,
    cluster.observed_at, cluster.observe_error,
    environment.id AS environment_id, environment.name AS environment_name, environment.kind AS environment_kind,
    environment.disabled_at IS NOT NULL AS environment_disabled,
    coalesce(counts.size, 0) AS size, coalesce(counts.outdated, 0) AS outdated,
    coalesce(counts.started_new, 0) AS started_new, coalesce(counts.started_old, 0) AS started_old,
    coalesce(counts.unhealthy, 0) AS unhealthy, coalesce(counts.starting, 0) AS starting,
    coalesce(counts.draining, 0) AS draining, coalesce(counts.drained, 0) AS drained,
    coalesce(counts.terminating, 0) AS terminating,
    coalesce(counts.protected, 0) AS protected, coalesce(counts.standby, 0) AS standby,
    present.created_at AS drift_since,
    active.id AS active_id, active.state AS active_state,
    last.id AS last_id, last.state AS last_state, last.ended_at AS last_ended_at
  FROM cluster
  JOIN environment ON environment.id = cluster.environment_id
  LEFT JOIN LATERAL (
    SELECT count(*)::int AS size,
      count(*) FILTER (WHERE instance.config <> cluster.config)::int AS outdated,
      count(*) FILTER (WHERE state = 'started' AND health IS DISTINCT FROM 'unhealthy' AND instance.config = cluster.config)::int AS started_new,
      count(*) FILTER (WHERE state = 'started' AND health IS DISTINCT FROM 'unhealthy' AND instance.config <> cluster.config)::int AS started_old,
      count(*) FILTER (WHERE state = 'started' AND health = 'unhealthy')::int AS unhealthy,
      count(*) FILTER (WHERE state = 'starting')::int AS starting,
      count(*) FILTER (WHERE state = 'draining')::int AS draining,
      count(*) FILTER (WHERE state = 'drained')::int AS drained,
      count(*) FILTER (WHERE state = 'terminating')::int AS terminating,
      count(*) FILTER (WHERE protection = 'protected')::int AS protected,
      count(*) FILTER (WHERE protection = 'standby')::int AS standby
    FROM instance WHERE instance.cluster_id = cluster.id
  ) AS counts ON true
  LEFT JOIN cluster_config AS present ON present.cluster_id = cluster.id AND present.config = cluster.config
  LEFT JOIN LATERAL (
    SELECT id, state FROM cycle WHERE cluster_id = cluster.id AND state IN (${ACTIVE}) LIMIT 1
  ) AS active ON true
  LEFT JOIN LATERAL (
    SELECT id, state, ended_at FROM cycle WHERE cluster_id = cluster.id AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1
  ) AS last ON true
  WHERE cluster.removed_at IS NULL`;

function conditions({ q, environmentId }: ListInput): Prisma.Sql {
  const filtered = clusterConditions(readTerms(q, 'clusters'));
  return environmentId === undefined ? filtered : Prisma.sql`${filtered} AND environment_id = ${environmentId}`;
}

function ordered({ sort, order }: ListInput): Prisma.Sql {
  const way = order === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const byName = Prisma.sql`environment_name, name, id`;
  switch (sort) {
    case 'name':
      return Prisma.sql`environment_name ${way}, name ${way}, id`;
    case 'outdated':
      return Prisma.sql`outdated ${way}, ${byName}`;
    case 'size':
      return Prisma.sql`size ${way}, ${byName}`;
    case 'drift':
      // The longest drift is the earliest moment.
      return Prisma.sql`CASE WHEN outdated = 0 THEN 0 ELSE extract(epoch FROM now() - drift_since) END ${way}, ${byName}`;
  }
}
