import type { Instance } from '../cluster/cluster.ts';
import { ordered } from '../cycle/order.ts';
import type { CyclePolicy } from '../cycle/policy.ts';
import { isGuarded, isLeftAlone } from '../cycle/survey.ts';
import type { TaskConfig } from '../cycle/task.ts';

/** What an active cycle means to do with the machines of its cluster. */
export interface CycleUnderWay {
  readonly policy: CyclePolicy;
  readonly config: Pick<TaskConfig, 'targetSize' | 'minSize' | 'maxSize'>;
  /** What its plan wants gone and nobody skipped. */
  readonly planned: ReadonlyMap<string, 'replace' | 'scale-in'>;
  /** Whose drain or end it has ordered. */
  readonly ordered: ReadonlySet<string>;
}

/**
 * The machines of a cluster that nobody should get any more: those whose drain or end is ordered, and those that the
 * planner would drain next. As many are next as the policy lets go at once, so that a new holder is not asked to leave
 * with the very next orders; those behind may still be used until their turn comes near.
 */
export function nextToGo(instances: readonly Instance[], cycle: CycleUnderWay): ReadonlySet<string> {
  const { policy, planned } = cycle;
  const candidates = instances.filter(
    (instance) =>
      instance.state === 'started' &&
      planned.has(instance.id) &&
      !cycle.ordered.has(instance.id) &&
      !isLeftAlone(instance, policy) &&
      !isGuarded(instance, policy),
  );
  const inTurn = ordered(candidates, policy.order ?? [], instances);
  // The planner scales in when nothing is left to replace.
  const queue = [
    ...inTurn.filter(({ id }) => planned.get(id) === 'replace'),
    ...inTurn.filter(({ id }) => planned.get(id) === 'scale-in'),
  ];
  return new Set([...cycle.ordered, ...queue.slice(0, atOnce(cycle)).map(({ id }) => id)]);
}

/** How many the planner may take away with its next orders. An absent bound is that of the sizes. */
function atOnce({ policy, config: { targetSize, minSize, maxSize } }: CycleUnderWay): number {
  const surge = policy.surge ?? Math.max(0, maxSize - targetSize);
  const unavailable = policy.maxUnavailable ?? Math.max(0, targetSize - minSize);
  return Math.max(1, policy.batch ?? surge + unavailable);
}
