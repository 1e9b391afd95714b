'use client';

import { scaleLinear, scaleUtc } from 'd3-scale';
import { type Ref, useId } from 'react';
import { ChartPatterns, patternFill } from '@/components/chart/chart-patterns';
import { capacityOf, poolLayers } from '@/components/chart/pool-history';
import { stepArea, stepLine } from '@/components/chart/step-path';
import { timeTicks } from '@/components/chart/time-ticks';
import { formatDuration } from '@/components/ui/duration';
import { formatMinute } from '@/components/ui/zoned-time';
import type { PoolSampleView } from '@/server/contract/pool';

const USE = { top: 22, ground: 122 };
const WAIT = { top: 156, ground: 206 };
const AXIS = 206;
const HEIGHT = 230;

interface PoolHistoryPlotProps {
  samples: readonly PoolSampleView[];
  from: number;
  to: number;
  /** The moment looked at, or null. */
  cursor: number | null;
  zone: string;
  width: number;
  ref: Ref<SVGSVGElement>;
}

export function historyScale(from: number, to: number, width: number) {
  return scaleUtc()
    .domain([from, to])
    .range([width < 480 ? 22 : 36, width - 8])
    .clamp(true);
}

/** The use and the oldest wait, one above the other on one time. It has no words for screen readers: what is around it has. */
export function PoolHistoryPlot({ samples, from, to, cursor, zone, width, ref }: PoolHistoryPlotProps) {
  const drawing = useId();
  const x = historyScale(from, to, width);
  const [left = 0, right = width] = x.range();
  const most = Math.max(1, ...samples.map(({ parts }) => capacityOf(parts)));
  const longest = Math.max(60_000, ...samples.map(({ oldestWaitMs }) => oldestWaitMs));
  const machines = scaleLinear().domain([0, most]).range([USE.ground, USE.top]);
  const wait = scaleLinear().domain([0, longest]).range([WAIT.ground, WAIT.top]);
  const waitBands = samples.map((one) => ({ x: x(one.at), base: WAIT.ground, top: wait(one.oldestWaitMs) }));
  const capacity = samples.map((one) => ({ x: x(one.at), y: machines(capacityOf(one.parts)) }));
  return (
    <svg
      ref={ref}
      width="100%"
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-hidden="true"
      className="block font-sans text-11 [&_text]:fill-ink-2"
      fill="none"
    >
      <ChartPatterns drawing={drawing} />
      <text x={left} y={USE.top - 9}>
        machines
      </text>
      {machines
        .ticks(4)
        .filter(Number.isInteger)
        .map((value) => (
          <g key={value}>
            <path d={`M${left} ${machines(value)}H${right}`} className="stroke-line" />
            <text x={left - 6} y={machines(value) + 4} textAnchor="end" className="fill-ink-3!">
              {value}
            </text>
          </g>
        ))}
      {poolLayers.map((layer, index) => {
        const bands = samples.map(({ at, parts }) => {
          const base = poolLayers.slice(0, index).reduce((sum, below) => sum + below.value(parts), 0);
          return { x: x(at), base: machines(base), top: machines(base + layer.value(parts)) };
        });
        const area = stepArea(bands, right);
        return (
          <g key={layer.name}>
            <path d={area} className={layer.fill} />
            {layer.pattern !== null && <path d={area} fill={patternFill(drawing, layer.pattern)} fillOpacity="0.55" />}
            <path d={area} className={layer.edge} />
          </g>
        );
      })}
      <path d={stepLine(capacity, right)} className="stroke-ink" strokeWidth="1.5" />
      <text x={left} y={WAIT.top - 9}>
        oldest wait
      </text>
      <path d={`M${left} ${WAIT.top}H${right}`} className="stroke-line" />
      <text x={right} y={WAIT.top - 4} textAnchor="end" className="fill-ink-3!">
        {formatDuration(longest)}
      </text>
      <path d={stepArea(waitBands, right)} className="fill-fill-draining stroke-mark-draining" />
      <path d={`M${left} ${AXIS}H${right}`} className="stroke-line-strong" />
      {timeTicks(from, to, Math.max(2, Math.floor((right - left) / 84)), zone).map(({ at, label }) => (
        <g key={at}>
          <path d={`M${x(at)} ${AXIS}v4`} className="stroke-line-strong" />
          <text x={x(at)} y={AXIS + 17} textAnchor="middle" className="fill-ink-3!">
            {label}
          </text>
        </g>
      ))}
      {cursor !== null && (
        <>
          <path d={`M${x(cursor)} ${USE.top - 4}V${AXIS}`} className="stroke-ink" />
          <text
            x={x(cursor)}
            y={12}
            textAnchor={x(cursor) > width / 2 ? 'end' : 'start'}
            className="fill-ink! font-medium"
          >
            {formatMinute(cursor, zone)}
          </text>
        </>
      )}
    </svg>
  );
}
