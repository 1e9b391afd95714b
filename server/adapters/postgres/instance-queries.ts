import type { z } from 'zod';
import type { Page } from '../../contract/cluster.ts';
import type {
  InstanceCell,
  InstanceCells,
  InstanceHistoryView,
  InstanceRow,
  instanceCellsSchema,
  instanceListSchema,
} from '../../contract/instance.ts';
import { DomainError } from '../../domain/errors.ts';
import { cursors } from './event-log.ts';
import { instanceConditions, readTerms } from './filter-sql.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { instanceFacts } from './rows.ts';

const TRANSITIONS_SHOWN = 200;

/** In the order in which they follow each other. */
const INSTANCE_STATES = ['starting', 'started', 'draining', 'drained', 'terminating'];

const WITH_CLUSTER = {
  cluster: {
    select: { name: true, config: true, environmentId: true, configs: { select: { config: true, version: true } } },
  },
} as const;

type RowWithCluster = Prisma.InstanceGetPayload<{ include: typeof WITH_CLUSTER }>;

export class PostgresInstanceQueries {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Filtered, sorted and cut in the database; the cursor is the number of rows before the page. */
  async list({
    clusterId,
    environmentId,
    q,
    sort,
    order,
    cursor,
    limit,
  }: z.output<typeof instanceListSchema>): Promise<Page<InstanceRow>> {
    const seqs = await this.#cursors(clusterId);
    const offset = Number(cursor ?? 0);
    const from = filtered({ clusterId, environmentId, q });
    const [found, [count]] = await Promise.all([
      this.#db.$queryRaw<{ cluster_id: string; id: string }[]>`
        SELECT instance.cluster_id, instance.id ${from} ORDER BY ${ordered(sort, order)} LIMIT ${limit} OFFSET ${offset}`,
      this.#db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total ${from}`,
    ]);
    const rows = await this.#db.instance.findMany({
      where: { id: { in: found.map(({ id }) => id) }, clusterId },
      include: WITH_CLUSTER,
    });
    const byKey = new Map(rows.map((row) => [`${row.clusterId} ${row.id}`, row]));
    const total = count?.total ?? 0;
    const next = offset + found.length;
    return {
      // One that has gone since is in no page.
      rows: found.flatMap(({ cluster_id, id }) => {
        const row = byKey.get(`${cluster_id} ${id}`);
        return row === undefined ? [] : [instanceRow(row)];
      }),
      total,
      nextCursor: found.length > 0 && next < total ? String(next) : null,
      cursors: seqs,
    };
  }

  /** Every instance of a cluster that the filter lets through, as little of each as is drawn. */
  async cells({ clusterId, q }: z.output<typeof instanceCellsSchema>): Promise<InstanceCells> {
    const seqs = await this.#cursors(clusterId);
    const cells = await this.#db.$queryRaw<InstanceCell[]>`
      SELECT instance.id, instance.state, instance.health, instance.protection, instance.closed, instance.zone, known.version,
        instance.config <> cluster.config AS outdated
      ${filtered({ clusterId, q })} ORDER BY instance.id`;
    return { cells, cursors: seqs };
  }

  #cursors(clusterId: string | undefined): Promise<Record<string, string>> {
    return cursors(this.#db, clusterId === undefined ? [] : [`cluster:${clusterId}`]);
  }

  async byId(clusterId: string, id: string): Promise<InstanceHistoryView> {
    const [row, transitions] = await Promise.all([
      this.#db.instance.findUnique({ where: { clusterId_id: { clusterId, id } }, include: WITH_CLUSTER }),
      this.#db.instanceTransition.findMany({
        where: { clusterId, instanceId: id },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: TRANSITIONS_SHOWN,
      }),
    ]);
    if (row === null && transitions.length === 0) throw new DomainError('INSTANCE_UNKNOWN', { id });
    return {
      clusterId,
      id,
      instance: row === null ? null : instanceRow(row),
      transitions: transitions
        .reverse()
        .map(({ state, health, config, at }) => ({ state, health, config, at: at.getTime() })),
    };
  }
}

function filtered({
  clusterId,
  environmentId,
  q,
}: {
  clusterId?: string;
  environmentId?: string;
  q: string;
}): Prisma.Sql {
  const ofCluster = clusterId === undefined ? Prisma.sql`true` : Prisma.sql`cluster.id = ${clusterId}`;
  const ofEnvironment =
    environmentId === undefined ? Prisma.sql`true` : Prisma.sql`cluster.environment_id = ${environmentId}`;
  return Prisma.sql`
    FROM instance
    JOIN cluster ON cluster.id = instance.cluster_id AND cluster.removed_at IS NULL
    JOIN environment ON environment.id = cluster.environment_id
    LEFT JOIN cluster_config AS known ON known.cluster_id = instance.cluster_id AND known.config = instance.config
    WHERE ${ofCluster} AND ${ofEnvironment} AND ${instanceConditions(readTerms(q, 'instances'))}`;
}

function ordered(
  sort: z.output<typeof instanceListSchema>['sort'],
  order: z.output<typeof instanceListSchema>['order'],
): Prisma.Sql {
  const way = order === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  switch (sort) {
    case 'id':
      return Prisma.sql`instance.id ${way}, instance.cluster_id`;
    case 'age':
      return Prisma.sql`instance.state_since ${way}, instance.id ${way}, instance.cluster_id`;
    case 'state':
      return Prisma.sql`array_position(${INSTANCE_STATES}, instance.state) ${way}, instance.id ${way}, instance.cluster_id`;
  }
}

function instanceRow(row: RowWithCluster): InstanceRow {
  const { health, healthySince, zone, protection, closed, workloads, token, id, state, config, createdAt, updatedAt } =
    instanceFacts(row);
  return {
    clusterId: row.clusterId,
    clusterName: row.cluster.name,
    id,
    state,
    config,
    createdAt,
    updatedAt,
    health: health ?? null,
    healthySince: healthySince ?? null,
    zone: zone ?? null,
    protection: protection ?? null,
    closed: closed ?? false,
    workloads: workloads ?? [],
    token: token ?? null,
    stateSince: row.stateSince.getTime(),
    version: row.cluster.configs.find((one) => one.config === row.config)?.version ?? null,
    outdated: row.config !== row.cluster.config,
    seenAt: row.seenAt.getTime(),
  };
}
