'use client';

import { useMemo } from 'react';
import { CapacityChart } from '@/components/chart/capacity-chart';
import type { ComparedPlan } from '@/components/plan/plan-comparison';
import { namedWaves } from '@/components/plan/waves';

interface ComparedForecastProps {
  plan: ComparedPlan;
  /** How long the picture is at least, in milliseconds. */
  spanMs: number;
}

/** The capacity that one of two compared plans would leave over time. */
export function ComparedForecast({ plan: { name, body, fileName, live }, spanMs }: ComparedForecastProps) {
  const { forecast, config, floor } = body;
  const waves = useMemo(() => namedWaves(body), [body]);
  return (
    <CapacityChart
      title={`Forecast, ${name}`}
      forecast={forecast.points}
      limits={{ floor, target: config.targetSize, max: config.maxSize }}
      waves={waves.marks}
      now={live ? body.computedAt : undefined}
      spanMs={spanMs}
      fileName={`${fileName}-forecast`}
    />
  );
}
