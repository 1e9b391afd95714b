'use client';

import { loadScales } from '@/components/chart/load-scales';
import { useWidth } from '@/components/chart/use-width';
import { formatFigure, type LoadResults } from '@/components/session/load-results';

const HEIGHT = 148;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 44, 10, 124];

interface LoadChartProps {
  timeline: LoadResults['timeline'];
}

/** Throughput as bars, its scale at the left, and latency as lines, their scale at the right, second by second. */
export function LoadChart({ timeline }: LoadChartProps) {
  const { ref, width } = useWidth<HTMLDivElement>(520);
  const { bars, p50, p99, throughputTicks, latencyTicks, seconds } = loadScales(timeline, {
    left: LEFT,
    right: width - RIGHT,
    top: TOP,
    bottom: BOTTOM,
  });
  return (
    <figure className="m-0">
      <div ref={ref} className="px-4 pt-3">
        <svg
          role="img"
          aria-label={describeLoad(timeline)}
          width="100%"
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          fill="none"
          className="block font-sans text-11"
        >
          {throughputTicks.map(({ y, label }) => (
            <g key={label}>
              <path d={`M${LEFT} ${y}H${width - RIGHT}`} className="stroke-line" />
              <text x={LEFT - 5} y={y + 4} textAnchor="end" className="fill-ink-3">
                {label}
              </text>
            </g>
          ))}
          {latencyTicks.map(({ y, label }) => (
            <text key={label} x={width - RIGHT + 5} y={y + 4} className="fill-ink-3">
              {label}
            </text>
          ))}
          {bars.map(({ x, y, width: barWidth, height, second }) => (
            <rect
              key={second}
              x={x}
              y={y}
              width={barWidth}
              height={height}
              className="fill-fill-started stroke-mark-started"
            />
          ))}
          <path d={p50} className="stroke-accent" strokeWidth="1.5" strokeDasharray="5 2" />
          <path d={p99} className="stroke-mark-terminating" strokeWidth="2" />
          {seconds.map(({ x, label }) => (
            <text key={label} x={x} y={HEIGHT - 8} textAnchor="middle" className="fill-ink-3">
              {label}
            </text>
          ))}
        </svg>
      </div>
      <ul
        aria-label="Key"
        className="flex flex-wrap gap-x-3 px-4 pt-1 pb-2.5 text-12 text-ink-2 [&>li]:inline-flex [&>li]:items-center [&>li]:gap-1.5"
      >
        <li>
          <span aria-hidden="true" className="h-2.5 w-3.5 border border-mark-started bg-fill-started" />
          requests a second, left
        </li>
        <li>
          <span aria-hidden="true" className="w-4 border-t-[1.5px] border-dashed border-accent" />
          p50 ms, right
        </li>
        <li>
          <span aria-hidden="true" className="w-4 border-t-2 border-mark-terminating" />
          p99 ms, right
        </li>
      </ul>
    </figure>
  );
}

function describeLoad(timeline: LoadResults['timeline']): string {
  const throughputs = timeline.map(({ throughput }) => throughput);
  const latencies = timeline.map(({ p99Ms }) => p99Ms);
  return `${timeline.length} seconds: throughput from ${formatFigure(Math.min(...throughputs))} to ${formatFigure(Math.max(...throughputs))} requests a second, p99 from ${formatFigure(Math.min(...latencies))} to ${formatFigure(Math.max(...latencies))} ms`;
}
