import type { Cluster, Instance } from '../cluster/cluster.ts';
import { inServiceFrom } from './in-service.ts';
import { type CyclePolicy, isUnlimited } from './policy.ts';
import type { TaskConfig } from './task.ts';

/** A cluster sorted by what a step may do with each instance. An instance that is left alone is counted, but in no list. */
export interface Survey {
  readonly size: number;
  readonly started: number;
  readonly inService: number;
  /** Outdated and to be replaced, whatever the state. */
  readonly outdated: number;
  readonly outdatedStarted: readonly Instance[];
  readonly waitStarted: readonly string[];
  readonly waitDrained: readonly string[];
  readonly waitTerminated: readonly string[];
  readonly terminate: readonly string[];
  /** How many of those to be terminated are not drained, but draining for longer than the timeout. */
  readonly forced: number;
  /** Draining for longer than the timeout, where the policy is not to force. */
  readonly overdue: readonly Instance[];
  /** Protected under the rule `wait` where it would be drained or terminated otherwise. */
  readonly guarded: readonly Instance[];
  /** How many drain, those that are overdue or to be forced included. */
  readonly draining: number;
  /** How many are on their way out: draining, drained or terminating. */
  readonly leaving: number;
  readonly leftAlone: number;
  /** Whether an instance that is left alone is starting or terminating, so that things may change by themselves. */
  readonly othersMove: boolean;
}

export function survey(cluster: Cluster, config: TaskConfig, policy: CyclePolicy, now: number): Survey {
  const { drainTimeoutMs } = config;
  const unlimited = isUnlimited(policy);
  const [skips, waits] = [policy.protect === 'skip', policy.protect === 'wait'];
  const force = policy.onDrainTimeout === undefined || policy.onDrainTimeout === 'force';
  const outdatedStarted: Instance[] = [];
  const waitStarted: string[] = [];
  const waitDrained: string[] = [];
  const waitTerminated: string[] = [];
  const terminate: string[] = [];
  const overdue: Instance[] = [];
  const guarded: Instance[] = [];
  let started = 0;
  let serving = 0;
  let outdated = 0;
  let draining = 0;
  let leaving = 0;
  let forced = 0;
  let leftAlone = 0;
  let othersMove = false;

  for (const instance of cluster.instances) {
    const { state } = instance;
    if (state === 'started') {
      started += 1;
      if (unlimited || inServiceFrom(instance, policy) <= now) serving += 1;
    }
    if (instance.excluded !== undefined || (skips && instance.protection !== undefined)) {
      leftAlone += 1;
      othersMove ||= state === 'starting' || state === 'terminating';
      continue;
    }
    const old = instance.config !== cluster.config;
    const guard = waits && instance.protection !== undefined;
    if (old && !guard) outdated += 1;
    if (state !== 'starting' && state !== 'started') leaving += 1;
    switch (state) {
      case 'starting':
        waitStarted.push(instance.id);
        break;
      case 'started':
        if (old) (guard ? guarded : outdatedStarted).push(instance);
        break;
      case 'draining':
        draining += 1;
        if (drainTimeoutMs === 0 || instance.updatedAt === null || now - instance.updatedAt < drainTimeoutMs)
          waitDrained.push(instance.id);
        else if (!force) overdue.push(instance);
        else if (guard) guarded.push(instance);
        else {
          terminate.push(instance.id);
          forced += 1;
        }
        break;
      case 'drained':
        if (guard) guarded.push(instance);
        else terminate.push(instance.id);
        break;
      case 'terminating':
        waitTerminated.push(instance.id);
        break;
    }
  }
  return {
    size: cluster.instances.length,
    started,
    inService: serving,
    outdated,
    outdatedStarted,
    waitStarted,
    waitDrained,
    waitTerminated,
    terminate,
    forced,
    overdue,
    guarded,
    draining,
    leaving,
    leftAlone,
    othersMove,
  };
}

/** Counts as current for every rule, and no task names it. */
export function isLeftAlone(instance: Instance, policy: CyclePolicy): boolean {
  return instance.excluded !== undefined || (policy.protect === 'skip' && instance.protection !== undefined);
}

/** May be neither drained nor terminated until its protection is lifted. */
export function isGuarded(instance: Instance, policy: CyclePolicy): boolean {
  return policy.protect === 'wait' && instance.protection !== undefined;
}
