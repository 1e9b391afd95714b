import type { Cluster, Instance } from '../../domain/cluster/cluster.ts';
import type { ClusterRecord, EnvironmentRecord, Fleet, Observation } from '../../domain/cluster/fleet.ts';
import type { Durations } from '../../domain/cycle/forecast.ts';
import { DomainError } from '../../domain/errors.ts';
import { canonical } from '../../domain/instance/canonical.ts';
import type { ClusterCatalog } from '../../domain/instance/cluster-catalog.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { appendEvents, changed } from './event-log.ts';
import { type FactsChange, factsEvents } from './facts-events.ts';
import type { Prisma, PrismaClient, Instance as StoredInstance } from './generated/client.ts';
import { clusterRecord, environmentRecord, instanceFacts, milliseconds } from './rows.ts';

/** How many observed durations of each kind a forecast rests on. */
const DURATION_SAMPLES = 200;

/** A quiet environment says this often that its facts are still what they were. */
const SYNCED_EVERY_MS = 5_000;

export class FleetStore implements Fleet {
  readonly #db: PrismaClient;
  readonly #syncedAt = new Map<string, number>();

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async environments(): Promise<EnvironmentRecord[]> {
    return (await this.#db.environment.findMany({ where: { removedAt: null }, orderBy: { name: 'asc' } })).map(
      environmentRecord,
    );
  }

  async environment(id: string): Promise<EnvironmentRecord> {
    const row = await this.#db.environment.findUnique({ where: { id } });
    if (row === null) throw new DomainError('NOT_FOUND', { kind: 'environment', id });
    return environmentRecord(row);
  }

