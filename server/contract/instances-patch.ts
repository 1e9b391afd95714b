import { canonical } from '../domain/instance/canonical.ts';
import type { InstanceView } from './cluster.ts';

/** An instance as an observer sees it. Whether it is outdated is for who knows what its cluster declares now. */
export type ObservedInstance = Omit<InstanceView, 'outdated'>;

/** The id, and every value that changed. */
export type InstanceChange = Pick<InstanceView, 'id'> & Partial<ObservedInstance>;

/** What changed of a cluster's instances from one read to another. It holds values, so it may be applied twice. */
export interface InstancesPatch {
  readonly added: readonly ObservedInstance[];
  readonly changed: readonly InstanceChange[];
  readonly gone: readonly string[];
}

/** What names more instances is not told as a patch: reading the view again costs no more. */
export const MAX_PATCHED = 200;

/** What turns one sight of an instance into a later one. */
export function changeOf(before: ObservedInstance, after: ObservedInstance): InstanceChange {
  const change: Writable<InstanceChange> = { id: after.id };
  for (const key of Object.keys(after) as (keyof ObservedInstance)[]) note(key, before, after, change);
  return change;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function note<Key extends keyof ObservedInstance>(
  key: Key,
  before: ObservedInstance,
  after: ObservedInstance,
  change: Writable<InstanceChange>,
): void {
  // The database keeps the keys of JSON in an order of its own.
  if (canonical(before[key]) !== canonical(after[key])) change[key] = after[key];
}

export function patchedCount({ added, changed, gone }: InstancesPatch): number {
  return added.length + changed.length + gone.length;
}

export function concerns({ added, changed, gone }: InstancesPatch, instanceId: string): boolean {
  return gone.includes(instanceId) || [...added, ...changed].some(({ id }) => id === instanceId);
}

/** The one patch that does what these do, one after the other. */
export function mergePatches(first: InstancesPatch, second: InstancesPatch): InstancesPatch {
  const added = new Map(first.added.map((one) => [one.id, one]));
  const changed = new Map(first.changed.map((one) => [one.id, one]));
  const gone = new Set(first.gone);
  for (const id of second.gone) {
    added.delete(id);
    changed.delete(id);
    gone.add(id);
  }
  for (const one of second.added) {
    gone.delete(one.id);
    added.set(one.id, one);
  }
  for (const change of second.changed) {
    const whole = added.get(change.id);
    if (whole !== undefined) added.set(change.id, { ...whole, ...change });
    else changed.set(change.id, { ...changed.get(change.id), ...change });
  }
  return { added: [...added.values()], changed: [...changed.values()], gone: [...gone] };
}
