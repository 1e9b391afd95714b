import type { Instance } from '../cluster/cluster.ts';
import type { OrderKey } from './policy.ts';

type Rank = (instance: Instance) => number;

/** An instance of unknown age is older than any other, as a zero time is in the reference. */
const RANKS = {
  unhealthy: (instance) => (instance.health === 'unhealthy' ? 0 : 1),
  idle: (instance) => (instance.workloads === undefined || instance.workloads.length === 0 ? 0 : 1),
  oldest: (instance) => instance.createdAt ?? Number.NEGATIVE_INFINITY,
} satisfies Record<Exclude<OrderKey, 'zones'>, Rank>;

/**
 * Sorts instances so that those which go first come first; where no key tells two apart they keep their order.
 * `leaving` are the instances that are on their way out already: with `zones`, a zone that loses none goes before one that does.
 */
export function ordered(instances: readonly Instance[], keys: readonly OrderKey[], leaving: readonly Instance[]): readonly Instance[] {
  const zones = keys.indexOf('zones');
  const ranks = keys.flatMap((key) => (key === 'zones' ? [] : [RANKS[key]]));
  const sorted = sortBy(instances, ranks);
  if (zones < 0 || !instances.some((instance) => instance.zone !== undefined)) return sorted;
  return spread(sorted, ranks.slice(0, zones), leaving);
}

/** A stable sort by several ranks: the last one first. */
function sortBy(instances: readonly Instance[], ranks: readonly Rank[]): readonly Instance[] {
  return ranks.reduceRight(sortByRank, instances);
}

/**
 * Stable. Environments list instances oldest first and most of a fleet is healthy, so the usual case is that
 * nothing, or next to nothing, is out of order.
 */
function sortByRank(instances: readonly Instance[], rank: Rank): readonly Instance[] {
  let previous = Number.NEGATIVE_INFINITY;
  for (const instance of instances) {
    const value = rank(instance);
    if (value < previous) return sortUnordered(instances, rank);
    previous = value;
  }
  return instances;
}

/** Packs rank and position into one number each where they fit, so that the sort needs no comparison function. */
function sortUnordered(instances: readonly Instance[], rank: Rank): readonly Instance[] {
  const count = instances.length;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (const instance of instances) {
    const value = rank(instance);
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    whole &&= Number.isSafeInteger(value);
  }
  if (!whole || (greatest - least + 1) * count > Number.MAX_SAFE_INTEGER) {
    return instances.toSorted((a, b) => compare(rank(a), rank(b)));
  }
  const packed = new Float64Array(count);
  instances.forEach((instance, position) => {
    packed[position] = (rank(instance) - least) * count + position;
  });
  packed.sort();
  return Array.from(packed, (value) => instances[value % count]).filter((instance) => instance !== undefined);
}

/** Infinities cannot be subtracted. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Among instances that the first ranks do not tell apart, takes one zone after the other, the least affected first. */
function spread(sorted: readonly Instance[], ranks: readonly Rank[], leaving: readonly Instance[]): readonly Instance[] {
  const lost = new Map<string | undefined, number>();
  const lose = ({ zone }: Instance): number => {
    const turn = lost.get(zone) ?? 0;
    lost.set(zone, turn + 1);
    return turn;
  };
  leaving.forEach(lose);
  const turns = new Map(sorted.map((instance) => [instance, lose(instance)]));
  return sortBy(sorted, [...ranks, (instance) => turns.get(instance) ?? 0]);
}
