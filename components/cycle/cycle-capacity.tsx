'use client';

import dynamic from 'next/dynamic';
import { remainingForecast, shiftForecast } from '@/components/cycle/deviation';
import { usePictureNow } from '@/components/cycle/use-picture-now';
import { waveMarks } from '@/components/cycle/wave-marks';
import { laterPart } from '@/components/ui/later-part';
import type { CycleView } from '@/server/contract/cycle';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

const CapacityChart = laterPart(
  dynamic(() => import('@/components/chart/capacity-chart').then((module) => module.CapacityChart)),
);

interface CycleCapacityProps {
  cycle: CycleView;
  /** The moment that the page shows; null = now. */
  cursor: number | null;
  onCursor: (at: number | null) => void;
}

/** Capacity as it was, and as it was approved to be. */
export function CycleCapacity({ cycle, cursor, onCursor }: CycleCapacityProps) {
  const { body, samples, startedAt, endedAt, state, intents } = cycle;
  const now = usePictureNow(cycle);
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
      cursor={cursor}
      onCursor={onCursor}
      fileName={`${cycle.id}-capacity`}
    />
  );
}
