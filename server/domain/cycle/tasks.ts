import type { Cluster, Instance } from '../cluster/cluster.ts';
import type { CyclePolicy } from './policy.ts';
import { planStep, type Step } from './step.ts';
import type { Task, TaskConfig, WaitState } from './task.ts';

export type { Task, TaskConfig } from './task.ts';

/**
 * The next step that cycles the cluster towards its configuration and the target size. An empty list means that nothing is left to do.
 * With the policy `{}` the answer is the reference's; a policy only ever holds something back, and then the last task may be a `hold`.
 * Throws INVALID_TASK_CONFIG. Source: segmentio/cycle `Tasks`.
 */
export function tasks(cluster: Cluster, config: TaskConfig, policy: CyclePolicy, now: number): Task[] {
  return tasksOf(cluster, planStep(cluster, config, policy, now));
}

/** Writes a step down. */
export function tasksOf(cluster: Cluster, { survey, start, drain, hold }: Step): Task[] {
  const list: Task[] = [];
  if (start > 0) list.push({ kind: 'start', clusterId: cluster.id, count: start });
  if (drain.length > 0) list.push({ kind: 'drain', instanceIds: idsOf(drain) });
  if (survey.terminate.length > 0) list.push({ kind: 'terminate', instanceIds: survey.terminate });
  pushWait(list, 'drained', survey.waitDrained);
  pushWait(list, 'started', survey.waitStarted);
  pushWait(list, 'terminated', survey.waitTerminated);
  if (hold !== null)
    list.push({ kind: 'hold', reason: hold.reason, instanceIds: idsOf(hold.instances), until: hold.until });
  return list;
}

function pushWait(list: Task[], state: WaitState, instanceIds: readonly string[]): void {
  if (instanceIds.length > 0) list.push({ kind: 'wait', state, instanceIds });
}

export function idsOf(instances: readonly Instance[]): readonly string[] {
  return instances.map((instance) => instance.id);
}
