import type { Cluster } from '../cluster/cluster.ts';
import type { Forecast } from './forecast.ts';
import type { CyclePolicy } from './policy.ts';
import { planStep } from './step.ts';
import type { TaskConfig } from './task.ts';

/** How many canaries must come into service and bake before the rest; 0 where none is asked for, or enough have. */
export function canariesFirst(cluster: Cluster, config: TaskConfig, policy: CyclePolicy, now: number): number {
  const { canary } = planStep(cluster, config, policy, now);
  return canary === null || canary.passed ? 0 : canary.needed;
}

/** When the first instance is started or drained; null where none ever is. A canary begins then. */
export function firstOrderAt({ steps }: Pick<Forecast, 'steps'>): number | null {
  const first = steps.find(({ tasks }) => tasks.some(({ kind }) => kind === 'start' || kind === 'drain'));
  return first?.at ?? null;
}
