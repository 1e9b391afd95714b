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
  async create(environment: EnvironmentRecord, actor: Actor, requestId: string): Promise<void> {
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
      await tx.$queryRaw`SELECT 1 FROM environment WHERE id = ${environmentId} FOR UPDATE`;
      const row = await tx.environment.findUnique({ where: { id: environmentId } });
      if (row === null) throw new DomainError('NOT_FOUND', { kind: 'environment', id: environmentId });
      const before = environmentRecord(row);
      if (SET.some((key) => expected[key] !== undefined && canonical(expected[key]) !== canonical(before[key]))) {
        const message = 'somebody has changed it in between';
        throw new DomainError('CONFLICT', { kind: 'environment', id: environmentId, message });
      }
      const { settings, ...limits } = given;
      const isSetAnew = settings !== undefined && canonical(settings) !== canonical(before.settings);
      if (isSetAnew && row.kind !== 'simulator') await refuseWhileCycling(tx, environmentId);
      const data = { ...limits, ...host, ...(isSetAnew ? { settings: column(settings), ...READ_ANEW } : {}) };
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
}

/** Ends the lease of the worker that reads it: the next one reads with what is set now. */
const READ_ANEW = { leaseOwner: null, leaseUntil: null, fence: { increment: 1 } };

/** What a cycle has begun somewhere it could not go on with elsewhere. */
async function refuseWhileCycling(tx: Prisma.TransactionClient, environmentId: string): Promise<void> {
  const active = await tx.cycle.findFirst({ where: { environmentId, state: { in: [...ACTIVE_STATES] } } });
  if (active === null) return;
  const message = `the cycle ${active.id} is active in it: change the settings when it has ended`;
  throw new DomainError('CONFLICT', { kind: 'environment', id: environmentId, message });
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
