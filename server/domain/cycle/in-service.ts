import type { Instance } from '../cluster/cluster.ts';
import { type CyclePolicy, isUnlimited } from './policy.ts';

/**
 * Whether an instance counts for the floor: started, not known to be other than healthy, and so for `minHealthyMs`.
 * With the unlimited policy every started instance does.
 */
export function inService(instance: Instance, policy: CyclePolicy, now: number): boolean {
  return instance.state === 'started' && inServiceFrom(instance, policy) <= now;
}

/**
 * When a started instance will have been in service for `forMs` if no fact changes;
 * Infinity where only another fact can bring it there.
 */
export function inServiceFrom({ health, healthySince, createdAt }: Instance, policy: CyclePolicy, forMs = 0): number {
  if (health !== undefined && health !== 'healthy' && !isUnlimited(policy)) return Number.POSITIVE_INFINITY;
  const neededMs = (policy.minHealthyMs ?? 0) + forMs;
  // One of unknown age has always been healthy, and where no time is asked for the age does not matter.
  return neededMs === 0 ? Number.NEGATIVE_INFINITY : (healthySince ?? createdAt ?? Number.NEGATIVE_INFINITY) + neededMs;
}
