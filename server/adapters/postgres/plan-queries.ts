import type { Page } from '../../contract/cluster.ts';
import type { PlaceQueue } from '../../contract/cycle.ts';
import type { PlanRow } from '../../contract/plan.ts';
import type { PlanBody } from '../../domain/approval/plan.ts';
import type { PlanState } from '../../domain/approval/plan-state.ts';
import { ACTIVE_STATES, type CycleState } from '../../domain/cycle/cycle-state.ts';
import { currentSeq, cursors } from './event-log.ts';
import type { PrismaClient } from './generated/client.ts';
import { nextPlace, placesTaken } from './places.ts';
import { isReachable } from './workers.ts';

export class PostgresPlanQueries {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Newest first; the cursor is the last id of the page before. */
  async list({
    clusterId,
    state,
    cursor,
    limit,
  }: {
    clusterId?: string;
    state?: string;
    cursor?: string | null;
    limit: number;
  }): Promise<Page<PlanRow>> {
    const seqs = await cursors(this.#db, ['plans']);
    const where = { clusterId, state };
    const [rows, total] = await Promise.all([
      this.#db.plan.findMany({
        where: { ...where, ...(cursor ? { id: { lt: cursor } } : {}) },
        orderBy: { id: 'desc' },
        take: limit + 1,
        include: { cluster: { select: { name: true, environment: { select: { name: true } } } } },
      }),
      this.#db.plan.count({ where }),
    ]);
    const shown = rows.slice(0, limit);
    const names = await this.names(shown.map((row) => row.authorId));
    return {
      rows: shown.map(
        (row): PlanRow => ({
          id: row.id,
          clusterId: row.clusterId,
          clusterName: row.cluster.name,
          environmentName: row.cluster.environment.name,
          state: row.state as PlanState,
          sentence: (row.body as unknown as PlanBody).sentence,
          authorName: names.get(row.authorId) ?? 'someone who was removed',
          createdAt: row.createdAt.getTime(),
          expiresAt: row.expiresAt.getTime(),
        }),
      ),
      total,
      nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
      cursors: seqs,
    };
  }

  async activeCycle(clusterId: string) {
    const row = await this.#db.cycle.findFirst({
      where: { clusterId, state: { in: [...ACTIVE_STATES] } },
      select: { id: true, state: true },
    });
    return row === null ? null : { id: row.id, state: row.state as CycleState };
  }

  async cycle(cycleId: string) {
    const row = await this.#db.cycle.findUnique({ where: { id: cycleId }, select: { id: true, state: true } });
    return row === null ? null : { id: row.id, state: row.state as CycleState };
  }

  async names(userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const users = await this.#db.user.findMany({
      where: { id: { in: [...userIds] } },
      select: { id: true, name: true },
    });
    return new Map(users.map((user) => [user.id, user.name]));
  }

  reachable(environmentId: string): Promise<boolean> {
    return isReachable(this.#db, environmentId);
  }

  async oldestFacts(clusterIds: readonly string[]): Promise<string[]> {
    const rows = await this.#db.cluster.findMany({
      where: { id: { in: [...clusterIds] }, removedAt: null },
      orderBy: [{ environmentId: 'asc' }, { observedAt: { sort: 'asc', nulls: 'first' } }],
      distinct: ['environmentId'],
      select: { id: true },
    });
    return rows.map((row) => row.id);
  }

  nextPlace(environmentId: string): Promise<PlaceQueue | null> {
    return nextPlace(this.#db, environmentId);
  }

  placesTaken(environmentId: string): Promise<number> {
    return placesTaken(this.#db, environmentId);
  }

  seq(stream: string): Promise<string> {
    return currentSeq(this.#db, stream);
  }
}
