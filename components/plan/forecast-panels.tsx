'use client';

import dynamic from 'next/dynamic';
import { useMemo, useState } from 'react';
import type { TimeRange } from '@/components/chart/time-range';
import { ForecastSteps } from '@/components/plan/forecast-steps';
import { forecastTimeline } from '@/components/plan/forecast-timeline';
import type { NamedWaves } from '@/components/plan/waves';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import type { PlanBody } from '@/server/domain/approval/plan';

const CapacityChart = laterPart(
  dynamic(() => import('@/components/chart/capacity-chart').then((module) => module.CapacityChart)),
);

const LANES_TITLE = 'Forecast of each instance';

const Swimlanes = laterPart(
  dynamic(() => import('@/components/chart/swimlanes').then((module) => module.Swimlanes)),
  <Panel title={LANES_TITLE}>
    <div className="h-72" />
  </Panel>,
);

interface ForecastPanelsProps {
  body: PlanBody;
  waves: NamedWaves;
  /** Whether it begins now; a frozen plan began when it was made. */
  live: boolean;
  fileName: string;
}

/** The whole run as it is expected: in numbers and instance by instance, with one cursor over both, and step by step. */
export function ForecastPanels({ body, waves, live, fileName }: ForecastPanelsProps) {
  const { forecast, config, floor, computedAt } = body;
  // Beside the beginning, so that it stays at its place while the knobs are moved.
  const [cursor, setCursor] = useState<number | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [window, setWindow] = useState<TimeRange | null>(null);
  const timeline = useMemo(() => forecastTimeline(body, waves.marks), [body, waves]);
  const at = cursor === null ? null : computedAt + cursor;
  const look = (moment: number | null) => setCursor(moment === null ? null : moment - computedAt);
  return (
    <>
      <CapacityChart
        title="Forecast"
        note={`${forecast.starts} starts, ${forecast.drains} drains, ${waveCount(forecast.waves.length)}`}
        forecast={forecast.points}
        limits={{ floor, target: config.targetSize, max: config.maxSize }}
        waves={waves.marks}
        now={live ? computedAt : undefined}
        cursor={at}
        onCursor={look}
        fileName={fileName}
      />
      {timeline !== null && (
        <Swimlanes
          title={LANES_TITLE}
          note={lanesNote(timeline.lanes.length, body)}
          timeline={timeline}
          cursor={at}
          onCursor={look}
          selected={selected}
          onSelect={setSelected}
          window={window}
          onWindow={setWindow}
          fileName={`${fileName}-lanes`}
        />
      )}
      {forecast.steps.length > 0 && <ForecastSteps body={body} waves={waves} />}
    </>
  );
}

/** "6 lanes; 2 instances are left alone" */
function lanesNote(lanes: number, { cluster, forecast }: PlanBody): string {
  const touched = new Set(forecast.lanes?.map(({ instanceId }) => instanceId));
  const untouched = cluster.instances.filter(({ id }) => !touched.has(id)).length;
  const counted = lanes === 1 ? '1 lane' : `${lanes} lanes`;
  if (untouched === 0) return counted;
  return `${counted}; ${untouched} ${untouched === 1 ? 'instance is' : 'instances are'} left alone`;
}

function waveCount(count: number): string {
  return count === 1 ? '1 wave' : `${count} waves`;
}
