import type { Cluster } from '../cluster/cluster.ts';
import { inService } from './in-service.ts';
import type { CyclePolicy } from './policy.ts';

/** A cluster counted at one moment. The seven counts add up to the size; `inService` is the subset that counts for the floor. */
export interface CapacityPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Started and not unhealthy, of the current configuration. */
  readonly startedNew: number;
  /** Started and not unhealthy, outdated. */
  readonly startedOld: number;
  /** Started and unhealthy, whatever the configuration. */
  readonly unhealthy: number;
  readonly starting: number;
  readonly draining: number;
  readonly drained: number;
  readonly terminating: number;
  readonly inService: number;
}

/** Counts a cluster. */
export function capacity(cluster: Cluster, policy: CyclePolicy, now: number): CapacityPoint {
  const point = {
    at: now,
    startedNew: 0,
    startedOld: 0,
    unhealthy: 0,
    starting: 0,
    draining: 0,
    drained: 0,
    terminating: 0,
    inService: 0,
  };
  for (const instance of cluster.instances) {
    if (instance.state !== 'started') point[instance.state] += 1;
    else if (instance.health === 'unhealthy') point.unhealthy += 1;
    else if (instance.config === cluster.config) point.startedNew += 1;
    else point.startedOld += 1;
    if (inService(instance, policy, now)) point.inService += 1;
  }
  return point;
}
