import type { PrismaClient } from './generated/client.ts';

/** Readers that are further behind read the object again, so old events serve nobody. */
const EVENTS_KEPT_MS = 24 * 3_600_000;
/** A read that failed changed nothing; what did stays, with the record that it belongs to. */
const FAILED_READS_KEPT_MS = 30 * 24 * 3_600_000;
const AT_ONCE = 10_000;

/** Throws away what serves nobody any more, some of it at each call. `now` is in epoch milliseconds. */
export async function prune(db: PrismaClient, now: number): Promise<void> {
  const events = new Date(now - EVENTS_KEPT_MS);
  await db.$executeRaw`
    DELETE FROM event WHERE (stream, seq) IN (SELECT stream, seq FROM event WHERE at < ${events} LIMIT ${AT_ONCE})`;
  const reads = new Date(now - FAILED_READS_KEPT_MS);
  // What belongs to no cycle: the index of calls begins with that.
  await db.$executeRaw`
    DELETE FROM back_end_call WHERE id IN (
      SELECT id FROM back_end_call
      WHERE cycle_id IS NULL AND token IS NULL AND at < ${reads} ORDER BY at LIMIT ${AT_ONCE})`;
}
