import { needsOf, type Pool } from './pool.ts';
import { compareTurns, type QueuedSession, QueueWalk, type ReserveAhead, type WaitReason } from './queue-walk.ts';

const NAMED_AHEAD = 3;

export interface QueuePlace {
  readonly name: string;
  /** 1 = is asked first. */
  readonly position: number;
  /** The first of those before it that want a pool which it wants too, at most three. */
  readonly ahead: readonly string[];
  /** How many there are of those. */
  readonly aheadCount: number;
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
  const before = new Before();
  return sessions.toSorted(compareTurns).map((session, index) => {
    const { name } = session;
    const position = index + 1;
    return { name, position, ...before.add({ name, position }, [...needsOf(session).keys()]), ...walk.next(session) };
  });
}

interface Placed {
  readonly name: string;
  readonly position: number;
}

/** Those that want the same pools. */
interface Group {
  count: number;
  readonly first: Placed[];
}

/** Whoever went before, in groups: there are few of them, however many wait, so each that comes is placed at once. */
class Before {
  readonly #groups = new Map<string, Group>();
  readonly #ofPool = new Map<string, Group[]>();

  /** Answers who is ahead of it. */
  add(session: Placed, pools: readonly string[]): Pick<QueuePlace, 'ahead' | 'aheadCount'> {
    const groups = new Set<Group>();
    const first = new Set<Placed>();
    for (const pool of pools) {
      const wanting = this.#ofPool.get(pool) ?? [];
      // In the order of their first: those of any later group are behind three others.
      for (const group of wanting.slice(0, NAMED_AHEAD)) for (const placed of group.first) first.add(placed);
      for (const group of wanting) groups.add(group);
    }
    let aheadCount = 0;
    for (const { count } of groups) aheadCount += count;
    const own = this.#groupOf(pools);
    own.count += 1;
    if (own.first.length < NAMED_AHEAD) own.first.push(session);
    const ahead = [...first].sort((a, b) => a.position - b.position).slice(0, NAMED_AHEAD);
    return { ahead: ahead.map(({ name }) => name), aheadCount };
  }

  #groupOf(pools: readonly string[]): Group {
    const key = JSON.stringify(pools.toSorted());
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group: Group = { count: 0, first: [] };
    this.#groups.set(key, group);
    for (const pool of pools) {
      const wanting = this.#ofPool.get(pool);
      if (wanting === undefined) this.#ofPool.set(pool, [group]);
      else wanting.push(group);
    }
    return group;
  }
}
