import type { InstanceSort } from '@/components/cluster/cluster-view-search';
import type { InstanceView } from '@/server/contract/cluster.ts';

const STATES: readonly string[] = [
  'starting',
  'started',
  'draining',
  'drained',
  'terminating',
] satisfies readonly InstanceView['state'][];

export function sortInstances(instances: readonly InstanceView[], sort: InstanceSort): readonly InstanceView[] {
  const sorted = [...instances].sort(order(sort));
  return sort.startsWith('-') ? sorted.reverse() : sorted;
}

function order(sort: InstanceSort): (a: InstanceView, b: InstanceView) => number {
  if (sort === 'id' || sort === '-id') return byId;
  if (sort === 'age' || sort === '-age') return (a, b) => a.stateSince - b.stateSince || byId(a, b);
  return (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || byId(a, b);
}

function byId(a: InstanceView, b: InstanceView): number {
  return a.id < b.id ? -1 : 1;
}

export interface Neighbours {
  readonly before: string | null;
  readonly after: string | null;
}

/** The instances before and after one in a list; the first, where it is not in the list. */
export function neighbours(instances: readonly InstanceView[], id: string): Neighbours {
  const at = instances.findIndex((instance) => instance.id === id);
  if (at === -1) return { before: null, after: instances[0]?.id ?? null };
  return { before: instances[at - 1]?.id ?? null, after: instances[at + 1]?.id ?? null };
}

/** The element that opens an instance, which gets the focus back. */
export function linkId(instanceId: string): string {
  return `instance-${instanceId}`;
}
