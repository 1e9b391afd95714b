import type { Actor } from '../../domain/activity/activity.ts';
import { DomainError } from '../../domain/errors.ts';
import { recordActivity } from './activity-log.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { POOL_OF_MACHINE } from './pool-machines.ts';
import { poolEvents } from './reservations.ts';

type Person = Actor & { readonly id: string };

interface MachineNamed {
  readonly clusterId: string;
  readonly instanceId: string;
}

/** What people order of pools and their machines. */
export class PostgresPoolCommands {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async pause(name: string, note: string, actor: Person, requestId: string): Promise<void> {
    const paused = { pausedAt: new Date(), pausedBy: actor.name, pausedNote: note };
    await this.#db.$transaction(async (tx) => {
      await tx.pool.upsert({ where: { name }, create: { name, ...paused }, update: paused });
      await recordActivity(
        tx,
        { actor, verb: 'paused the pool', object: pool(name), after: { note }, requestId },
        poolEvents([name], 'pause'),
      );
    });
  }

  /** Does nothing where it is not paused. */
  async resume(name: string, actor: Person, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const { count } = await tx.pool.updateMany({
        where: { name, pausedAt: { not: null } },
        data: { pausedAt: null, pausedBy: null, pausedNote: null },
      });
      if (count === 0) return;
      await recordActivity(
        tx,
        { actor, verb: 'resumed the pool', object: pool(name), requestId },
        poolEvents([name], 'pause'),
      );
    });
  }

  async startMaintenance(
    { clusterId, instanceId, note, forMs }: MachineNamed & { readonly note: string; readonly forMs: number | null },
    actor: Person,
    requestId: string,
  ): Promise<void> {
    const until = forMs === null ? null : new Date(Date.now() + forMs);
    const state = { note, byId: actor.id, byName: actor.name, since: new Date(), until };
    await this.#db.$transaction(async (tx) => {
      const name = await poolOf(tx, clusterId, instanceId);
      if (name === null) throw new DomainError('INSTANCE_UNKNOWN', { id: instanceId });
      await tx.maintenance.upsert({
        where: { clusterId_instanceId: { clusterId, instanceId } },
        create: { clusterId, instanceId, ...state },
        update: state,
      });
      const object = { kind: 'machine', id: instanceId, name: `${instanceId} of ${name}` };
      const after = { note, until: until?.toISOString() ?? null };
      await recordActivity(
        tx,
        { actor, verb: 'put into maintenance', object, after, requestId },
        poolEvents([name], 'maintenance'),
      );
    });
  }

  async endMaintenance({ clusterId, instanceId }: MachineNamed, actor: Person, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const { count } = await tx.maintenance.deleteMany({ where: { clusterId, instanceId } });
      if (count === 0) return;
      const name = await poolOf(tx, clusterId, instanceId);
      const object = { kind: 'machine', id: instanceId, name: `${instanceId} of ${name ?? 'no pool'}` };
      await recordActivity(
        tx,
        { actor, verb: 'ended the maintenance of', object, requestId },
        poolEvents(name === null ? [] : [name], 'maintenance'),
      );
    });
  }
}

function pool(name: string) {
  return { kind: 'pool', id: name, name };
}

async function poolOf(tx: Prisma.TransactionClient, clusterId: string, instanceId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ pool: string | null }[]>`
    SELECT ${POOL_OF_MACHINE} AS pool FROM instance JOIN cluster ON cluster.id = instance.cluster_id
    WHERE cluster.id = ${clusterId} AND instance.id = ${instanceId} AND cluster.removed_at IS NULL`;
  return row?.pool ?? null;
}
