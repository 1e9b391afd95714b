import { needsOf, type Pool } from './pool.ts';
import { compareTurns, type QueuedSession, QueueWalk, type ReserveAhead, type WaitReason } from './queue-walk.ts';

export interface QueuePlace {
  readonly name: string;
  /** 1 = is asked first. */
  readonly position: number;
  /** Those before it that want a pool which it wants too, first to last. */
  readonly ahead: readonly string[];
  /** One for each pool that it lacks machines of; none = it gets its machines the next time somebody asks. */
  readonly why: readonly WaitReason[];
  /** It holds machines of its pools as they come free. */
  readonly holds: boolean;
}

/** What a `SessionQueue` of these sessions and pools does next, and why; `sessions` in the order in which they came. */
export function explainQueue(
  sessions: readonly QueuedSession[],
  pools: readonly Pool[],
  reserveAhead: ReserveAhead | null = null,
): readonly QueuePlace[] {
  const byName = new Map(pools.map((pool) => [pool.name, pool]));
  const walk = new QueueWalk((name) => byName.get(name), reserveAhead);
  const before: { readonly name: string; readonly needs: ReadonlyMap<string, number> }[] = [];
  return sessions.toSorted(compareTurns).map((session) => {
    const { name } = session;
    const needs = needsOf(session);
    const ahead = before.filter((other) => sharesPool(needs, other.needs)).map((other) => other.name);
    before.push({ name, needs });
    return { name, position: before.length, ahead, ...walk.next(session) };
  });
}

function sharesPool(needs: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): boolean {
  for (const pool of needs.keys()) if (others.has(pool)) return true;
  return false;
}
