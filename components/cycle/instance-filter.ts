import type { CycleInstanceView, CycleView } from '../../server/contract/cycle.ts';

export const instanceFilters = ['all', 'in-work', 'waiting', 'done', 'attention'] as const;
export type InstanceFilter = (typeof instanceFilters)[number];

/** Where an instance is on its way through the cycle. */
export function placeOf({
  role,
  state,
  skipped,
  decision,
}: CycleInstanceView): Exclude<InstanceFilter, 'all' | 'attention'> {
  if (skipped !== null || state === 'gone') return 'done';
  if (state !== 'started') return 'in-work';
  return role === 'started' || decision === null ? 'done' : 'waiting';
}

/** Something failed here, or a person has to decide. */
export function needsAttention(instance: CycleInstanceView, reason: CycleView['reason']): boolean {
  return instance.failures.length > 0 || (reason?.instanceIds.includes(instance.instanceId) ?? false);
}

/** Those of the plan in the order of the cluster, then those that the cycle started: a row never moves. */
export function inFixedOrder({ instances, body }: Pick<CycleView, 'instances' | 'body'>): CycleInstanceView[] {
  const place = new Map(body.cluster.instances.map((one, index) => [one.id, index]));
  const key = (one: CycleInstanceView) =>
    one.role === 'planned' ? (place.get(one.instanceId) ?? 0) : Number.POSITIVE_INFINITY;
  return instances.toSorted((a, b) => (key(a) === key(b) ? (a.instanceId < b.instanceId ? -1 : 1) : key(a) - key(b)));
}

/** How many each filter shows. */
export function filterCounts(
  instances: readonly CycleInstanceView[],
  reason: CycleView['reason'],
): Record<InstanceFilter, number> {
  const counts = { all: instances.length, 'in-work': 0, waiting: 0, done: 0, attention: 0 };
  for (const instance of instances) {
    counts[placeOf(instance)] += 1;
    if (needsAttention(instance, reason)) counts.attention += 1;
  }
  return counts;
}
