import type { Cluster } from '../cluster/cluster.ts';
import type { Capabilities } from './environment.ts';
import type { CyclePolicy } from './policy.ts';

/** What a cycle may change of a back end for its time: autoscaling of the cluster, protection and openness of an instance. */
export const settingNames = ['autoscaling', 'protection', 'closed'] as const;
export type SettingName = (typeof settingNames)[number];

export interface Setting {
  readonly name: SettingName;
  /** Null for a setting of the cluster. */
  readonly instanceId: string | null;
}

/** Values: autoscaling `active` or `suspended`; protection `none`, `protected` or `standby`; closed `open` or `closed`. */
export interface SettingChange extends Setting {
  readonly value: string;
}

/** One row of the restore ledger that is still to be put back: written before the change. */
export interface RestoreEntry extends Setting {
  /** The value to put back. */
  readonly before: string;
  /** The value that the cycle gives it. */
  readonly during: string;
  /** The last call for it can have no effect after this, epoch milliseconds; past where its answer has come. */
  readonly deadline: number;
  /** When the back end was first seen with `during`; null before. */
  readonly changedAt: number | null;
}

/**
 * What became of an entry. restored: the back end was seen with `before`. gone: with its instance. overtaken: somebody
 * else has given it a third value, which is left.
 */
export type RestoreOutcome = 'restored' | 'gone' | 'overtaken';

/**
 * What a cycle wants changed before it goes on, and the value that each has now: autoscaling suspended, its outdated
 * instances closed to new work, and protection lifted from those that are to leave now (`leaving`), where the policy does
 * not respect it. A setting that was changed once is never changed again: whoever sets it back meanwhile means it.
 */
export function settingsToChange(
  ours: Cluster,
  leaving: readonly string[],
  entries: readonly RestoreEntry[],
  capabilities: Capabilities,
  policy: CyclePolicy,
): readonly (SettingChange & { readonly before: string })[] {
  const going = new Set(leaving);
  const wishes: SettingChange[] = capabilities.suspend
    ? [{ name: 'autoscaling', instanceId: null, value: 'suspended' }]
    : [];
  const lifts = capabilities.unprotect === true && policy.protect !== 'skip' && policy.protect !== 'wait';
  for (const { id, state, config, excluded } of ours.instances) {
    if (excluded !== undefined) continue;
    const staysAwhile = state === 'starting' || state === 'started';
    if (capabilities.close && staysAwhile && config !== ours.config)
      wishes.push({ name: 'closed', instanceId: id, value: 'closed' });
    if (lifts && going.has(id)) wishes.push({ name: 'protection', instanceId: id, value: 'none' });
  }
  const known = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const seen = valuesOf(ours);
  return wishes.flatMap((wish) => {
    const now = seen.get(keyOf(wish));
    if (now === undefined || now === wish.value) return [];
    const entry = known.get(keyOf(wish));
    return entry !== undefined && entry.changedAt !== null ? [] : [{ ...wish, before: entry?.before ?? now }];
  });
}

/**
 * Whether a cycle may order a change now: not while a call for one that was not seen in effect may still land. The
 * answer to a second call would hide that the first one lands later, after everything was put back.
 */
export function mayChange(entries: readonly RestoreEntry[], now: number): boolean {
  return entries.every(({ changedAt, deadline }) => changedAt !== null || deadline < now);
}

/** What a cycle that replaces these instances will set, in words: "suspends autoscaling", "closes 12 to new work". */
export function settingsForeseen(
  cluster: Cluster,
  replaced: readonly string[],
  capabilities: Capabilities,
  policy: CyclePolicy,
): readonly string[] {
  if (replaced.length === 0) return [];
  const changes = settingsToChange(cluster, replaced, [], capabilities, policy);
  const count = (name: SettingName) => changes.filter((change) => change.name === name).length;
  const [closed, lifted] = [count('closed'), count('protection')];
  return [
    ...(count('autoscaling') > 0 ? ['suspends autoscaling'] : []),
    ...(closed > 0 ? [`closes ${closed} to new work`] : []),
    ...(lifted > 0 ? [`lifts the protection of ${lifted}`] : []),
  ];
}

/** Entries whose change is seen in effect for the first time. */
export function newlyChanged(entries: readonly RestoreEntry[], cluster: Cluster): readonly RestoreEntry[] {
  const seen = valuesOf(cluster);
  return entries.filter((entry) => entry.changedAt === null && seen.get(keyOf(entry)) === entry.during);
}

/** What is to be done to put entries back. */
export interface PutBack {
  readonly settled: readonly { readonly entry: RestoreEntry; readonly outcome: RestoreOutcome }[];
  /** To be called for now. */
  readonly changes: readonly RestoreEntry[];
  /** An earlier call for these may still take effect: they are looked at again after its deadline. */
  readonly waiting: readonly RestoreEntry[];
}

export function putBack(entries: readonly RestoreEntry[], cluster: Cluster, now: number): PutBack {
  const settled: { entry: RestoreEntry; outcome: RestoreOutcome }[] = [];
  const changes: RestoreEntry[] = [];
  const waiting: RestoreEntry[] = [];
  const seen = valuesOf(cluster);
  for (const entry of entries) {
    const value = seen.get(keyOf(entry));
    if (value === undefined) settled.push({ entry, outcome: 'gone' });
    else if (entry.deadline >= now) waiting.push(entry);
    else if (value === entry.before) settled.push({ entry, outcome: 'restored' });
    else if (value === entry.during) changes.push(entry);
    else settled.push({ entry, outcome: 'overtaken' });
  }
  return { settled, changes, waiting };
}

function keyOf({ name, instanceId }: Setting): string {
  return `${name} ${instanceId ?? ''}`;
}

/** What the back end shows, by key; nothing for an instance that has gone or is about to. */
function valuesOf(cluster: Cluster): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  if (cluster.autoscaling !== undefined)
    values.set(keyOf({ name: 'autoscaling', instanceId: null }), cluster.autoscaling);
  for (const { id, state, protection, closed } of cluster.instances) {
    if (state === 'terminating') continue;
    values.set(keyOf({ name: 'protection', instanceId: id }), protection ?? 'none');
    if (closed !== undefined) values.set(keyOf({ name: 'closed', instanceId: id }), closed ? 'closed' : 'open');
  }
  return values;
}
