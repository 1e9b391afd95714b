import type { Pool } from 'pg';

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

  /** Takes cycles that have work to do and no living owner, of environments that this host may drive. */
  claimCycles(hostId: string, limit: number): Promise<Lease[]> {
    return this.#claim(
      `UPDATE cycle SET lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 ms', fence = fence + 1
       WHERE id IN (
         SELECT cycle.id FROM cycle JOIN environment ON environment.id = cycle.environment_id
         WHERE cycle.state IN ('approved', 'running', 'pausing', 'aborting')
           AND (cycle.lease_until IS NULL OR cycle.lease_until < clock_timestamp())
           AND (environment.host_id IS NULL OR environment.host_id = $3)
         ORDER BY cycle.created_at LIMIT $4 FOR UPDATE OF cycle SKIP LOCKED)
       RETURNING id, fence`,
      [this.#owner, this.#ttlMs, hostId, limit],
    );
  }

  claimEnvironments(hostId: string): Promise<Lease[]> {
    return this.#claim(
      `UPDATE environment SET lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 ms', fence = fence + 1
       WHERE id IN (
         SELECT id FROM environment
         WHERE (lease_until IS NULL OR lease_until < clock_timestamp()) AND (host_id IS NULL OR host_id = $3)
         FOR UPDATE SKIP LOCKED)
       RETURNING id, fence`,
      [this.#owner, this.#ttlMs, hostId],
    );
  }

  /** Takes sessions that hold machines and have no living owner, where this host may speak to all of the machines. */
  claimSessions(hostId: string, limit: number): Promise<Lease[]> {
    return this.#claim(
      `UPDATE session SET lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 ms', fence = fence + 1
       WHERE id IN (
         SELECT id FROM session
         WHERE state IN ('accepted', 'provisioning', 'running', 'keeping', 'cleaning')
           AND (lease_until IS NULL OR lease_until < clock_timestamp())
           AND NOT EXISTS (
             SELECT 1 FROM reservation JOIN reservation_machine ON reservation_id = reservation.id
               JOIN environment ON environment.id = environment_id
             WHERE session_id = session.id AND environment.host_id <> $3)
         ORDER BY created_at LIMIT $4 FOR UPDATE SKIP LOCKED)
       RETURNING id, fence`,
      [this.#owner, this.#ttlMs, hostId, limit],
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

  async #claim(sql: string, values: readonly unknown[]): Promise<Lease[]> {
    const { rows } = await this.#pool.query<{ id: string; fence: string }>(sql, [...values]);
    return rows.map((row) => ({ id: row.id, fence: BigInt(row.fence) }));
  }
}
