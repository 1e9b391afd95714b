import type { Cluster } from '../domain/cluster/cluster.ts';
import type { PauseReason } from '../domain/cycle/cycle-state.ts';
import type { HoldReason } from '../domain/cycle/task.ts';

export function pauseReason(
  kind: PauseReason['kind'],
  sentence: string,
  next: string,
  instanceIds: readonly string[] = [],
): PauseReason {
  return { kind, sentence, next, instanceIds: [...new Set(instanceIds)] };
}

/** `cluster` tells who holds the instances. */
export function holdReason(reason: HoldReason, instanceIds: readonly string[], cluster: Cluster): PauseReason {
  const ids = instanceIds.slice(0, 3).join(', ');
  switch (reason) {
    case 'drain-timeout':
      return pauseReason(
        'drain-timeout',
        `${ids} did not drain in time.${stillHeld(instanceIds, cluster)}`,
        'Resume to wait as long again, or first extend the drain, force it, or skip the instance.',
        instanceIds,
      );
    case 'canary-unhealthy':
      return pauseReason(
        'canary-unhealthy',
        `The canary ${ids} is unhealthy.`,
        'Look at it; then retry it, resume, or abort.',
        instanceIds,
      );
    case 'protected':
      return pauseReason(
        'protected',
        `${ids} is protected.`,
        'Lift the protection or skip the instance; then resume.',
        instanceIds,
      );
    case 'ceiling':
      return pauseReason(
        'ceiling',
        'There is no room under the ceiling to start another instance.',
        'Abort, and preview with a higher max.',
        instanceIds,
      );
    default:
      return pauseReason(
        'floor',
        'The floor leaves no instance that may be drained.',
        'Bring capacity back and resume; or abort.',
        instanceIds,
      );
  }
}

/** Whom a drain waits for, where that is a session or a person. */
function stillHeld(instanceIds: readonly string[], cluster: Cluster): string {
  const holders = cluster.instances
    .filter(({ id }) => instanceIds.includes(id))
    .flatMap(({ id, workloads = [] }) =>
      workloads.flatMap(({ name, holder }) => (holder === undefined ? [] : [`${id} (${name})`])),
    );
  if (holders.length === 0) return '';
  const more = holders.length > 3 ? ` and ${holders.length - 3} more` : '';
  return ` Still held: ${holders.slice(0, 3).join(', ')}${more}.`;
}
