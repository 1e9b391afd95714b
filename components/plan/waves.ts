import type { CapacityMark } from '@/components/chart/capacity-series';
import type { PlanBody } from '@/server/domain/approval/plan';
import { canariesFirst, firstOrderAt } from '@/server/domain/cycle/canary';

/** What is marked in the forecast, and in which wave each instance goes. */
export interface NamedWaves {
  readonly marks: readonly CapacityMark[];
  readonly byInstance: ReadonlyMap<string, string>;
}

/** Names the waves of a forecast. The canary is the first wave where an old one goes before a new one comes. */
export function namedWaves({ cluster, config, policy, forecast, computedAt }: PlanBody): NamedWaves {
  const { waves } = forecast;
  // A forecast without steps may be one of sizes that the planner refuses.
  const hasCanary = forecast.steps.length > 0 && canariesFirst(cluster, config, policy, computedAt) > 0;
  const canaryAt = hasCanary ? firstOrderAt(forecast) : null;
  const labels = waves.map((wave, index) => (wave.at === canaryAt && index === 0 ? 'canary' : `wave ${index + 1}`));
  const marks = waves.map((wave, index) => ({ at: wave.at, label: labels[index] ?? '' }));
  const canary = canaryAt !== null && labels[0] !== 'canary' ? [{ at: canaryAt, label: 'canary' }] : [];
  return {
    marks: [...canary, ...marks],
    byInstance: new Map(
      waves.flatMap((wave, index) => wave.instanceIds.map((id): [string, string] => [id, labels[index] ?? ''])),
    ),
  };
}
