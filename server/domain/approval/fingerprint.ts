import type { Cluster } from '../cluster/cluster.ts';
import type { InstanceDecision } from '../cycle/explain.ts';
import type { CyclePolicy } from '../cycle/policy.ts';
import type { TaskConfig } from '../cycle/task.ts';
import { canonical } from '../instance/canonical.ts';

/** Raised whenever the same facts may lead to other decisions, so that plans of an older planner are stale. */
export const PLANNER_VERSION = 1;

/** What an approval is given to. Two equal bases are the same plan, whatever else changed in the fleet. */
export interface PlanBasis {
  readonly plannerVersion: number;
  /** Fingerprints of the configurations that are replaced, sorted. */
  readonly from: readonly string[];
  readonly to: string;
  readonly config: TaskConfig;
  readonly policy: CyclePolicy;
  readonly touched: readonly TouchedInstance[];
}

/** An instance that the plan will drain and terminate. */
export interface TouchedInstance {
  readonly id: string;
  readonly createdAt: number | null;
  readonly config: string;
  readonly decision: 'replace' | 'scale-in';
}

export function planBasis(
  cluster: Cluster,
  config: TaskConfig,
  policy: CyclePolicy,
  decisions: readonly InstanceDecision[],
): PlanBasis {
  const instances = new Map(cluster.instances.map((instance) => [instance.id, instance]));
  const touched = decisions
    .flatMap((decision): TouchedInstance[] => {
      const instance = instances.get(decision.instanceId);
      if (instance === undefined || (decision.kind !== 'replace' && decision.kind !== 'scale-in')) return [];
      const { id, createdAt, config: instanceConfig } = instance;
      return [{ id, createdAt, config: instanceConfig, decision: decision.kind }];
    })
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const from = [...new Set(touched.filter((one) => one.decision === 'replace').map((one) => one.config))].sort();
  return { plannerVersion: PLANNER_VERSION, from, to: cluster.config, config, policy, touched };
}

/** `hash` turns a text into a digest, for instance SHA-256 in hexadecimal. */
export function fingerprint(basis: PlanBasis, hash: (text: string) => string): string {
  return hash(canonical(basis));
}
