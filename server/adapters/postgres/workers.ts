import type { WatchedPlugins } from '../../contract/environment.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

/** A worker that was not seen for this long is taken to be gone. */
export const SEEN_LIMIT_MS = 30_000;

export interface WorkerIdentity {
  readonly id: string;
  readonly hostId: string;
  readonly hostName: string;
  readonly version: string;
  /** What is in the plugins directory that it watches; null: it watches none, or has not read it yet. */
  readonly plugins?: WatchedPlugins | null;
}

export async function workerSeen(db: PrismaClient, worker: WorkerIdentity): Promise<void> {
  const { id, plugins = null, ...rest } = worker;
  const data = { ...rest, plugins: plugins === null ? Prisma.DbNull : (plugins as unknown as Prisma.InputJsonValue) };
  await db.worker.upsert({ where: { id }, create: { id, ...data }, update: { ...data, seenAt: new Date() } });
  await db.worker.deleteMany({ where: { seenAt: { lt: new Date(Date.now() - 24 * 3_600_000) } } });
}

export async function workerLeft(db: PrismaClient, id: string): Promise<void> {
  await db.worker.deleteMany({ where: { id } });
}

/** Whether a worker that may drive the environment was seen lately. */
export async function isReachable(db: PrismaClient, environmentId: string): Promise<boolean> {
  const environment = await db.environment.findUnique({ where: { id: environmentId }, select: { hostId: true } });
  if (environment === null) return false;
  const worker = await db.worker.findFirst({
    where: {
      seenAt: { gte: new Date(Date.now() - SEEN_LIMIT_MS) },
      ...(environment.hostId === null ? {} : { hostId: environment.hostId }),
    },
  });
  return worker !== null;
}

/** The hosts on which workers were seen lately, each once. */
export async function workerHosts(
  db: PrismaClient,
): Promise<readonly { readonly hostId: string; readonly hostName: string }[]> {
  return db.worker.findMany({
    where: { seenAt: { gte: new Date(Date.now() - SEEN_LIMIT_MS) } },
    distinct: ['hostId'],
    select: { hostId: true, hostName: true },
  });
}
