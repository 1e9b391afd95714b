import type { CycleInstanceView, CycleView } from './cycle.ts';
import type { InstanceChange, ObservedInstance } from './instances-patch.ts';
import type { LiveEvent } from './live.ts';

/** The cycle after an event of its cluster's stream; `refetch` where the event does not carry what the view needs. */
export function applyClusterEventToCycle(cycle: CycleView, event: LiveEvent): CycleView | 'refetch' {
  const { patch, observedAt } = event.body;
  if (patch === undefined || observedAt === undefined || cycle.observedAt === null) return 'refetch';
  const gone = new Set(patch.gone);
  // Only the runner knows since when.
  if (cycle.instances.some(({ instanceId, state }) => gone.has(instanceId) && state !== 'gone')) return 'refetch';
  const changes = new Map([...patch.added, ...patch.changed].map((change) => [change.id, change]));
  // What the cycle has set is told with how far the facts are from it.
  const isSetAnew = (change: InstanceChange) => change.protection !== undefined || change.closed !== undefined;
  if (cycle.settings.length > 0 && [...changes.values()].some(isSetAnew)) return 'refetch';
  const added = new Set(patch.added.map(({ id }) => id));
  const instances: CycleInstanceView[] = [];
  for (const instance of cycle.instances) {
    const change = changes.get(instance.instanceId);
    if (change !== undefined && needsReading(instance, change, added.has(change.id))) return 'refetch';
    instances.push(change === undefined ? instance : changedInstance(instance, change));
  }
  return { ...cycle, instances, observedAt, clusterSeq: event.seq };
}

/** A drain's deadline may have been extended, which is no fact; and what was not listed has no values to change. */
function needsReading({ state }: CycleInstanceView, change: InstanceChange, isWhole: boolean): boolean {
  const isDraining = (change.state ?? state) === 'draining';
  const hasNewDeadline = isDraining && (state !== 'draining' || change.updatedAt !== undefined);
  return hasNewDeadline || (state === 'gone' && !isWhole);
}

function changedInstance(before: CycleInstanceView, change: InstanceChange | ObservedInstance): CycleInstanceView {
  const { state = before.state, stateSince = before.stateSince, health = before.health } = change;
  const { version = before.version, workloads = before.blockers } = change;
  const isDraining = state === 'draining';
  return {
    ...before,
    ...{ state, stateSince, health, version },
    drainDeadline: isDraining ? before.drainDeadline : null,
    blockers: isDraining ? workloads : [],
  };
}
