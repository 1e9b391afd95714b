'use client';

import { CapacityChart } from '@/components/chart/capacity-chart';
import { remainingForecast, shiftForecast } from '@/components/cycle/deviation';
import { waveMarks } from '@/components/cycle/wave-marks';
import { useClock } from '@/components/ui/clock';
import type { CycleView } from '@/server/contract/cycle';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

/** Capacity as it was, and as it was approved to be. */
export function CycleCapacity({ cycle }: { cycle: CycleView }) {
  const { body, samples, startedAt, endedAt, state, intents } = cycle;
  const first = samples[0]?.at ?? cycle.createdAt;
  // Longer runs are drawn again less often: a second is then less than a pixel.
  const now = useClock((at) => {
    const until = endedAt ?? at;
    const step = Math.max(1_000, Math.floor((until - first) / 600));
    return Math.floor(until / step) * step;
  });
  const { floor, config, forecast, policy } = body;
  const approved = startedAt === null ? [] : shiftForecast(forecast.points, startedAt);
  const goesOn = state === 'running' && startedAt !== null;
  return (
    <CapacityChart
      title="Capacity"
      note={endedAt === null ? 'against the approved forecast' : 'as it was, against the approved forecast'}
      past={samples}
      forecast={goesOn ? remainingForecast(forecast, samples, startedAt, now) : []}
      approved={approved}
      limits={{ floor, target: config.targetSize, max: config.maxSize }}
      waves={waveMarks(intents, policy.canary !== undefined && policy.canary > 0)}
      now={isActive(state) ? Math.max(now, samples.at(-1)?.at ?? now) : undefined}
      fileName={`${cycle.id}-capacity`}
    />
  );
}
