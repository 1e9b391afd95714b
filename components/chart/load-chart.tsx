'use client';

import { type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject, useId, useState } from 'react';
import { loadScales, secondAt } from '@/components/chart/load-scales';
import { describeLoad, type LoadSecond, latencyText, placeAfter, secondInWords } from '@/components/chart/load-series';
import { useWidth } from '@/components/chart/use-width';
import { formatFigure } from '@/components/session/load-results';

const HEIGHT = 156;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 44, 18, 132];

interface LoadChartProps {
  /** At least one. */
  timeline: readonly LoadSecond[];
  svg: RefObject<SVGSVGElement | null>;
}

/** Throughput as bars, its scale at the left, and latency as lines, their scale at the right, second by second. */
export function LoadChart({ timeline, svg }: LoadChartProps) {
  const summaryId = useId();
  const { ref, width } = useWidth<HTMLDivElement>(520);
  const [cursor, setCursor] = useState<number | null>(null);
  const looked = (cursor === null ? undefined : timeline[cursor]) ?? null;
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const px = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setCursor(secondAt(px, timeline.length, { left: LEFT, right: width - RIGHT }));
  };
  const step = (event: KeyboardEvent) => {
    const next = placeAfter(event.key, cursor, timeline.length);
    if (next === undefined) return;
    event.preventDefault();
    setCursor(next);
  };
  return (
    <figure className="m-0">
      <figcaption id={summaryId} className="sr-only">
        {describeLoad(timeline)}
      </figcaption>
      <div className="px-4 pt-3">
        <div
          ref={ref}
          role="slider"
          tabIndex={0}
          aria-label="Second in the load"
          aria-describedby={summaryId}
          aria-valuemin={1}
          aria-valuemax={timeline.length}
          aria-valuenow={(cursor ?? timeline.length - 1) + 1}
          aria-valuetext={
            looked === null ? 'No second chosen; arrow keys step from second to second' : secondInWords(looked)
          }
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={(event) => event.pointerType === 'mouse' && setCursor(null)}
          onKeyDown={step}
          className="touch-pan-y"
        >
          <LoadPlot ref={svg} {...{ timeline, width, cursor }} />
        </div>
      </div>
      <LoadKey looked={looked} />
    </figure>
  );
}

interface LoadPlotProps {
  timeline: readonly LoadSecond[];
  /** The place of the second that is looked at, or null. */
  cursor: number | null;
  width: number;
  ref: RefObject<SVGSVGElement | null>;
}

/** The picture alone. It has no words for screen readers: the chart around it has. */
function LoadPlot({ timeline, cursor, width, ref }: LoadPlotProps) {
  const { bars, p50, p99, throughputTicks, latencyTicks, seconds } = loadScales(timeline, {
    left: LEFT,
    right: width - RIGHT,
    top: TOP,
    bottom: BOTTOM,
  });
  const bar = cursor === null ? undefined : bars[cursor];
  return (
    <svg
      ref={ref}
      width="100%"
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-hidden="true"
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
      {bar !== undefined && <Cursor px={bar.x + bar.width / 2} second={bar.second} width={width} />}
    </svg>
  );
}

function Cursor({ px, second, width }: { px: number; second: number; width: number }) {
  return (
    <>
      <path d={`M${px} ${TOP - 6}V${BOTTOM}`} className="stroke-ink" />
      <text
        x={px > width / 2 ? px - 4 : px + 4}
        y={TOP - 7}
        textAnchor={px > width / 2 ? 'end' : 'start'}
        className="fill-ink font-medium"
      >
        {second} s
      </text>
    </>
  );
}

/** The key to the picture; at a second that is looked at it tells the numbers. */
function LoadKey({ looked }: { looked: LoadSecond | null }) {
  return (
    <ul
      aria-label="Key"
      className="flex flex-wrap gap-x-3 px-4 pt-1 pb-2.5 text-12 text-ink-2 [&>li]:inline-flex [&>li]:items-center [&>li]:gap-1.5"
    >
      <li>
        <span aria-hidden="true" className="h-2.5 w-3.5 border border-mark-started bg-fill-started" />
        requests a second, left
        <Looked>{looked && formatFigure(looked.throughput)}</Looked>
      </li>
      <li>
        <span aria-hidden="true" className="w-4 border-t-[1.5px] border-dashed border-accent" />
        p50 ms, right
        <Looked>{looked && latencyText(looked, 'p50Ms')}</Looked>
      </li>
      <li>
        <span aria-hidden="true" className="w-4 border-t-2 border-mark-terminating" />
        p99 ms, right
        <Looked>{looked && latencyText(looked, 'p99Ms')}</Looked>
      </li>
    </ul>
  );
}

/** Its room is always kept, so that the key never moves under the cursor. */
function Looked({ children }: { children: ReactNode }) {
  return <b className="min-w-10 font-medium text-ink">{children}</b>;
}
