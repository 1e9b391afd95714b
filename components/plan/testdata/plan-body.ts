import type { PlanBody } from '@/server/domain/approval/plan';
import { planBasis } from '@/server/domain/approval/fingerprint';
import type { Cluster, Instance } from '@/server/domain/cluster/cluster';
import { capacity } from '@/server/domain/cycle/capacity';
import { explain } from '@/server/domain/cycle/explain';
import { forecast } from '@/server/domain/cycle/forecast';
import { floorOf } from '@/server/domain/cycle/policy';

const NOW = 1_795_000_000_000;

/** A small cluster with `old` outdated and `current` other instances, and what the planner says of it. */
export function planBody({ old, current }: { old: number; current: number }): PlanBody {
  const size = old + current;
  const cluster: Cluster = {
    id: 'clu_web',
    name: 'web',
    config: 'new',
    minSize: size - 1,
    maxSize: size + 1,
    instances: Array.from({ length: size }, (_, index): Instance => {
      const config = index < old ? 'old' : 'new';
      return { id: `i-${index}`, state: 'started', config, createdAt: NOW - 86_400_000, updatedAt: null };
    }),
  };
  const config = { targetSize: size, minSize: size - 1, maxSize: size + 1, drainTimeoutMs: 60_000 };
  const policy = { surge: 1, maxUnavailable: 0, canary: current > 0 ? 0 : 1, bakeMs: 1_000 };
  const explanation = explain(cluster, config, policy, NOW);
  return {
    cluster,
    environment: { id: 'env_demo', name: 'demo', kind: 'simulator' },
    knobs: {},
    config,
    policy,
    basis: planBasis(cluster, config, policy, explanation.decisions),
    sentence: '',
    checks: [],
    checksMade: 0,
    explanation,
    forecast: forecast(cluster, config, policy, { startMs: [], drainMs: [], terminateMs: [], seed: 1 }, NOW),
    now: capacity(cluster, policy, NOW),
    floor: floorOf(config, policy),
    versions: { old: 1, new: 2 },
    changes: [],
    observedAt: NOW,
    computedAt: NOW,
  };
}
