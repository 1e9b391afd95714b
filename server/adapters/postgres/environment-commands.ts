import type { Actor } from '../../domain/activity/activity.ts';
import type { EnvironmentRecord } from '../../domain/cluster/fleet.ts';
import { ACTIVE_STATES } from '../../domain/cycle/cycle-state.ts';
import { DomainError } from '../../domain/errors.ts';
import { canonical } from '../../domain/instance/canonical.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { recordActivity } from './activity-log.ts';
import { changed } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { environmentRecord } from './rows.ts';

interface EnvironmentSettings {
  readonly selfApproval: boolean;
  readonly approvalsNeeded: number;
  /** null: any number at once. */
  readonly maxActiveCycles: number | null;
  /** How its back end behaves, where that can be set. */
  readonly settings: Json;
}

const SET = ['selfApproval', 'approvalsNeeded', 'maxActiveCycles', 'settings'] as const;

/** Environments and what an administrator sets of them, each with its line of activity and its events in one transaction. */
export class PostgresEnvironmentCommands {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Throws CONFLICT where there is an environment of that name. */
  async create(environment: Omit<EnvironmentRecord, 'disabledAt'>, actor: Actor, requestId: string): Promise<void> {
    const { id, name, kind } = environment;
    try {
      await this.#db.$transaction(async (tx) => {
        await tx.environment.create({ data: { ...environment, settings: column(environment.settings) } });
        const after = { kind, ...shown(environment, SET) };
        await recordActivity(
          tx,
          { actor, verb: 'created environment', object: { kind: 'environment', id, name }, after, requestId },
          eventsOf(id),
        );
      });
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
        throw new DomainError('CONFLICT', { kind: 'environment', id: name, message: 'there is one of that name' });
      }
      throw error;
    }
  }

  /**
   * A limit that is lowered stops no cycle; it holds for those that are to begin. Throws CONFLICT where what is set is
   * not what the caller takes it to be, and where a back end is to be reached differently while a cycle is active in it.
   */
  async update(
    { environmentId, ...given }: Partial<EnvironmentSettings> & { readonly environmentId: string },
    actor: Actor,
    requestId: string,
    expected: Partial<EnvironmentSettings> = {},
    host: Partial<Pick<EnvironmentRecord, 'hostId' | 'hostName'>> = {},
  ): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const row = await locked(tx, environmentId);
      const before = environmentRecord(row);
      if (SET.some((key) => expected[key] !== undefined && canonical(expected[key]) !== canonical(before[key]))) {
        const message = 'somebody has changed it in between';
        throw new DomainError('CONFLICT', { kind: 'environment', id: environmentId, message });
      }
      const { settings, ...limits } = given;
      const isSetAnew = settings !== undefined && canonical(settings) !== canonical(before.settings);
      if (isSetAnew && row.kind !== 'simulator') await refuseWhileCycling(tx, environmentId);
      const data = { ...limits, ...host, ...(isSetAnew ? { settings: column(settings), ...LEFT_ALONE } : {}) };
      const after = environmentRecord(await tx.environment.update({ where: { id: environmentId }, data }));
      const keys = SET.filter((key) => canonical(before[key]) !== canonical(after[key]));
      if (keys.length === 0) return;
      const object = { kind: 'environment', id: environmentId, name: after.name };
      await recordActivity(
        tx,
        {
          actor,
          verb: 'changed the settings of',
          object,
          before: shown(before, keys),
          after: shown(after, keys),
          requestId,
        },
        eventsOf(environmentId),
      );
    });
  }

  /**
   * From now on it is not read and no cycle begins or goes on in it; what is so already stays so. Throws CONFLICT while
   * a cycle is under way in it: one that has begun, unless it is paused.
   */
  async disable(environmentId: string, actor: Actor, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const { name, disabledAt } = await locked(tx, environmentId);
      if (disabledAt !== null) return;
      const underWay = (await activeCycles(tx, environmentId)).filter(({ isUnderWay }) => isUnderWay);
      if (underWay.length > 0) {
        throw inTheWay(environmentId, `${cyclesIn(underWay)}; pause or abort it before you disable the environment`);
      }
      await tx.environment.update({ where: { id: environmentId }, data: { disabledAt: new Date(), ...LEFT_ALONE } });
      await this.#announce(tx, environmentId, name, actor, 'disabled environment', requestId);
    });
  }

  async enable(environmentId: string, actor: Actor, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const { name, disabledAt } = await locked(tx, environmentId);
      if (disabledAt === null) return;
      await tx.environment.update({ where: { id: environmentId }, data: { disabledAt: null } });
      await this.#announce(tx, environmentId, name, actor, 'enabled environment', requestId);
    });
  }

  /** Its name is free then. Throws CONFLICT with what stands in the way: active cycles, or clusters. */
  async remove(environmentId: string, actor: Actor, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const { name, ...row } = await locked(tx, environmentId);
      const cycles = await activeCycles(tx, environmentId);
      if (cycles.length > 0) {
        throw inTheWay(environmentId, `${cyclesIn(cycles)}; it has to end before the environment is removed`);
      }
      const clusters = await tx.cluster.findMany({
        where: { environmentId, removedAt: null },
        orderBy: { name: 'asc' },
        select: { name: true },
      });
      if (clusters.length > 0) {
        const names = someOf(clusters.map((cluster) => cluster.name));
        throw inTheWay(
          environmentId,
          `it has ${clusters.length === 1 ? 'the cluster' : 'the clusters'} ${names}; remove what is in it first`,
        );
      }
      await tx.environment.update({
        where: { id: environmentId },
        data: { removedAt: new Date(), name: `${name} (removed ${environmentId})`, ...LEFT_ALONE },
      });
      const before = { kind: row.kind, ...shown(environmentRecord({ name, ...row }), SET) };
      await this.#announce(tx, environmentId, name, actor, 'removed environment', requestId, before);
    });
  }

  #announce(
    tx: Prisma.TransactionClient,
    id: string,
    name: string,
    actor: Actor,
    verb: string,
    requestId: string,
    before: Readonly<Record<string, Json>> | null = null,
  ): Promise<void> {
    const object = { kind: 'environment', id, name };
    return recordActivity(tx, { actor, verb, object, before, requestId }, eventsOf(id));
  }
}

