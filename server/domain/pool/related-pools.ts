import type { Wish } from './supply.ts';

/**
 * These pools, and those that are tied to them: whoever waits for one of them waits for the others too, and so on. What
 * happens in any other pool changes nothing for those who wait for one of these.
 */
export function relatedPools(waiting: readonly Pick<Wish, 'wants'>[], pools: readonly string[]): ReadonlySet<string> {
  const wishesOf = new Map<string, Pick<Wish, 'wants'>[]>();
  for (const wish of waiting) {
    for (const pool of new Set(wish.wants.map((want) => want.pool))) {
      const before = wishesOf.get(pool);
      if (before === undefined) wishesOf.set(pool, [wish]);
      else before.push(wish);
    }
  }
  const related = new Set(pools);
  // What is added while it is gone through is gone through as well.
  for (const name of related) {
    for (const { wants } of wishesOf.get(name) ?? []) for (const { pool } of wants) related.add(pool);
  }
  return related;
}
