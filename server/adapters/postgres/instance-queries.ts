import type { z } from 'zod';
import type { Page } from '../../contract/cluster.ts';
import type { InstanceHistoryView, InstanceRow, instanceListSchema } from '../../contract/instance.ts';
import { DomainError } from '../../domain/errors.ts';
import { cursors } from './event-log.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { instanceFacts } from './rows.ts';

const TRANSITIONS_SHOWN = 200;

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
    direction,
    cursor,
    limit,
  }: z.output<typeof instanceListSchema>): Promise<Page<InstanceRow>> {
    const seqs = await cursors(this.#db, clusterId === undefined ? [] : [`cluster:${clusterId}`]);
    const offset = Math.max(0, Number(cursor ?? 0) || 0);
    const where: Prisma.InstanceWhereInput = {
      clusterId,
      cluster: { environmentId, removedAt: null },
      AND: q
        .split(/\s+/)
        .filter((word) => word !== '')
        .map(condition),
    };
    const column = { id: 'id', state: 'state', age: 'createdAt' } as const;
    const [rows, total] = await Promise.all([
      this.#db.instance.findMany({
        where,
        orderBy: [{ [column[sort]]: direction }, { id: 'asc' }],
        skip: offset,
        take: limit,
        include: WITH_CLUSTER,
      }),
      this.#db.instance.count({ where }),
    ]);
    const next = offset + rows.length;
    return { rows: rows.map(instanceRow), total, nextCursor: next < total ? String(next) : null, cursors: seqs };
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

function condition(word: string): Prisma.InstanceWhereInput {
  const [key, value] = word.split(':');
  if (key === 'state' && value) return { state: value };
  if (key === 'health' && value) return { health: value };
  return { OR: [{ id: { contains: word, mode: 'insensitive' } }, { zone: { contains: word, mode: 'insensitive' } }] };
}

function instanceRow(row: RowWithCluster): InstanceRow {
  const { health, healthySince, zone, protection, workloads, token, id, state, config, createdAt, updatedAt } =
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
    workloads: workloads ?? [],
    token: token ?? null,
    stateSince: row.stateSince.getTime(),
    version: row.cluster.configs.find((one) => one.config === row.config)?.version ?? null,
    outdated: row.config !== row.cluster.config,
    seenAt: row.seenAt.getTime(),
  };
}