async function locked(tx: Prisma.TransactionClient, environmentId: string) {
  await tx.$queryRaw`SELECT 1 FROM environment WHERE id = ${environmentId} FOR UPDATE`;
  const row = await tx.environment.findFirst({ where: { id: environmentId, removedAt: null } });
  if (row === null) throw new DomainError('NOT_FOUND', { kind: 'environment', id: environmentId });
  return row;
}

interface ActiveCycle {
  readonly id: string;
  readonly cluster: string;
  readonly state: string;
  readonly isUnderWay: boolean;
}

/** Locks them, so that no worker takes one up before the transaction ends. */
async function activeCycles(tx: Prisma.TransactionClient, environmentId: string): Promise<readonly ActiveCycle[]> {
  return tx.$queryRaw<ActiveCycle[]>`
    SELECT cycle.id, cluster.name AS cluster, cycle.state,
      cycle.state <> 'paused' AND (cycle.state <> 'approved' OR started_at IS NOT NULL OR lease_owner IS NOT NULL)
        AS "isUnderWay"
    FROM cycle JOIN cluster ON cluster.id = cycle.cluster_id
    WHERE cycle.environment_id = ${environmentId} AND cycle.state = ANY(${[...ACTIVE_STATES]})
    ORDER BY cluster.name FOR UPDATE OF cycle`;
}

function cyclesIn(cycles: readonly ActiveCycle[]): string {
  const [first] = cycles;
  if (cycles.length === 1 && first !== undefined) return `a cycle of ${first.cluster} is ${first.state}`;
  return `${cycles.length} cycles are active, of ${someOf(cycles.map(({ cluster }) => cluster))}`;
}

function someOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function inTheWay(environmentId: string, message: string): DomainError {
  return new DomainError('CONFLICT', { kind: 'environment', id: environmentId, message });
}

/** How many names a message gives. */
const NAMED = 5;

/** Ends the lease of the worker that reads it: if one goes on, it reads with what is set now. */
const LEFT_ALONE = { leaseOwner: null, leaseUntil: null, fence: { increment: 1 } };

/** What a cycle has begun somewhere it could not go on with elsewhere. */
async function refuseWhileCycling(tx: Prisma.TransactionClient, environmentId: string): Promise<void> {
  const active = await activeCycles(tx, environmentId);
  if (active.length > 0) throw inTheWay(environmentId, `${cyclesIn(active)}; change the settings when it has ended`);
}

/** Workers look for work when `cycles` moves: a place may be free now. */
function eventsOf(environmentId: string) {
  return ['environments', `environment:${environmentId}`, 'cycles', 'plans'].map((stream) =>
    changed(stream, 'environment'),
  );
}

function shown(environment: EnvironmentSettings, keys: readonly (keyof EnvironmentSettings)[]) {
  return Object.fromEntries(keys.map((key) => [key, environment[key]]));
}

function column(settings: Json): Prisma.InputJsonValue {
  return settings as Prisma.InputJsonValue;
}
