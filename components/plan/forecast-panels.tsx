import { CapacityChart } from '@/components/chart/capacity-chart';
import { ForecastSteps } from '@/components/plan/forecast-steps';
import type { NamedWaves } from '@/components/plan/waves';
import type { PlanBody } from '@/server/domain/approval/plan';

interface ForecastPanelsProps {
  body: PlanBody;
  waves: NamedWaves;
  /** Whether it begins now; a frozen plan began when it was made. */
  live: boolean;
  fileName: string;
}

/** The whole run as it is expected: as a picture, and step by step. */
export function ForecastPanels({ body, waves, live, fileName }: ForecastPanelsProps) {
  const { forecast, config, floor } = body;
  return (
    <>
      <CapacityChart
        title="Forecast"
        note={`${forecast.starts} starts, ${forecast.drains} drains, ${waveCount(forecast.waves.length)}`}
        forecast={forecast.points}
        limits={{ floor, target: config.targetSize, max: config.maxSize }}
        waves={waves.marks}
        now={live ? body.computedAt : undefined}
        fileName={fileName}
      />
      {forecast.steps.length > 0 && <ForecastSteps body={body} waves={waves} />}
    </>
  );
}

function waveCount(count: number): string {
  return count === 1 ? '1 wave' : `${count} waves`;
}
