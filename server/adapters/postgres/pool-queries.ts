import type { PoolParts, PoolSampleView, WaitFigures } from '../../contract/pool.ts';
import { currentSeq, cursors } from './event-log.ts';
import type { PrismaClient } from './generated/client.ts';
import { haveLocalMachines, poolSupplies } from './pool-machines.ts';
import { waitingWishes } from './reservations.ts';

const DAY_MS = 24 * 3_600_000;

/** What a pool is known by besides its machines and its queue. */
export interface PoolRecord {
  readonly paused: { readonly note: string; readonly byName: string; readonly at: number } | null;
  readonly history: readonly PoolSampleView[];
  readonly waits: WaitFigures;
}

interface Usual {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

export class PostgresPoolQueries {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** All that wait, in the order in which they came. */
  waiting() {
    return waitingWishes(this.#db);
  }

  /** Machines and what usually lasts how long, of these pools. */
  async facts(pools: readonly string[]) {
    const [supplies, usualHolds] = await Promise.all([poolSupplies(this.#db, pools), this.#usualHolds(pools)]);
    const clusters = new Set(supplies.flatMap(({ machines }) => machines.map(({ clusterId }) => clusterId)));
    return { supplies, usualHolds, usualStarts: await this.#usualStarts([...clusters]), now: Date.now() };
  }

  /** The machines of these pools, null = of all, whoever waits for them. */
  supplies(pools: readonly string[] | null) {
    return poolSupplies(this.#db, pools);
  }

  haveLocalMachines(pools: readonly string[]) {
    return haveLocalMachines(this.#db, pools);
  }

  /** By name; a pool of which nothing is stored is left out. */
  async records(): Promise<ReadonlyMap<string, PoolRecord>> {
    const [pauses, samples, waits] = await Promise.all([this.#pauses(), this.#samples(), this.#waits()]);
    const names = new Set([...pauses.keys(), ...samples.keys(), ...waits.keys()]);
    return new Map(
      Array.from(names, (name) => [
        name,
        { paused: pauses.get(name) ?? null, history: samples.get(name) ?? [], waits: waits.get(name) ?? NOBODY_WAITED },
      ]),
    );
  }

  seqOf(pool: string): Promise<string> {
    return currentSeq(this.#db, `pool:${pool}`);
  }

  cursors(): Promise<Record<string, string>> {
    return cursors(this.#db, ['pools']);
  }

  async #pauses(): Promise<ReadonlyMap<string, NonNullable<PoolRecord['paused']>>> {
    const rows = await this.#db.pool.findMany({ where: { pausedAt: { not: null } } });
    return new Map(
      rows.map(({ name, pausedAt, pausedBy, pausedNote }) => [
        name,
        { note: pausedNote ?? '', byName: pausedBy ?? '', at: pausedAt?.getTime() ?? 0 },
      ]),
    );
  }

  /** The last sample of each quarter of an hour. */
  async #samples(): Promise<ReadonlyMap<string, readonly PoolSampleView[]>> {
    const rows = await this.#db.$queryRaw<
      { pool: string; at: Date; parts: PoolParts; waiting: number; oldest: number }[]
    >`
      SELECT * FROM (
        SELECT DISTINCT ON (pool, quarter) pool, at, parts, waiting, oldest_wait_ms::float8 AS oldest
        FROM (SELECT *, floor(extract(epoch FROM at) / 900) AS quarter FROM pool_sample
          WHERE at > now() - interval '1 day') AS sample
        ORDER BY pool, quarter, at DESC
      ) AS newest ORDER BY pool, at`;
    const samples = new Map<string, PoolSampleView[]>();
    for (const { pool, at, parts, waiting, oldest } of rows) {
      const before = samples.get(pool) ?? [];
      before.push({ at: at.getTime(), parts, waiting, oldestWaitMs: oldest });
      samples.set(pool, before.slice(-HISTORY_POINTS));
    }
    return samples;
  }

  /** Over those that got machines of a pool in the last day. */
  async #waits(): Promise<ReadonlyMap<string, WaitFigures>> {
    const since = new Date(Date.now() - DAY_MS);
    const rows = await this.#db.$queryRaw<{ pool: string; p50: number; p90: number; samples: number }[]>`
      SELECT pool, percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) AS p50,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY waited) AS p90, count(*)::int AS samples
      FROM (SELECT unnest(pools) AS pool, extract(epoch FROM held_at - requested_at)::float8 * 1000 AS waited
        FROM reservation WHERE held_at > ${since}) AS served
      GROUP BY pool`;
    return new Map(
      rows.map(({ pool, p50, p90, samples }) => [pool, { p50Ms: Math.round(p50), p90Ms: Math.round(p90), samples }]),
    );
  }

  /** How long sessions of the last week held a machine of each pool. */
  async #usualHolds(pools: readonly string[]): Promise<ReadonlyMap<string, Usual>> {
    const rows = await this.#db.$queryRaw<UsualRow[]>`
      SELECT pool AS name, percentile_cont(0.5) WITHIN GROUP (ORDER BY lasted) AS p50,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY lasted) AS p90
      FROM (SELECT pool, extract(epoch FROM released_at - reservation_machine.held_at)::float8 * 1000 AS lasted
        FROM reservation_machine JOIN reservation ON reservation.id = reservation_id
        WHERE kind = 'session' AND pool = ANY(${[...pools]}) AND released_at > now() - interval '7 days') AS held
      GROUP BY pool`;
    return usualOf(rows);
  }

  /** How long the machines of each cluster took to start in the last week. */
  async #usualStarts(clusters: readonly string[]): Promise<ReadonlyMap<string, Usual>> {
    const rows = await this.#db.$queryRaw<UsualRow[]>`
      SELECT cluster_id AS name, percentile_cont(0.5) WITHIN GROUP (ORDER BY lasted) AS p50,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY lasted) AS p90
      FROM (
        SELECT cluster_id, state, lead(state) OVER life AS next,
          extract(epoch FROM lead(at) OVER life - at)::float8 * 1000 AS lasted
        FROM instance_transition WHERE cluster_id = ANY(${[...clusters]}) AND at > now() - interval '7 days'
        WINDOW life AS (PARTITION BY cluster_id, instance_id ORDER BY at, id)
      ) AS moves
      WHERE state = 'starting' AND next = 'started' GROUP BY cluster_id`;
    return usualOf(rows);
  }
}

const HISTORY_POINTS = 96;

const NOBODY_WAITED: WaitFigures = { p50Ms: null, p90Ms: null, samples: 0 };

interface UsualRow {
  readonly name: string;
  readonly p50: number;
  readonly p90: number;
}

function usualOf(rows: readonly UsualRow[]): ReadonlyMap<string, Usual> {
  return new Map(rows.map(({ name, p50, p90 }) => [name, { p50Ms: p50, p90Ms: p90 }]));
}
