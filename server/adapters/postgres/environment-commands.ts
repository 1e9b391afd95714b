import type { Actor } from '../../domain/activity/activity.ts';
import { DomainError } from '../../domain/errors.ts';
import { recordActivity } from './activity-log.ts';
import { changed } from './event-log.ts';
import type { PrismaClient } from './generated/client.ts';

interface EnvironmentSettings {
  readonly selfApproval: boolean;
  readonly approvalsNeeded: number;
  /** null: any number at once. */
  readonly maxActiveCycles: number | null;
}

/** What an administrator sets of an environment, with its line of activity and its events in one transaction. */
export class PostgresEnvironmentCommands {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** A limit that is lowered stops no cycle; it holds for those that are to begin. */
  async update(
    { environmentId, ...settings }: Partial<EnvironmentSettings> & { readonly environmentId: string },
    actor: Actor,
    requestId: string,
  ): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM environment WHERE id = ${environmentId} FOR UPDATE`;
      const before = await tx.environment.findUnique({ where: { id: environmentId } });
      if (before === null) throw new DomainError('NOT_FOUND', { kind: 'environment', id: environmentId });
      const after = await tx.environment.update({ where: { id: environmentId }, data: settings });
      const keys = (['selfApproval', 'approvalsNeeded', 'maxActiveCycles'] as const).filter(
        (key) => before[key] !== after[key],
      );
      if (keys.length === 0) return;
      const object = { kind: 'environment', id: environmentId, name: after.name };
      const of = (row: EnvironmentSettings) => Object.fromEntries(keys.map((key) => [key, row[key]]));
      await recordActivity(
        tx,
        { actor, verb: 'changed the settings of', object, before: of(before), after: of(after), requestId },
        // Workers look for work when `cycles` moves: a place may be free now.
        ['environments', `environment:${environmentId}`, 'cycles', 'plans'].map((stream) =>
          changed(stream, 'environment'),
        ),
      );
    });
  }
}
