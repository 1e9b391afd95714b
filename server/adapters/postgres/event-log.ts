import type { Cursors, LiveEvent, LiveEventBody, LiveEventKind } from '../../contract/live.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';

/** The channel whose notifications carry a stream's name. */
export const CHANNEL = 'roundhouse';

/** The client itself, or the client of an open transaction. */
export type Database = PrismaClient | Prisma.TransactionClient;

/** What is appended to one stream. */
export interface NewEvent {
  readonly stream: string;
  readonly kind: LiveEventKind;
  readonly body: LiveEventBody;
}

/** That what a stream is about has changed, and what of it. */
export function changed(stream: string, what: string): NewEvent {
  return { stream, kind: 'changed', body: { what } };
}

/**
 * Appends at most one event to each of some streams; the listeners are told when the transaction commits.
 *
 * It locks the streams' rows, in the order of their names, until the transaction ends, so that the events of a stream
 * commit in the order of their numbers. Call it once, and last in the transaction: others wait for these rows.
 */
export async function appendEvents(tx: Database, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.$queryRaw`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as given(stream text, kind text, body jsonb)
    ), next as (
      insert into event_stream (name, seq) select stream, 1 from given order by stream
      on conflict (name) do update set seq = event_stream.seq + 1
      returning name, seq
    ), appended as (
      insert into event (stream, seq, kind, body, at)
      select given.stream, next.seq, given.kind, given.body, clock_timestamp()
      from given join next on next.name = given.stream
      returning stream
    )
    select pg_notify(${CHANNEL}, stream)::text as told from appended`;
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

/** Reads what `appendEvents` wrote. */
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
