import type { Knobs } from '../domain/approval/plan.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import type { ClusterRecord } from '../domain/cluster/fleet.ts';
import { type Explanation, explain } from '../domain/cycle/explain.ts';
import { type CyclePolicy, defaultPolicy } from '../domain/cycle/policy.ts';
import type { TaskConfig } from '../domain/cycle/task.ts';

export interface Planning {
  readonly config: TaskConfig;
  readonly policy: CyclePolicy;
}

/** What the cluster stores, completed by the product's defaults. Source of the sizes: segmentio/cycle `cmd/cycle`. */
export function storedPlanning(record: ClusterRecord): Planning & { readonly policySource: 'cluster' | 'default' } {
  const config = storedConfig(record, record.targetSize);
  return {
    config,
    policy: record.policy ?? defaultPolicy(config, config.targetSize),
    policySource: record.policy === null ? 'default' : 'cluster',
  };
}

/** The stored planning with some values supposed instead. A default policy follows the supposed sizes. */
export function supposedPlanning(record: ClusterRecord, knobs: Knobs): Planning {
  const stored = storedConfig(record, knobs.targetSize ?? record.targetSize);
  const config: TaskConfig = {
    targetSize: knobs.targetSize ?? stored.targetSize,
    minSize: knobs.minSize ?? stored.minSize,
    maxSize: knobs.maxSize ?? stored.maxSize,
    drainTimeoutMs: knobs.drainTimeoutMs ?? stored.drainTimeoutMs,
  };
  const base = record.policy ?? defaultPolicy(config, config.targetSize);
  return { config, policy: knobs.policy === undefined ? base : { ...base, ...knobs.policy } };
}

function storedConfig(record: ClusterRecord, targetSize: number): TaskConfig {
  const minSize = Math.max(record.minSize, Math.ceil(0.8 * targetSize));
  const maxSize = Math.min(record.maxSize, Math.max(Math.ceil(1.2 * targetSize), minSize + 1));
  return { targetSize, minSize, maxSize, drainTimeoutMs: record.drainTimeoutMs };
}

/** What the planner makes of it, or nothing at all where the sizes leave it no room: a preview shows such sizes too. */
export function explainPlanning(cluster: Cluster, { config, policy }: Planning, now: number): Explanation | null {
  return config.minSize < config.maxSize ? explain(cluster, config, policy, now) : null;
}
