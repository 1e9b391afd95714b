import type { InstanceView } from '@/server/contract/cluster.ts';

type Condition = (instance: InstanceView, now: number) => boolean;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const FLAGS: Readonly<Record<string, Condition>> = {
  outdated: (instance) => instance.outdated,
  unhealthy: (instance) => instance.health === 'unhealthy',
  unknown: (instance) => instance.health === 'unknown',
  protected: (instance) => instance.protection === 'protected',
  standby: (instance) => instance.protection === 'standby',
  busy: (instance) => instance.workloads.length > 0,
};

/**
 * The instances that meet every part of a filter such as `state:started flag:outdated age:>10d version:37 zone:a web-1`.
 * A word is a part of the id. What cannot be read is a word.
 */
export function filterInstances(
  instances: readonly InstanceView[],
  filter: string,
  now: number,
): readonly InstanceView[] {
  const conditions = filter
    .split(/\s+/)
    .filter((part) => part !== '')
    .map(condition);
  return conditions.length === 0
    ? instances
    : instances.filter((instance) => conditions.every((holds) => holds(instance, now)));
}

function condition(part: string): Condition {
  const [, key = '', value = ''] = /^(\w+):(.+)$/.exec(part) ?? [];
  if (key === 'state') return (instance) => instance.state === value;
  if (key === 'version') return (instance) => String(instance.version) === value;
  if (key === 'zone') return (instance) => instance.zone?.endsWith(value) === true;
  const flag = key === 'flag' ? FLAGS[value] : undefined;
  if (flag !== undefined) return flag;
  const age = key === 'age' ? ageCondition(value) : undefined;
  if (age !== undefined) return age;
  const word = part.toLowerCase();
  return (instance) => instance.id.toLowerCase().includes(word);
}

function ageCondition(value: string): Condition | undefined {
  const [, sign, count, unit = ''] = /^([<>])(\d+)(s|min|m|h|d)$/.exec(value) ?? [];
  const limit = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (Number.isNaN(limit)) return undefined;
  return (instance, now) => {
    const age = now - instance.stateSince;
    return sign === '>' ? age > limit : age < limit;
  };
}

/** `length` characters of each id that tell it from the others: after what all begin with, or else the last ones. */
export function shortIds(ids: readonly string[], length = 4): ReadonlyMap<string, string> {
  const from = sharedStart(ids);
  const heads = new Set(ids.map((id) => id.slice(from, from + length)));
  return new Map(ids.map((id) => [id, heads.size === ids.length ? id.slice(from, from + length) : id.slice(-length)]));
}

/** How many characters all ids begin with, up to a separator. */
function sharedStart(ids: readonly string[]): number {
  const [first = ''] = ids;
  let shared = 0;
  while (shared < first.length && ids.every((id) => id[shared] === first[shared])) shared += 1;
  return first.slice(0, shared).search(/[^-_/.]*$/);
}
