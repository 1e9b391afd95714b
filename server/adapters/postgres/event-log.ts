import type { Cursors, LiveEvent, LiveEventBody, LiveEventKind } from '../../contract/live.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

/** The channel whose notifications carry a stream's name. */
export const CHANNEL = 'roundhouse';

/** The client itself, or the client of an open transaction. */
export type Database = PrismaClient | Prisma.TransactionClient;

/**
 * Appends one event and returns its sequence number; the listeners are told when the transaction commits.
 *
 * It locks the stream's row until the transaction ends, so the events of a stream commit in the order of their numbers.
 * Call it last in the transaction, and for several streams in the order of their names, so that no two wait for each other.
 */
export async function appendEvent(
  tx: Database,
  stream: string,
  kind: LiveEventKind,
  body: LiveEventBody,
): Promise<string> {
  const rows = await tx.$queryRaw<{ seq: string; told: string }[]>`
    with next as (
      insert into event_stream (name, seq) values (${stream}, 1)
      on conflict (name) do update set seq = event_stream.seq + 1
      returning seq
    ), appended as (
      insert into event (stream, seq, kind, body, at)
      select ${stream}, next.seq, ${kind}, ${JSON.stringify(body)}::jsonb, clock_timestamp() from next
      returning seq
    )
    select appended.seq::text as seq, pg_notify(${CHANNEL}, ${stream})::text as told from appended`;
  const [row] = rows;
  if (row === undefined) throw new Error(`no event was appended to ${stream}`);
  return row.seq;
}

/** The number of the stream's last event; '0' before the first. Read it before the facts that it goes with. */
export async function currentSeq(database: Database, stream: string): Promise<string> {
  const row = await database.eventStream.findUnique({ where: { name: stream } });
  return String(row?.seq ?? 0n);
}

/** The current number of each stream. */
export async function cursors(database: Database, streams: readonly string[]): Promise<Record<string, string>> {
  const rows = await database.eventStream.findMany({ where: { name: { in: [...streams] } } });
  const known = new Map(rows.map((row) => [row.name, String(row.seq)]));
  return Object.fromEntries(streams.map((stream) => [stream, known.get(stream) ?? '0']));
}

/** Reads what `appendEvent` wrote. */
export class PostgresEventLog {
  readonly #database: PrismaClient;

  constructor(database: PrismaClient) {
    this.#database = database;
  }

  current(streams: readonly string[]): Promise<Cursors> {
    return cursors(this.#database, streams);
  }

  /** For each cursor the events after it, in order, at most `limit` of a stream: one statement for all. */
  async after(from: Cursors, limit: number): Promise<readonly LiveEvent[]> {
    const streams = Object.keys(from);
    const rows = await this.#database.$queryRaw<EventRow[]>`
      select event.stream, event.seq::text as seq, event.kind, event.body, event.at
      from unnest(${streams}::text[], ${Object.values(from)}::bigint[]) as cursor (stream, seq)
      cross join lateral (
        select * from event where event.stream = cursor.stream and event.seq > cursor.seq order by event.seq limit ${limit}
      ) as event
      order by event.stream, event.seq`;
    return rows.map(({ at, ...row }) => ({ ...row, at: at.getTime() }));
  }
}

interface EventRow {
  readonly stream: string;
  readonly seq: string;
  readonly kind: LiveEventKind;
  readonly body: LiveEventBody;
  readonly at: Date;
}
