import { type Ref, useId } from 'react';
import { type CapacityLayer, capacityLayers } from '@/components/chart/capacity-layers';
import { allPoints, type CapacityLimits, type CapacitySeries, sizeOf } from '@/components/chart/capacity-series';
import { ChartPatterns, patternFill } from '@/components/chart/chart-patterns';
import { type Band, stepArea, stepLine } from '@/components/chart/step-path';

const HEIGHT = 72;
const TOP = 4;
const BOTTOM = HEIGHT - 4;

/** Where time lies in a drawing of a width. */
export function miniScale({ from, to }: Pick<CapacitySeries, 'from' | 'to'>, width: number) {
  const span = Math.max(1, to - from);
  return {
    x: (at: number) => ((Math.min(Math.max(at, from), to) - from) / span) * width,
    timeAt: (x: number) => from + (Math.min(Math.max(x, 0), width) / width) * span,
  };
}

interface MiniCapacityPlotProps {
  series: CapacitySeries;
  limits: CapacityLimits;
  forecastEnd: number | null;
  cursor: number | null;
  width: number;
  ref: Ref<SVGSVGElement>;
}

/** The picture alone, without words: what stands around it has them. */
export function MiniCapacityPlot({ series, limits, forecastEnd, cursor, width, ref }: MiniCapacityPlotProps) {
  const drawing = useId();
  const { x } = miniScale(series, width);
  const { floor, target, max } = limits;
  const points = allPoints(series);
  const peak = Math.max(1, max, target, floor, ...points.map(sizeOf));
  const y = (count: number) => BOTTOM - (count / peak) * (BOTTOM - TOP);
  const end = x(series.now);
  const bandsOf = (layer: CapacityLayer): Band[] => {
    const below = capacityLayers.slice(0, capacityLayers.indexOf(layer));
    return points.map((point) => {
      const base = below.reduce((sum, other) => sum + other.value(point), 0);
      return { x: x(point.at), base: y(base), top: y(base + layer.value(point)) };
    });
  };
  const inService = points.map((point) => ({ x: x(point.at), y: y(point.inService) }));
  return (
    <svg
      ref={ref}
      width="100%"
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-hidden="true"
      className="block"
      fill="none"
    >
      <ChartPatterns drawing={drawing} />
      {capacityLayers.map((layer) => {
        const area = stepArea(bandsOf(layer), end);
        return (
          <g key={layer.name}>
            <path d={area} className={layer.fill} />
            {layer.pattern !== null && <path d={area} fill={patternFill(drawing, layer.pattern)} fillOpacity="0.55" />}
            <path d={area} className={layer.edge} strokeWidth="0.75" />
          </g>
        );
      })}
      {forecastEnd !== null && forecastEnd > series.now && (
        <>
          <rect
            x={end}
            y={TOP}
            width={Math.max(0, x(forecastEnd) - end)}
            height={BOTTOM - TOP}
            className="fill-sunken stroke-line"
            strokeWidth="0.75"
          />
          <path d={`M${x(forecastEnd) - 0.75} ${TOP}V${BOTTOM}`} className="stroke-accent" strokeDasharray="3 2" />
        </>
      )}
      <path d={`M0 ${y(max)}H${width}`} className="stroke-ink-2" strokeDasharray="1 3" />
      <path d={`M0 ${y(target)}H${width}`} className="stroke-ink-2" strokeDasharray="6 3" strokeWidth="0.75" />
      <path d={`M0 ${y(floor)}H${width}`} className="stroke-mark-bad" strokeWidth="1.25" />
      <path d={stepLine(inService, end)} className="stroke-ink" strokeWidth="1.25" />
      <path d={`M0 ${BOTTOM}H${width}`} className="stroke-line-strong" />
      <path d={`M${end} 0V${HEIGHT}`} className="stroke-accent" strokeWidth="1.5" />
      {cursor !== null && <path d={`M${x(cursor)} 0V${HEIGHT}`} className="stroke-ink" />}
    </svg>
  );
}
