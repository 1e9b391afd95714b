import { setTimeout as delay } from 'node:timers/promises';
import { CHANNEL } from './event-log.ts';
import type { PrismaClient } from './generated/client.ts';

/** How long a preview waits for fresh facts. */
const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;

/** Tells the worker that observes the environment to read it now. */
export async function requestRefresh(db: PrismaClient, environmentId: string): Promise<void> {
  await db.$queryRaw`SELECT pg_notify(${CHANNEL}, ${`refresh:${environmentId}`})::text`;
}

/** Asks for a read and waits until the cluster's facts are not older than `notOlderThan`, or it takes too long. */
export async function refreshCluster(
  db: PrismaClient,
  environmentId: string,
  clusterId: string,
  notOlderThan: number,
  signal: AbortSignal,
): Promise<void> {
  await requestRefresh(db, environmentId);
  const until = Date.now() + WAIT_MS;
  while (Date.now() < until && !signal.aborted) {
    const row = await db.cluster.findUnique({ where: { id: clusterId }, select: { observedAt: true } });
    if (row?.observedAt != null && row.observedAt.getTime() >= notOlderThan) return;
    await delay(LOOK_EVERY_MS);
  }
}