  async clustersOf(environmentId: string): Promise<ClusterRecord[]> {
    const rows = await this.#db.cluster.findMany({
      where: { environmentId, removedAt: null },
      orderBy: { name: 'asc' },
    });
    return rows.map(clusterRecord);
  }

  async cluster(id: string): Promise<ClusterRecord> {
    const row = await this.#db.cluster.findFirst({ where: { id, removedAt: null } });
    if (row === null) throw new DomainError('CLUSTER_UNKNOWN', { id });
    return clusterRecord(row);
  }

  /** What a plugin-made environment needs to know of the clusters that are declared in it. */
  catalog(environmentId: string): ClusterCatalog {
    return {
      byId: async (id) => {
        const record = await this.cluster(id);
        if (record.environmentId !== environmentId) throw new DomainError('CLUSTER_UNKNOWN', { id });
        return record;
      },
      byName: async (name) => {
        const row = await this.#db.cluster.findFirst({ where: { environmentId, name, removedAt: null } });
        if (row === null) throw new DomainError('CLUSTER_UNKNOWN', { id: name });
        return clusterRecord(row);
      },
    };
  }

  async facts(clusterId: string): Promise<Cluster> {
    const { id, name, config, minSize, maxSize } = await this.cluster(clusterId);
    const own = await this.#db.cluster.findUnique({ where: { id: clusterId }, select: { autoscaling: true } });
    const rows = await this.#db.instance.findMany({
      where: { clusterId },
      orderBy: [{ createdAt: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
    });
    const instances = rows.map(instanceFacts);
    const { autoscaling } = own ?? {};
    if (autoscaling !== 'active' && autoscaling !== 'suspended')
      return { id, name, config, minSize, maxSize, instances };
    return { id, name, config, minSize, maxSize, autoscaling, instances };
  }

  async durations(clusterId: string): Promise<Omit<Durations, 'seed'>> {
    const rows = await this.#db.$queryRaw<{ state: string; ms: number }[]>`
      SELECT state, ms FROM (
        SELECT state, lasted.ms::float8 AS ms, row_number() OVER (PARTITION BY state ORDER BY at DESC) AS newest
        FROM (
          SELECT state, at, lead(state) OVER life AS next,
                 extract(epoch FROM lead(at) OVER life - at) * 1000 AS ms
          FROM (
            SELECT id, instance_id, state, at, lag(state) OVER (PARTITION BY instance_id ORDER BY at, id) AS before
            FROM instance_transition WHERE cluster_id = ${clusterId}
          ) AS changes
          -- A change of health or configuration alone begins no new phase.
          WHERE before IS DISTINCT FROM state
          WINDOW life AS (PARTITION BY instance_id ORDER BY at, id)
        ) AS lasted
        WHERE (state, next) IN (('starting', 'started'), ('draining', 'drained'), ('terminating', 'gone'))
      ) AS samples WHERE newest <= ${DURATION_SAMPLES}`;
    const of = (state: string) => rows.filter((row) => row.state === state).map((row) => Math.round(row.ms));
    return { startMs: of('starting'), drainMs: of('draining'), terminateMs: of('terminating') };
  }

  async configs(clusterId: string) {
    const rows = await this.#db.clusterConfig.findMany({ where: { clusterId } });
    return new Map(
      rows.map((row) => [
        row.config,
        { version: row.version, spec: row.spec as Json, createdAt: row.createdAt.getTime() },
      ]),
    );
  }

  /**
   * Stores what an observer read. Only what changed is written; the streams of the environment and of the changed
   * clusters say so in the same transaction. Throws LEASE_LOST when another observer has taken over.
   */
  async recordObservations(environmentId: string, fence: bigint, observations: readonly Observation[]): Promise<void> {
    if (observations.length === 0) return;
    await this.#db.$transaction(
      async (tx) => {
        await holdEnvironment(tx, environmentId, fence);
        const stored = await tx.instance.findMany({
          where: { clusterId: { in: observations.map((one) => one.clusterId) } },
        });
        const turned = await markRead(tx, observations);
        const changes: FactsChange[] = [];
        for (const observation of observations) {
          const before = stored.filter((row) => row.clusterId === observation.clusterId);
          const change = await recordObservation(tx, observation, before);
          if (change === 'failed') turned.add(observation.clusterId);
          else if (change !== null) changes.push(change);
        }
        await this.#announce(tx, environmentId, observations, [...turned], changes);
      },
      { timeout: 15_000 },
    );
  }

  async #announce(
    tx: Prisma.TransactionClient,
    environmentId: string,
    observations: readonly Observation[],
    turned: readonly string[],
    changes: readonly FactsChange[],
  ): Promise<void> {
    const failed = observations.find((one) => 'error' in one.result);
    const observedAt = await oldestRead(tx, environmentId, observations);
    const { syncErrorSince: failingSince } = await tx.environment.findUniqueOrThrow({ where: { id: environmentId } });
    await tx.environment.update({
      where: { id: environmentId },
      data:
        failed !== undefined && 'error' in failed.result
          ? { syncError: failed.result.error, syncErrorSince: failingSince ?? new Date() }
          : { observedAt: new Date(observedAt), syncError: null, syncErrorSince: null },
    });
    const quietFor = observedAt - (this.#syncedAt.get(environmentId) ?? 0);
    const clusterIds = [...new Set([...turned, ...changes.map((change) => change.clusterId)])];
    if (clusterIds.length === 0 && quietFor < SYNCED_EVERY_MS) return;
    this.#syncedAt.set(environmentId, observedAt);
    // What says that a cluster can be read again, or no longer, has no patch: more than its instances has changed.
    const patched = changes.filter((change) => !turned.includes(change.clusterId));
    await appendEvents(tx, [
      ...turned.map((id) => changed(`cluster:${id}`, 'facts')),
      ...(await factsEvents(tx, patched, readAtOf(observations))),
      {
        stream: `environment:${environmentId}`,
        kind: clusterIds.length === 0 ? 'synced' : 'changed',
        body: { clusterIds, observedAt },
      },
    ]);
  }
}

/** Since when every cluster of the environment was read: not all are read at each round. */
async function oldestRead(
  tx: Prisma.TransactionClient,
  environmentId: string,
  observations: readonly Observation[],
): Promise<number> {
  const { _min: oldest } = await tx.cluster.aggregate({
    where: { environmentId, removedAt: null, observeError: null },
    _min: { observedAt: true },
  });
  return milliseconds(oldest.observedAt) ?? Math.min(...observations.map((one) => one.readAt));
}

async function holdEnvironment(tx: Prisma.TransactionClient, environmentId: string, fence: bigint): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM environment WHERE id = ${environmentId} AND fence = ${fence} FOR UPDATE`;
  if (held.length === 0) throw new DomainError('LEASE_LOST', { name: `environment:${environmentId}` });
}

/** What is stored as the time at which the clusters that could be read were read. */
function readAtOf(observations: readonly Observation[]): number {
  return Math.min(...observations.flatMap((one) => ('cluster' in one.result ? [one.readAt] : [])));
}

/** Notes when the clusters were read, what of it failed, and their own settings; answers those where that is new. */
async function markRead(tx: Prisma.TransactionClient, observations: readonly Observation[]): Promise<Set<string>> {
  const read = observations.filter((one) => 'cluster' in one.result);
  if (read.length === 0) return new Set();
  const ids = read.map((one) => one.clusterId);
  const observedAt = new Date(readAtOf(read));
  await tx.cluster.updateMany({ where: { id: { in: ids } }, data: { observedAt } });
  const problems = read.map((one) => ('cluster' in one.result ? (one.result.problem ?? null) : null));
  const values = read.map((one) => ('cluster' in one.result ? (one.result.cluster.autoscaling ?? null) : null));
  const turned = await tx.$queryRaw<{ id: string }[]>`
    UPDATE cluster SET observe_error = seen.problem, autoscaling = seen.value
    FROM unnest(${ids}::text[], ${problems}::text[], ${values}::text[]) AS seen (id, problem, value)
    WHERE cluster.id = seen.id
      AND (cluster.observe_error, cluster.autoscaling) IS DISTINCT FROM (seen.problem, seen.value)
    RETURNING cluster.id`;
  return new Set(turned.map((cluster) => cluster.id));
}

