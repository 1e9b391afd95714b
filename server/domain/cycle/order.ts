import type { Instance, Workload } from '../cluster/cluster.ts';
import type { OrderKey } from './policy.ts';

type RankedKey = Exclude<OrderKey, 'zones'>;
type Rank = (instance: Instance) => number;

/** An instance of unknown age is older than any other, as a zero time is in the reference. */
const RANKS = {
  unhealthy: (instance) => (instance.health === 'unhealthy' ? 0 : 1),
  // What somebody holds goes last: work of the back end's own ends soon, and a session takes its time.
  idle: ({ workloads = [] }) => (workloads.length === 0 ? 0 : isHeld(workloads) ? 2 : 1),
  oldest: (instance) => instance.createdAt ?? Number.NEGATIVE_INFINITY,
} satisfies Record<RankedKey, Rank>;

/**
 * Sorts instances so that those which go first come first; where no key tells two apart they keep their order.
 * With `zones`, a zone that loses fewer of `all` instances already goes before one that loses more.
 */
export function ordered(
  instances: readonly Instance[],
  keys: readonly OrderKey[],
  all: readonly Instance[],
): readonly Instance[] {
  const zones = keys.indexOf('zones');
  const ranks = keys.flatMap((key) => (key === 'zones' ? [] : [key]));
  const matters = whatMatters(instances);
  const sorted = sortBy(instances, ranks, matters);
  return zones >= 0 && matters.zones ? spread(sorted, ranks.slice(0, zones), matters, all) : sorted;
}

/** Which keys can change the present order at all: mostly none, since environments list instances oldest first. */
function whatMatters(instances: readonly Instance[]): Readonly<Record<OrderKey, boolean>> {
  let [unhealthy, idle, oldest, zones] = [false, false, false, false];
  let previous = Number.NEGATIVE_INFINITY;
  for (const { health, workloads, createdAt, zone } of instances) {
    if (health === 'unhealthy') unhealthy = true;
    if (workloads !== undefined && workloads.length > 0) idle = true;
    if (zone !== undefined) zones = true;
    const created = createdAt ?? Number.NEGATIVE_INFINITY;
    if (created < previous) oldest = true;
    previous = created;
  }
  return { unhealthy, idle, oldest, zones };
}

/** A stable sort by several ranks: the last one first. */
function sortBy(
  instances: readonly Instance[],
  keys: readonly RankedKey[],
  matters: Readonly<Record<OrderKey, boolean>>,
): readonly Instance[] {
  return keys.reduceRight((sorted, key) => {
    // A list that is oldest first as it came may not be so any more once a lesser key has sorted it.
    const needed = matters[key] || (key === 'oldest' && sorted !== instances);
    return needed ? sortByRank(sorted, RANKS[key]) : sorted;
  }, instances);
}

/** Packs rank and position into one number each where they fit, so that the sort needs no comparison function. */
function sortByRank(instances: readonly Instance[], rank: Rank): readonly Instance[] {
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

/** Among instances that the keys do not tell apart, takes one zone after the other, the least affected first. */
function spread(
  sorted: readonly Instance[],
  keys: readonly RankedKey[],
  matters: Readonly<Record<OrderKey, boolean>>,
  all: readonly Instance[],
): readonly Instance[] {
  const lost = new Map<string | undefined, number>();
  const lose = ({ zone }: Instance): number => {
    const turn = lost.get(zone) ?? 0;
    lost.set(zone, turn + 1);
    return turn;
  };
  for (const instance of all) if (instance.state !== 'starting' && instance.state !== 'started') lose(instance);
  const turns = new Map(sorted.map((instance) => [instance, lose(instance)]));
  return sortBy(
    sortByRank(sorted, (instance) => turns.get(instance) ?? 0),
    keys,
    { ...matters, oldest: true },
  );
}

/** Whether one of our reservations is among the work of a machine. */
export function isHeld(workloads: readonly Workload[] | undefined): boolean {
  return workloads?.some(({ holder }) => holder !== undefined) ?? false;
}
