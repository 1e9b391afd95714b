import type { Cluster } from '../cluster/cluster.ts';
import type { CyclePolicy } from './policy.ts';
import { planStep } from './step.ts';
import type { TaskConfig } from './task.ts';

/** How many canaries must come into service and bake before the rest; 0 where none is asked for, or enough have. */
export function canariesFirst(cluster: Cluster, config: TaskConfig, policy: CyclePolicy, now: number): number {
  const { canary } = planStep(cluster, config, policy, now);
  return canary === null || canary.passed ? 0 : canary.needed;
}