type InstanceRow = Prisma.InstanceCreateManyInput;

/** What has changed; null where nothing has, and `failed` where it cannot be read for a reason that is new. */
async function recordObservation(
  tx: Prisma.TransactionClient,
  { clusterId, readAt, result }: Observation,
  stored: readonly StoredInstance[],
): Promise<FactsChange | 'failed' | null> {
  if ('error' in result) {
    const { count } = await tx.cluster.updateMany({
      where: { id: clusterId, OR: [{ observeError: null }, { NOT: { observeError: result.error } }] },
      data: { observeError: result.error },
    });
    return count > 0 ? 'failed' : null;
  }
  const before = new Map(stored.map((row) => [row.id, row]));
  const now = new Set(result.cluster.instances.map((instance) => instance.id));
  const at = new Date(readAt);
  const transitions: Prisma.InstanceTransitionCreateManyInput[] = [];
  const appeared: InstanceRow[] = [];
  const added: Writable<FactsChange['added']> = [];
  const changed: Writable<FactsChange['changed']> = [];

  for (const instance of result.cluster.instances) {
    const old = before.get(instance.id);
    const turned = old === undefined || old.state !== instance.state;
    const stateSince = turned ? new Date(enteredAt(instance, readAt, old === undefined)) : old.stateSince;
    const row = instanceRow(clusterId, instance, stateSince, at);
    const after = { facts: instance, stateSince, seenAt: at };
    if (old === undefined) {
      appeared.push(row);
      added.push(after);
    } else if (differs(old, row)) {
      await tx.instance.update({ where: { clusterId_id: { clusterId, id: instance.id } }, data: row });
      changed.push({ before: old, after });
    } else continue;
    if (turned || old.config !== instance.config || old.health !== (instance.health ?? null)) {
      const { id: instanceId, state, config, health = null } = instance;
      transitions.push({ clusterId, instanceId, state, config, health, at: turned ? stateSince : at });
    }
  }
  const gone = stored.filter((row) => !now.has(row.id));
  if (gone.length > 0) {
    await tx.instance.deleteMany({ where: { clusterId, id: { in: gone.map((row) => row.id) } } });
    for (const { id: instanceId, config } of gone) {
      transitions.push({ clusterId, instanceId, state: 'gone', config, health: null, at });
    }
  }
  if (appeared.length > 0) await tx.instance.createMany({ data: appeared });
  if (transitions.length > 0) await tx.instanceTransition.createMany({ data: transitions });
  if (added.length + changed.length + gone.length === 0) return null;
  return { clusterId, size: result.cluster.instances.length, added, changed, gone: gone.map(({ id }) => id) };
}

type Writable<List> = List extends readonly (infer Item)[] ? Item[] : never;

/** When an instance entered the state it was found in, as far as the facts tell. */
function enteredAt(instance: Instance, readAt: number, isNew: boolean): number {
  if (instance.state === 'starting') return instance.createdAt ?? readAt;
  if (instance.state === 'draining') return instance.updatedAt ?? readAt;
  if (instance.state === 'started' && isNew) return instance.healthySince ?? instance.createdAt ?? readAt;
  return readAt;
}

function instanceRow(clusterId: string, instance: Instance, stateSince: Date, seenAt: Date): InstanceRow {
  const date = (time: number | null | undefined) => (time === null || time === undefined ? null : new Date(time));
  return {
    clusterId,
    id: instance.id,
    state: instance.state,
    config: instance.config,
    createdAt: date(instance.createdAt),
    updatedAt: date(instance.updatedAt),
    stateSince,
    health: instance.health ?? null,
    healthySince: date(instance.healthySince),
    zone: instance.zone ?? null,
    protection: instance.protection ?? null,
    closed: instance.closed ?? false,
    workloads: (instance.workloads ?? []).map(({ name, since, holder }) =>
      holder === undefined ? { name, since } : { name, since, holder: { ...holder } },
    ),
    labels: { ...instance.labels },
    token: instance.token ?? null,
    seenAt,
  };
}

/** Whether anything but the time of the read differs. */
function differs(before: Readonly<Record<string, unknown>>, after: InstanceRow): boolean {
  return Object.entries(after).some(([key, value]) => {
    if (key === 'seenAt') return false;
    const old = before[key];
    if (old instanceof Date || value instanceof Date) return text(old) !== text(value);
    // The database keeps the keys of JSON in an order of its own.
    return canonical(old) !== canonical(value);
  });
}

function text(value: unknown): string {
  return value instanceof Date ? String(milliseconds(value)) : String(value);
}
