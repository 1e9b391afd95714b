import type { Pool, PoolClient } from 'pg';
import { PLAN_LIFETIME_MS } from '../../domain/approval/plan-state.ts';
import { HOLDS_PLACE, WAITS_FOR_PLACE } from './places.ts';

/** A row that this process owns until `until`, unless it renews. A later owner always has a higher fence. */
export interface Lease {
  readonly id: string;
  readonly fence: bigint;
}

type LeasedTable = 'cycle' | 'environment' | 'session';

/**
 * Leases on rows of `cycle`, `environment` and `session`, kept with the database's clock. They run on a pool of their own, so
 * that a busy worker renews in time.
 */
export class Leases {
  readonly #pool: Pool;
  readonly #owner: string;
  readonly #ttlMs: number;

  constructor(pool: Pool, owner: string, ttlMs: number) {
    this.#pool = pool;
    this.#owner = owner;
    this.#ttlMs = ttlMs;
  }

  /**
   * Takes cycles that have work to do and no living owner, of enabled environments that this host may drive. Where an environment
   * has a limit, one that has not begun is taken only with a free place, the oldest approval first.
   */
  async claimCycles(hostId: string, limit: number): Promise<Lease[]> {
    const placed = await this.#claimPlaces(hostId, limit);
    const others = await this.#claim(
      'cycle',
      `SELECT cycle.id FROM cycle JOIN environment ON environment.id = cycle.environment_id
       WHERE cycle.state IN ('approved', 'running', 'pausing', 'aborting') AND NOT (${WAITS_FOR_PLACE})
         AND (cycle.lease_until IS NULL OR cycle.lease_until < clock_timestamp())
         AND (environment.host_id IS NULL OR environment.host_id = $3) AND environment.disabled_at IS NULL
       ORDER BY cycle.created_at LIMIT $4 FOR UPDATE OF cycle SKIP LOCKED`,
      [hostId, limit - placed.length],
    );
    const active = [...placed, ...others];
    return [...active, ...(await this.#claimRestoring(hostId, limit - active.length))];
  }

  /** Cycles that have ended with settings not put back, where no next cycle of the cluster may need them as they are. */
  #claimRestoring(hostId: string, limit: number): Promise<Lease[]> {
    return this.#claim(
      'cycle',
      `SELECT cycle.id FROM cycle JOIN environment ON environment.id = cycle.environment_id
       WHERE cycle.id IN (SELECT cycle_id FROM restore_entry WHERE settled_at IS NULL)
         AND cycle.state IN ('aborted', 'completed', 'failed')
         AND (cycle.retry_at IS NULL OR cycle.retry_at < clock_timestamp())
         AND NOT EXISTS (SELECT 1 FROM cycle AS next WHERE next.cluster_id = cycle.cluster_id
           AND next.state IN ('approved', 'running', 'pausing', 'paused', 'aborting'))
         AND (cycle.lease_until IS NULL OR cycle.lease_until < clock_timestamp())
         AND (environment.host_id IS NULL OR environment.host_id = $3) AND environment.disabled_at IS NULL
       ORDER BY cycle.created_at LIMIT $4 FOR UPDATE OF cycle SKIP LOCKED`,
      [hostId, limit],
    );
  }

  claimEnvironments(hostId: string): Promise<Lease[]> {
    return this.#claim(
      'environment',
      `SELECT id FROM environment
       WHERE (lease_until IS NULL OR lease_until < clock_timestamp()) AND (host_id IS NULL OR host_id = $3)
         AND disabled_at IS NULL AND removed_at IS NULL
       FOR UPDATE SKIP LOCKED`,
      [hostId],
    );
  }

  /** Takes sessions that hold machines and have no living owner, where this host may speak to all of the machines. */
  claimSessions(hostId: string, limit: number): Promise<Lease[]> {
    return this.#claim(
      'session',
      `SELECT id FROM session
       WHERE state IN ('accepted', 'provisioning', 'running', 'keeping', 'cleaning')
         AND (lease_until IS NULL OR lease_until < clock_timestamp())
         AND NOT EXISTS (
           SELECT 1 FROM reservation JOIN reservation_machine ON reservation_id = reservation.id
             JOIN environment ON environment.id = environment_id
           WHERE session_id = session.id AND environment.host_id <> $3)
       ORDER BY created_at LIMIT $4 FOR UPDATE SKIP LOCKED`,
      [hostId, limit],
    );
  }

  /** Renews these leases; what is not among the answers is lost. */
  async renew(table: LeasedTable, held: readonly Lease[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `UPDATE ${table} SET lease_until = clock_timestamp() + $2 * interval '1 ms'
       FROM unnest($3::text[], $4::bigint[]) AS held(id, fence)
       WHERE ${table}.id = held.id AND ${table}.fence = held.fence AND lease_owner = $1
         AND lease_until > clock_timestamp()
       RETURNING ${table}.id`,
      [this.#owner, this.#ttlMs, held.map((one) => one.id), held.map((one) => String(one.fence))],
    );
    return new Set(rows.map((row) => row.id));
  }

  async release(table: LeasedTable, lease: Lease): Promise<void> {
    await this.#pool.query(
      `UPDATE ${table} SET lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2 AND fence = $3`,
      [lease.id, this.#owner, String(lease.fence)],
    );
  }

  /** Gives free places to those that wait for one. The time that others wait is not counted against their plans. */
  async #claimPlaces(hostId: string, limit: number): Promise<Lease[]> {
    const { rows: waiting } = await this.#pool.query<{ id: string; free: boolean }>(
      `SELECT environment.id, max_active_cycles > (
          SELECT count(*) FROM cycle AS other WHERE other.environment_id = environment.id AND ${HOLDS_PLACE}) AS free
       FROM environment
       WHERE (host_id IS NULL OR host_id = $1) AND disabled_at IS NULL
         AND EXISTS (SELECT 1 FROM cycle WHERE environment_id = environment.id AND ${WAITS_FOR_PLACE})
       ORDER BY environment.id`,
      [hostId],
    );
    if (waiting.length === 0) return [];
    const placed: Lease[] = [];
    for (const { id, free } of waiting) {
      if (free) placed.push(...(await this.#givePlaces(id, limit - placed.length)));
    }
    await this.#keepPlansOfWaiting(hostId);
    return placed;
  }

  /** The environment's row stays locked from the count to the claim, so that two workers never give the same place. */
  #givePlaces(environmentId: string, limit: number): Promise<Lease[]> {
    return this.#inTransaction(async (client) => {
      await client.query(`SELECT 1 FROM environment WHERE id = $1 FOR UPDATE`, [environmentId]);
      // A statement of its own: it sees what was committed while the lock was waited for.
      return this.#claim(
        'cycle',
        `SELECT cycle.id FROM cycle JOIN environment ON environment.id = cycle.environment_id
         WHERE environment.id = $3 AND environment.disabled_at IS NULL AND ${WAITS_FOR_PLACE}
         ORDER BY cycle.created_at, cycle.id
         LIMIT greatest(0, least($4, (
           SELECT max_active_cycles - (
             SELECT count(*) FROM cycle AS other WHERE other.environment_id = environment.id AND ${HOLDS_PLACE})
           FROM environment WHERE id = $3)))
         FOR UPDATE OF cycle SKIP LOCKED`,
        [environmentId, limit],
        client,
      );
    });
  }

  /** A plan does not expire while its approved cycle waits for a place: it keeps the time that it had when approved. */
  async #keepPlansOfWaiting(hostId: string): Promise<void> {
    // Written once a minute at most, and never for a plan that is over already.
    await this.#pool.query(
      `UPDATE plan SET expires_at = clock_timestamp() + remaining.time
       FROM (
         SELECT plan_id, $2 * interval '1 ms' - (plan.decided_at - plan.created_at) AS time
         FROM cycle JOIN environment ON environment.id = cycle.environment_id JOIN plan ON plan.id = cycle.plan_id
         WHERE ${WAITS_FOR_PLACE} AND (host_id IS NULL OR host_id = $1)
       ) AS remaining
       WHERE plan.id = remaining.plan_id AND expires_at > clock_timestamp()
         AND expires_at < clock_timestamp() + remaining.time - least(interval '1 min', remaining.time / 2)`,
      [hostId, PLAN_LIFETIME_MS],
    );
  }

  async #inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let isDone = false;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      isDone = true;
      return result;
    } finally {
      // A connection with a transaction that failed is closed, which rolls it back.
      client.release(!isDone);
    }
  }

  /**
   * Takes the rows that `chosen` gives; its values are $3 and on. They are chosen once and before: as a subquery the
   * planner may carry it out anew for each row, and then more are taken than its LIMIT allows.
   */
  async #claim(
    table: LeasedTable,
    chosen: string,
    values: readonly unknown[],
    connection: Pool | PoolClient = this.#pool,
  ): Promise<Lease[]> {
    const { rows } = await connection.query<{ id: string; fence: string }>(
      `WITH chosen AS MATERIALIZED (${chosen})
       UPDATE ${table} SET lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 ms', fence = fence + 1
       FROM chosen WHERE ${table}.id = chosen.id RETURNING ${table}.id, fence`,
      [this.#owner, this.#ttlMs, ...values],
    );
    return rows.map(({ id, fence }) => ({ id, fence: BigInt(fence) }));
  }
}
