import type { Task } from './task.ts';

/**
 * What becomes of one instance.
 * replace: outdated, will be drained and terminated. scale-in: current, but beyond the target.
 * finish: it already leaves (draining, drained or terminating) and will be seen off.
 * wait: outdated, but something must pass first that this plan does not bring about (protection, rule `wait`).
 * skip: outdated, but left alone (protected, standby, skipped, not ours). keep: current, or starting.
 */
export type DecisionKind = 'replace' | 'scale-in' | 'finish' | 'wait' | 'skip' | 'keep';

export interface InstanceDecision {
  readonly instanceId: string;
  readonly kind: DecisionKind;
  /** Whether the tasks of this very step touch it. */
  readonly now: boolean;
  readonly reason: string;
}

export interface ExplainedTask {
  readonly task: Task;
  readonly because: string;
}

export interface Explanation {
  /** One for each instance, in cluster order. */
  readonly decisions: readonly InstanceDecision[];
  /** The tasks of this step, in the planner's order, each with its reason. */
  readonly tasks: readonly ExplainedTask[];
  /** What keeps the step from doing more, in words, e.g. "only 8 started and the floor is 8"; null where nothing does. */
  readonly binding: string | null;
}
