import type { SessionSpec } from '../../domain/session/session.ts';
import type { PrismaClient } from './generated/client.ts';
import { type NewReservation, requestReservation } from './reservations.ts';

/** Machines to reserve, as rows: a healthy one that was read just now, unless the facts say otherwise. */
export interface MachineFacts {
  readonly id: string;
  readonly state?: string;
  readonly health?: string | null;
  readonly config?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly createdAt?: number;
}

export interface ClusterFacts {
  readonly environmentId?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly targetSize?: number;
  readonly observedAgoMs?: number;
  readonly machines: readonly (string | MachineFacts)[];
}

/** An environment whose machines run components, unless it is a simulator. */
export async function addEnvironment(
  database: PrismaClient,
  id: string,
  kind: 'local' | 'simulator' | 'docker' = 'local',
  hostId: string | null = null,
): Promise<void> {
  await database.environment.create({ data: { id, name: id, kind, hostId } });
}

/** A cluster of the pool that is called like it, unless its labels say otherwise. */
export async function addCluster(database: PrismaClient, id: string, facts: ClusterFacts): Promise<void> {
  const { environmentId = 'local', labels = { pool: id }, targetSize = 0, observedAgoMs = 0, machines } = facts;
  const observedAt = new Date(Date.now() - observedAgoMs);
  const sizes = { minSize: 0, targetSize, maxSize: 1_000 };
  await database.cluster.create({
    data: { id, environmentId, name: id, labels, spec: {}, config: 'new', ...sizes, observedAt },
  });
  await database.instance.createMany({
    data: machines.map((machine) => {
      const { createdAt = 0, ...rest } = typeof machine === 'string' ? { id: machine } : machine;
      return {
        clusterId: id,
        state: 'started',
        config: 'new',
        health: 'healthy',
        ...rest,
        createdAt: new Date(createdAt),
        stateSince: observedAt,
        seenAt: observedAt,
      };
    }),
  });
}

/** `wantsOf({ a: 2, b: 1 })`: machine-1 and machine-2 of the pool a, machine-3 of the pool b. */
export function wantsOf(counts: Readonly<Record<string, number>>): NewReservation['wants'] {
  const pools = Object.entries(counts).flatMap(([pool, count]) => Array<string>(count).fill(pool));
  return pools.map((pool, index) => ({ component: `machine-${index + 1}`, pool }));
}

/** A person's wish, called like its id. */
export async function wish(
  database: PrismaClient,
  id: string,
  counts: Readonly<Record<string, number>>,
  facts: Partial<NewReservation> & { readonly waitedMs?: number } = {},
): Promise<void> {
  const { waitedMs, ...rest } = facts;
  const usual = { kind: 'manual', sessionId: null, holderId: null, holderName: 'ada', purpose: 'a look' } as const;
  await database.$transaction((tx) =>
    requestReservation(tx, { id, name: id, ...usual, priority: 0, wants: wantsOf(counts), leaseMs: 60_000, ...rest }),
  );
  const requestedAt = new Date(Date.now() - (waitedMs ?? 0));
  if (waitedMs !== undefined) await database.reservation.update({ where: { id }, data: { requestedAt } });
}

/** A session that waits for machines; its reservation is called `<id>-machines`. */
export async function queueSession(
  database: PrismaClient,
  id: string,
  counts: Readonly<Record<string, number>>,
  facts: Partial<NewReservation> & { readonly waitedMs?: number; readonly testMs?: number } = {},
): Promise<void> {
  const { testMs = 0, ...rest } = facts;
  const spec: SessionSpec = {
    name: id,
    components: [],
    scenario: null,
    timeouts: { queueMs: 0, provisionMs: 0, testMs },
    labels: {},
    priority: 0,
  };
  await database.session.create({
    data: { id, name: id, spec: { ...spec } as object, state: 'queued', ownerName: 'ada' },
  });
  await wish(database, `${id}-machines`, counts, { kind: 'session', name: id, sessionId: id, leaseMs: 0, ...rest });
}

/** Everything that these helpers put there. */
export async function clearPools(database: PrismaClient): Promise<void> {
  await database.reservation.deleteMany();
  await database.session.deleteMany();
  await database.maintenance.deleteMany();
  await database.pool.deleteMany();
  await database.poolSample.deleteMany();
  await database.cycle.deleteMany();
  await database.plan.deleteMany();
  await database.cluster.deleteMany();
  await database.environment.deleteMany();
  await database.event.deleteMany();
  await database.eventStream.deleteMany();
}
