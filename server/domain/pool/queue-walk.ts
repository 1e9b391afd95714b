import { needsOf, type Pool, type Wanting } from './pool.ts';

export interface QueuedSession extends Wanting {
  /** Higher goes first. Left out = 0. */
  readonly priority?: number;
  /** Since when it waits, epoch milliseconds. Left out: it never holds machines from those behind it. */
  readonly enqueuedAt?: number;
}

/** From when on a waiting session holds machines. Source of the idea: backfilling with reservations, as batch systems do. */
export interface ReserveAhead {
  readonly reserveAheadAfterMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What keeps a session from the machines of one pool. */
export type WaitReason =
  | { readonly kind: 'unknown-pool'; readonly pool: string }
  /** It needs more than the pool has, so it can never run. */
  | { readonly kind: 'never-fits'; readonly pool: string; readonly needs: number; readonly capacity: number }
  | { readonly kind: 'pool-paused'; readonly pool: string }
  | { readonly kind: 'too-few-free'; readonly pool: string; readonly needs: number; readonly free: number }
  /** Enough are free, but sessions ahead hold them; `by` is the first of those. */
  | { readonly kind: 'held-for'; readonly pool: string; readonly by: string };

export interface Turn {
  /** One for each pool that it lacks machines of, in the order of its components; none = it fits now. */
  readonly why: readonly WaitReason[];
  /** It has waited long enough to hold machines from those behind it. */
  readonly holds: boolean;
}

/** Who goes before whom: higher priority first; a stable sort leaves equals in the order in which they came. */
export function compareTurns(a: QueuedSession, b: QueuedSession): number {
  return (b.priority ?? 0) - (a.priority ?? 0);
}

/**
 * Goes down a queue once, in its order, and says of each session whether it may have its machines now.
 *
 * The rule: a session that waits, has done so for `reserveAheadAfterMs`, and could run once machines are released, holds
 * in each of its pools as many machines as it needs there. Nobody behind it gets a machine of such a pool unless all
 * that is held there for those ahead stays free. So what is released adds up until the first holder has enough, and
 * those behind may still use what is left over and the pools that it does not want. A session that no release can help
 * (an unknown or paused pool, too few machines that work) holds nothing: it would keep others out for nothing.
 */
export class QueueWalk {
  readonly #poolOf: (name: string) => Pool | undefined;
  readonly #held = new Map<string, { readonly count: number; readonly by: string }>();
  /** Who waits since then, or longer, has waited long enough. */
  readonly #longSince: number;

  constructor(poolOf: (name: string) => Pool | undefined, reserveAhead: ReserveAhead | null) {
    this.#poolOf = poolOf;
    this.#longSince = reserveAhead ? reserveAhead.now() - reserveAhead.reserveAheadAfterMs : Number.NEGATIVE_INFINITY;
  }

  /** To be called for each session in the queue's order. One that fits is taken to get its machines. */
  next(session: QueuedSession): Turn {
    const needs = needsOf(session);
    const why: WaitReason[] = [];
    for (const [name, count] of needs) {
      const reason = this.#reason(name, count);
      if (reason) why.push(reason);
    }
    const holds = why.length > 0 && this.#mayHold(session, needs);
    if (holds || why.length === 0) this.#hold(session.name, needs);
    return { why, holds };
  }

  #reason(name: string, needs: number): WaitReason | null {
    const pool = this.#poolOf(name);
    if (pool === undefined) return { kind: 'unknown-pool', pool: name };
    if (needs > pool.capacity) return { kind: 'never-fits', pool: name, needs, capacity: pool.capacity };
    if (pool.paused) return { kind: 'pool-paused', pool: name };
    if (needs > pool.available) return { kind: 'too-few-free', pool: name, needs, free: pool.available };
    const held = this.#held.get(name);
    return held && needs > pool.available - held.count ? { kind: 'held-for', pool: name, by: held.by } : null;
  }

  #mayHold({ enqueuedAt }: QueuedSession, needs: ReadonlyMap<string, number>): boolean {
    if (enqueuedAt === undefined || enqueuedAt > this.#longSince) return false;
    for (const [name, count] of needs) {
      const pool = this.#poolOf(name);
      if (pool === undefined || pool.paused || count > pool.capacity - (pool.out ?? 0)) return false;
    }
    return true;
  }

  #hold(by: string, needs: ReadonlyMap<string, number>): void {
    for (const [name, count] of needs) {
      const held = this.#held.get(name);
      this.#held.set(name, { count: count + (held?.count ?? 0), by: held?.by ?? by });
    }
  }
}
