import type { TaskConfig } from './task.ts';

/**
 * How a cluster is cycled. Every field is optional; an absent field means unlimited, which is what the
 * reference planner (segmentio/cycle) does. `{}` is therefore exactly the reference.
 */
export interface CyclePolicy {
  /** While anything is outdated, at most this many instances beyond the target may exist. */
  readonly surge?: number;
  /** How many instances below the target may be out of service because of our drains. Bounds drains only. */
  readonly maxUnavailable?: number;
  /** At most this many instances drain at once. */
  readonly batch?: number;
  /** Until this many instances of the new configuration have been in service for `bakeMs`, no more than this many starts and drains are out. */
  readonly canary?: number;
  readonly bakeMs?: number;
  /** Which outdated instance goes first; ties are broken by the next key, at last by cluster order. */
  readonly order?: readonly OrderKey[];
  readonly protect?: ProtectRule;
  /** What happens when a drain lasts longer than `drainTimeoutMs`. Absent: force, as the reference does. */
  readonly onDrainTimeout?: DrainTimeoutRule;
  /** How long an instance is healthy before it counts as in service. */
  readonly minHealthyMs?: number;
}

/** Whether a policy says nothing at all, so that the planner is exactly the reference. */
export function isUnlimited(policy: CyclePolicy): boolean {
  return Object.values(policy).every((value) => value === undefined);
}

export type OrderKey = 'unhealthy' | 'idle' | 'oldest' | 'zones';
export type ProtectRule = 'skip' | 'wait' | 'replace';
export type DrainTimeoutRule = 'pause' | 'skip' | 'force';

/** What the product uses where a cluster stores no policy of its own. `size` is the number of instances. */
export function defaultPolicy(
  config: Pick<TaskConfig, 'targetSize' | 'minSize' | 'maxSize'>,
  size: number,
): CyclePolicy {
  return {
    surge: Math.max(0, config.maxSize - config.targetSize),
    maxUnavailable: Math.max(0, config.targetSize - config.minSize),
    canary: size >= 20 ? Math.ceil(size * 0.05) : 1,
    bakeMs: 5 * 60_000,
    order: ['unhealthy', 'idle', 'oldest', 'zones'],
    protect: 'skip',
    onDrainTimeout: 'pause',
    minHealthyMs: 30_000,
  };
}

export const DEFAULT_DRAIN_TIMEOUT_MS = 15 * 60_000;

/**
 * The least number of instances in service that a drain may leave.
 * `minSize` bounds it from below, `targetSize − maxUnavailable` where the policy says so.
 */
export function floorOf(config: TaskConfig, policy: CyclePolicy): number {
  return policy.maxUnavailable === undefined
    ? config.minSize
    : Math.max(config.minSize, config.targetSize - policy.maxUnavailable);
}
