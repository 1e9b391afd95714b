import type { WaveMark } from '@/components/chart/capacity-plot';
import type { PlanBody } from '@/server/domain/approval/plan';
import { canariesFirst } from '@/server/domain/cycle/canary';

/** What is marked in the forecast, and in which wave each instance goes. */
export interface NamedWaves {
  readonly marks: readonly WaveMark[];
  readonly byInstance: ReadonlyMap<string, string>;
}

/** Names the waves of a forecast. The canary is the first wave where an old one goes before a new one comes. */
export function namedWaves({ cluster, config, policy, forecast, computedAt }: PlanBody): NamedWaves {
  const { waves, steps } = forecast;
  // A forecast without steps may be one of sizes that the planner refuses.
  const hasCanary = steps.length > 0 && canariesFirst(cluster, config, policy, computedAt) > 0;
  const first = hasCanary
    ? steps.find(({ tasks }) => tasks.some(({ kind }) => kind === 'start' || kind === 'drain'))
    : undefined;
  const labels = waves.map((wave, index) => (wave.at === first?.at && index === 0 ? 'canary' : `wave ${index + 1}`));
  const marks = waves.map((wave, index) => ({ at: wave.at, label: labels[index] ?? '' }));
  const canary = first !== undefined && labels[0] !== 'canary' ? [{ at: first.at, label: 'canary' }] : [];
  return {
    marks: [...canary, ...marks],
    byInstance: new Map(
      waves.flatMap((wave, index) => wave.instanceIds.map((id): [string, string] => [id, labels[index] ?? ''])),
    ),
  };
}
