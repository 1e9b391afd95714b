import type { EnvironmentView } from '../../contract/cluster.ts';
import type { EnvironmentDetails, WatchedPlugins, WorkerHost } from '../../contract/environment.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { cursors } from './event-log.ts';
import type { PrismaClient } from './generated/client.ts';
import { milliseconds } from './rows.ts';
import { SEEN_LIMIT_MS } from './workers.ts';

const TRAFFIC_MS = 60_000;
const FAILURES_SHOWN = 5;
const FAILURES_AGE_MS = 3_600_000;

type Details = Omit<EnvironmentDetails, 'settings' | Exclude<keyof EnvironmentView, 'id'>> & {
  readonly settings: Json;
};

/** How back ends are reached and how that goes. */
export class PostgresEnvironmentQueries {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Of what tells that an environment is another, was read, came or went. */
  async cursors(): Promise<Record<string, string>> {
    const rows = await this.#db.environment.findMany({ where: { removedAt: null }, select: { id: true } });
    return cursors(this.#db, ['environments', ...rows.map(({ id }) => `environment:${id}`)]);
  }

  async details(): Promise<Details[]> {
    const now = Date.now();
    const [rows, traffic] = await Promise.all([
      this.#db.environment.findMany({ where: { removedAt: null } }),
      this.#db.backEndTraffic.groupBy({
        by: ['environmentId'],
        where: { since: { gt: new Date(now - TRAFFIC_MS) } },
        _sum: { calls: true, failures: true, throttled: true },
      }),
    ]);
    return Promise.all(
      rows.map(async ({ id, settings, hostId, syncErrorSince }) => {
        const sums = traffic.find(({ environmentId }) => environmentId === id)?._sum;
        return {
          ...{ id, settings: settings as Json, hostId },
          syncErrorSince: milliseconds(syncErrorSince),
          traffic: { calls: sums?.calls ?? 0, failures: sums?.failures ?? 0, throttled: sums?.throttled ?? 0 },
          failures: await this.#failures(id, now),
        };
      }),
    );
  }

  /** What workers that were seen lately found in the directories that they watch, by host. */
  async plugins(): Promise<(WorkerHost & WatchedPlugins)[]> {
    const rows = await this.#db.worker.findMany({
      where: { seenAt: { gte: new Date(Date.now() - SEEN_LIMIT_MS) } },
      distinct: ['hostId'],
      orderBy: [{ hostId: 'asc' }, { seenAt: 'desc' }],
      select: { hostId: true, hostName: true, plugins: true },
    });
    return rows.flatMap(({ hostId, hostName, plugins }) =>
      plugins === null ? [] : [{ hostId, hostName, ...(plugins as unknown as WatchedPlugins) }],
    );
  }

  async #failures(environmentId: string, now: number): Promise<EnvironmentDetails['failures']> {
    const rows = await this.#db.backEndCall.findMany({
      where: { environmentId, at: { gt: new Date(now - FAILURES_AGE_MS) }, NOT: { result: 'ok' } },
      orderBy: { at: 'desc' },
      take: FAILURES_SHOWN,
      select: { at: true, operation: true, result: true },
    });
    return rows.map(({ at, operation, result }) => ({ at: milliseconds(at), operation, result }));
  }
}
