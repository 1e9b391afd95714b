import type { Actor } from '../../domain/activity/activity.ts';
import { ACTIVE_STATES } from '../../domain/cycle/cycle-state.ts';
import type { CyclePolicy } from '../../domain/cycle/policy.ts';
import { DomainError } from '../../domain/errors.ts';
import { canonical } from '../../domain/instance/canonical.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { recordActivity } from './activity-log.ts';
import { CHANNEL } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { clusterRecord } from './rows.ts';

interface ClusterFields {
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Json;
  readonly config: string;
  readonly minSize: number;
  readonly targetSize: number;
  readonly maxSize: number;
  readonly policy: CyclePolicy | null;
  readonly drainTimeoutMs: number;
}

/** Declarations of clusters, each with its line of activity and its events in one transaction. */
export class PostgresClusterCommands {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async declare(
    cluster: ClusterFields & { readonly id: string; readonly environmentId: string; readonly name: string },
    actor: Actor,
    requestId: string,
  ): Promise<void> {
    const { id, environmentId, name, config } = cluster;
    try {
      await this.#db.$transaction(async (tx) => {
        await holdEnvironment(tx, environmentId);
        await tx.cluster.create({
          data: { id, environmentId, name, ...columns(cluster), spec: json(cluster.spec), config },
        });
        await tx.clusterConfig.create({
          data: { clusterId: id, config, version: 1, spec: json(cluster.spec), authorId: actor.id },
        });
        await announce(tx, { id, environmentId, name }, actor, 'declared cluster', requestId, null, shown(cluster));
      });
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
        throw new DomainError('CONFLICT', {
          kind: 'cluster',
          id: name,
          message: 'this environment has a cluster of that name',
        });
      }
      throw error;
    }
  }

  async edit(
    clusterId: string,
    change: Partial<ClusterFields>,
    actor: Actor,
    requestId: string | null,
    expected: Partial<ClusterFields> & { readonly isCycling?: false },
  ): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const before = await locked(tx, clusterId);
      checkExpected(expected, clusterRecord(before));
      if (expected.isCycling === false) await refuseActive(tx, clusterId);
      const after = await tx.cluster.update({
        where: { id: clusterId },
        data: {
          ...columns(change),
          ...(change.spec === undefined ? {} : { spec: json(change.spec), config: change.config }),
        },
      });
      if (change.spec !== undefined && change.config !== undefined) {
        const { _max } = await tx.clusterConfig.aggregate({ where: { clusterId }, _max: { version: true } });
        const declared = { version: (_max.version ?? 0) + 1, authorId: actor.id, createdAt: new Date() };
        await tx.clusterConfig.upsert({
          where: { clusterId_config: { clusterId, config: change.config } },
          create: { clusterId, config: change.config, spec: json(change.spec), ...declared },
          // Going back to an earlier spec is not a new version, but it is declared now.
          update: before.config === change.config ? {} : { createdAt: declared.createdAt },
        });
      }
      await announce(tx, after, actor, 'edited cluster', requestId, shown(before), shown(after));
    });
  }

  /**
   * Throws CYCLE_ACTIVE, or CONFLICT while it has instances. In a disabled environment, which may never be read again,
   * what is known of its instances is forgotten; what still runs there goes on.
   */
  async remove(clusterId: string, actor: Actor, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      // The environment comes first, as where its facts are recorded.
      const isDisabled = await holdDisabled(tx, clusterId);
      const cluster = await locked(tx, clusterId);
      await refuseActive(tx, clusterId);
      const instances = await tx.instance.count({ where: { clusterId } });
      if (instances > 0 && !isDisabled) {
        throw new DomainError('CONFLICT', {
          kind: 'cluster',
          id: clusterId,
          message: `it still has ${instances} instances; cycle it to target 0 first, or disable its environment if its back end is gone for good`,
        });
      }
      await tx.instance.deleteMany({ where: { clusterId } });
      await tx.cluster.update({
        where: { id: clusterId },
        data: { removedAt: new Date(), name: `${cluster.name} (removed ${clusterId})` },
      });
      const before = { ...shown(cluster), ...(instances > 0 && { instancesForgotten: instances }) };
      await announce(tx, cluster, actor, 'removed cluster', requestId, before, null);
    });
  }
}

