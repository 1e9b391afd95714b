import type { ActivityView } from '../../contract/activity.ts';
import type { ActivityEntry } from '../../domain/activity/activity.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { appendEvents, currentSeq, type Database, type NewEvent } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

/**
 * Adds a line to the activity, and tells its readers and those of the other streams that the same thing concerns. Call
 * it last in the transaction that does the thing.
 */
export async function recordActivity(
  tx: Database,
  entry: ActivityEntry,
  events: readonly NewEvent[] = [],
): Promise<void> {
  await tx.activity.create({
    data: {
      actorId: entry.actor.id,
      actorName: entry.actor.name,
      verb: entry.verb,
      objectKind: entry.object.kind,
      objectId: entry.object.id,
      objectName: entry.object.name,
      before: column(entry.before),
      after: column(entry.after),
      requestId: entry.requestId,
    },
  });
  await appendEvents(tx, [{ stream: 'activity', kind: 'changed', body: {} }, ...events]);
}

export interface ActivityQuery {
  readonly q: string;
  readonly objectKind?: string;
  readonly objectId?: string;
  /** Only lines before this one. */
  readonly beforeId: string | null;
  readonly limit: number;
}

export class PostgresActivityLog {
  readonly #database: PrismaClient;

  constructor(database: PrismaClient) {
    this.#database = database;
  }

  seq(): Promise<string> {
    return currentSeq(this.#database, 'activity');
  }

  /** The newest lines first. Each word of `q` has to be in the actor, the verb or the object. */
  async list(query: ActivityQuery): Promise<readonly ActivityView[]> {
    const words = query.q.split(/\s+/).filter((word) => word !== '');
    const rows = await this.#database.activity.findMany({
      where: {
        objectKind: query.objectKind,
        objectId: query.objectId,
        id: query.beforeId === null ? undefined : { lt: BigInt(query.beforeId) },
        AND: words.map(containsWord),
      },
      orderBy: { id: 'desc' },
      take: query.limit,
    });
    return rows.map((row) => ({
      id: String(row.id),
      at: row.at.getTime(),
      actorName: row.actorName,
      verb: row.verb,
      objectKind: row.objectKind,
      objectId: row.objectId,
      objectName: row.objectName,
      before: row.before as Json,
      after: row.after as Json,
      requestId: row.requestId,
    }));
  }
}

function containsWord(word: string): Prisma.ActivityWhereInput {
  const contains = { contains: word, mode: 'insensitive' } as const;
  const columns = ['actorName', 'verb', 'objectKind', 'objectName', 'objectId', 'requestId'] as const;
  return { OR: columns.map((column) => ({ [column]: contains })) };
}

function column(value: Json | undefined): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === undefined || value === null ? Prisma.DbNull : (value as Prisma.InputJsonValue);
}
