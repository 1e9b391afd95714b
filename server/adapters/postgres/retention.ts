import type { PrismaClient } from './generated/client.ts';

/** Readers that are further behind read the object again, so old events serve nobody. */
const EVENTS_KEPT_MS = 24 * 3_600_000;
const AT_ONCE = 10_000;

export async function pruneEvents(db: PrismaClient): Promise<void> {
  const before = new Date(Date.now() - EVENTS_KEPT_MS);
  await db.$executeRaw`
    DELETE FROM event WHERE (stream, seq) IN (SELECT stream, seq FROM event WHERE at < ${before} LIMIT ${AT_ONCE})`;
}
