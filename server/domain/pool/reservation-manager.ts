import { DomainError } from '../errors.ts';
import { compareBytewise } from './bytewise.ts';
import { needsOf, type Pool, type Wanting } from './pool.ts';

/** Changed in place: copies would cost most of a reservation. */
interface Counted extends Pool {
  available: number;
}

/**
 * Counts the machines of pools: who may have some, and what is left. What a call costs depends on the components of the
 * session and not on the number of pools. Source: grpc/test-infra `orch.ReservationManager`.
 */
export class ReservationManager {
  readonly #pools = new Map<string, Counted>();
  readonly #held = new Map<string, ReadonlyMap<string, number>>();

  /**
   * Adds the pool, or replaces the one of that name: `available` is what is free besides the sessions that hold
   * machines now, and their release adds to it. More available than capacity counts as all available.
   */
  addPool(pool: Pool): void {
    this.#pools.set(pool.name, { ...pool, available: Math.min(pool.available, pool.capacity) });
  }

  /** Sessions that hold machines of it need not be released before. Throws POOL_UNKNOWN. */
  removePool(name: string): void {
    if (!this.#pools.delete(name)) throw unknown(name);
  }

  /**
   * Takes the machines of all components, or none and throws: POOL_UNKNOWN before POOL_CAPACITY (it can never run)
   * before POOL_AVAILABILITY (not now), and within one kind the pool whose name is first bytewise. A session that
   * holds machines already and could have as many again is a CONFLICT: what a name holds is released at once, so
   * nobody may hold twice under one name.
   */
  reserve(session: Wanting): void {
    const needs = needsOf(session);
    this.#check(needs);
    if (this.holds(session.name)) {
      const message = `session ${session.name} holds its machines already`;
      throw new DomainError('CONFLICT', { kind: 'reservation', id: session.name, message }, { message });
    }
    for (const [name, count] of needs) this.#change(name, -count);
    this.#held.set(session.name, needs);
  }

  /** Gives back what the session holds, and does nothing where it holds nothing. Never more available than capacity. */
  release(sessionName: string): void {
    const needs = this.#held.get(sessionName);
    if (needs === undefined) return;
    this.#held.delete(sessionName);
    for (const [name, count] of needs) this.#change(name, count);
  }

  holds(sessionName: string): boolean {
    return this.#held.has(sessionName);
  }

  /** As it is now: the next call may change it. */
  pool(name: string): Pool | undefined {
    return this.#pools.get(name);
  }

  /** Copies, in the order in which the pools were added. */
  pools(): readonly Pool[] {
    return Array.from(this.#pools.values(), (pool) => ({ ...pool }));
  }

  #check(needs: ReadonlyMap<string, number>): void {
    let missing: string | null = null;
    let small: string | null = null;
    let busy = false;
    for (const [name, count] of needs) {
      const pool = this.#pools.get(name);
      if (pool === undefined) missing = first(missing, name);
      else if (count > pool.capacity) small = first(small, name);
      else if (pool.paused || count > pool.available) busy = true;
    }
    if (missing !== null) throw unknown(missing);
    if (small !== null) throw tooSmall(small, needs.get(small) ?? 0, this.#pools.get(small)?.capacity ?? 0);
    if (busy) throw notNow();
  }

  #change(name: string, by: number): void {
    const pool = this.#pools.get(name);
    // The pool may have been removed, or added again with other machines, since the session got its machines.
    if (pool !== undefined) pool.available = Math.min(pool.available + by, pool.capacity);
  }
}

function first(known: string | null, name: string): string {
  return known === null || compareBytewise(name, known) < 0 ? name : known;
}

function unknown(name: string): DomainError {
  const message = `pool '${name}' was referenced, but not added to the availability instance`;
  return new DomainError('POOL_UNKNOWN', { name }, { message });
}

function tooSmall(name: string, requested: number, capacity: number): DomainError {
  const message = `pool ${name} has only ${capacity} machines, but the session required ${requested} machines`;
  return new DomainError('POOL_CAPACITY', { name, requested, capacity }, { message });
}

function notNow(): DomainError {
  // The reference's text, with its spelling.
  const message = 'not enough machines are available to accomodate the reservation';
  return new DomainError('POOL_AVAILABILITY', {}, { message });
}