/** Keeps it from being removed before the transaction ends. */
async function holdEnvironment(tx: Prisma.TransactionClient, environmentId: string): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM environment WHERE id = ${environmentId} AND removed_at IS NULL FOR KEY SHARE`;
  if (found.length === 0) throw new DomainError('NOT_FOUND', { kind: 'environment', id: environmentId });
}

/** Whether the environment of a cluster is disabled, which then stays so until the transaction ends. */
async function holdDisabled(tx: Prisma.TransactionClient, clusterId: string): Promise<boolean> {
  const found = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM environment JOIN cluster ON cluster.environment_id = environment.id
    WHERE cluster.id = ${clusterId} AND disabled_at IS NOT NULL FOR SHARE OF environment`;
  return found.length > 0;
}

async function locked(tx: Prisma.TransactionClient, clusterId: string) {
  await tx.$queryRaw`SELECT 1 FROM cluster WHERE id = ${clusterId} FOR UPDATE`;
  const cluster = await tx.cluster.findFirst({ where: { id: clusterId, removedAt: null } });
  if (cluster === null) throw new DomainError('CLUSTER_UNKNOWN', { id: clusterId });
  return cluster;
}

/** The cluster is locked, so no cycle of it is approved before the transaction ends. */
async function refuseActive(tx: Prisma.TransactionClient, clusterId: string): Promise<void> {
  const active = await tx.cycle.findFirst({ where: { clusterId, state: { in: [...ACTIVE_STATES] } } });
  if (active !== null) throw new DomainError('CYCLE_ACTIVE', { clusterId, cycleId: active.id });
}

function checkExpected(expected: Partial<ClusterFields>, before: ClusterFields & { readonly id: string }): void {
  const keys = ['labels', 'spec', 'minSize', 'targetSize', 'maxSize', 'policy', 'drainTimeoutMs'] as const;
  if (keys.every((key) => expected[key] === undefined || canonical(expected[key]) === canonical(before[key]))) return;
  throw new DomainError('CONFLICT', {
    kind: 'cluster',
    id: before.id,
    message: 'somebody has changed it in between',
  });
}

async function announce(
  tx: Prisma.TransactionClient,
  cluster: { readonly id: string; readonly environmentId: string; readonly name: string },
  actor: Actor,
  verb: string,
  requestId: string | null,
  before: Json,
  after: Json,
): Promise<void> {
  await tx.$queryRaw`SELECT pg_notify(${CHANNEL}, ${`refresh:${cluster.environmentId}`})::text`;
  await recordActivity(
    tx,
    { actor, verb, object: { kind: 'cluster', id: cluster.id, name: cluster.name }, before, after, requestId },
    [
      { stream: `cluster:${cluster.id}`, kind: 'changed', body: { what: 'declaration' } },
      { stream: `environment:${cluster.environmentId}`, kind: 'changed', body: { clusterIds: [cluster.id] } },
    ],
  );
}

function columns(change: Partial<ClusterFields>) {
  const { labels, minSize, targetSize, maxSize, policy, drainTimeoutMs } = change;
  return {
    minSize,
    targetSize,
    maxSize,
    drainTimeoutMs,
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(policy === undefined ? {} : { policy: policy === null ? Prisma.DbNull : json(policy) }),
  } as { minSize: number; targetSize: number; maxSize: number; drainTimeoutMs: number };
}

function shown(cluster: {
  spec?: unknown;
  minSize?: number;
  targetSize?: number;
  maxSize?: number;
  policy?: unknown;
  drainTimeoutMs?: number;
  labels?: unknown;
}): { readonly [key: string]: Json } {
  const { spec, minSize, targetSize, maxSize, policy, drainTimeoutMs, labels } = cluster;
  const given = { spec, minSize, targetSize, maxSize, policy, drainTimeoutMs, labels };
  return JSON.parse(JSON.stringify(given)) as { readonly [key: string]: Json };
}

function json(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}
