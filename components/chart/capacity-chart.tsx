'use client';

import { clsx } from 'clsx';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from 'react';
import { capacityLayers } from '@/components/chart/capacity-layers';
import { CapacityPlot, plotScales } from '@/components/chart/capacity-plot';
import { capacityCsv } from '@/components/chart/capacity-rows';
import {
  allPoints,
  type CapacityLimits,
  type CapacityMark,
  type CapacityPicture,
  cursorAfter,
  describeCapacity,
  joinCapacity,
  pointAt,
  sizeOf,
} from '@/components/chart/capacity-series';
import { CapacityTable } from '@/components/chart/capacity-table';
import { PictureTools } from '@/components/chart/picture-tools';
import { useWidth } from '@/components/chart/use-width';
import { useZone } from '@/components/ui/clock';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { formatSecond } from '@/components/ui/zoned-time';
import type { CapacityPoint } from '@/server/domain/cycle/capacity';

interface CapacityChartProps {
  /** Of the panel: "Forecast", "Capacity". */
  title: string;
  note?: ReactNode;
  /** What was observed, in the order of time; each point holds until the next. */
  past?: readonly CapacityPoint[];
  /** What is expected from now on. */
  forecast?: readonly CapacityPoint[];
  /** The forecast that was approved, to compare with: its line in service only. */
  approved?: readonly CapacityPoint[];
  limits: CapacityLimits;
  waves?: readonly CapacityMark[];
  /** The server's time; left out for a run that has ended. Past is solid up to it, forecast hatched after it. */
  now?: number;
  /** How long the picture is at least, in milliseconds, so that two of them have one scale. */
  spanMs?: number;
  /** The moment that was chosen, where it is kept outside of the picture, together with `onCursor`. */
  cursor?: number | null;
  /** A moment was chosen; null = none. */
  onCursor?: (at: number | null) => void;
  /** Of downloaded files, without an ending. */
  fileName: string;
}

const noPoints: readonly CapacityPoint[] = [];

/** Capacity over time against floor, target and max: a picture, the same as a table, and a sentence. */
export function CapacityChart({
  title,
  note,
  past = noPoints,
  forecast = noPoints,
  approved = noPoints,
  limits,
  waves = [],
  now,
  spanMs,
  cursor = null,
  onCursor,
  fileName,
}: CapacityChartProps) {
  const { zone } = useZone();
  const [asTable, setAsTable] = useState(false);
  const svg = useRef<SVGSVGElement>(null);
  const series = joinCapacity(past, forecast, now, spanMs);
  if (series === null) {
    return (
      <Panel title={title} flush>
        <EmptyState title="No capacity has been recorded yet">
          The picture begins with the first facts that are read of this cluster.
        </EmptyState>
      </Panel>
    );
  }
  const picture = { series, approved, limits, marks: waves };
  return (
    <Panel
      title={title}
      note={note}
      flush
      aside={
        <PictureTools
          title={title}
          {...{ fileName, asTable, svg }}
          onAsTable={setAsTable}
          csv={() => capacityCsv(picture)}
        />
      }
    >
      {asTable ? (
        <CapacityTable caption={title} picture={picture} zone={zone} />
      ) : (
        <CapacityFigure
          title={title}
          picture={picture}
          showNow={now !== undefined}
          chosen={cursor}
          onCursor={onCursor}
          zone={zone}
          svg={svg}
        />
      )}
    </Panel>
  );
}

interface CapacityFigureProps {
  title: string;
  picture: CapacityPicture;
  showNow: boolean;
  chosen: number | null;
  onCursor: ((at: number | null) => void) | undefined;
  zone: string;
  svg: React.RefObject<SVGSVGElement | null>;
}

function CapacityFigure(props: CapacityFigureProps) {
  const { title, picture, showNow, chosen, onCursor, zone, svg } = props;
  const { series, approved, marks } = picture;
  const summaryId = useId();
  const { ref, width } = useWidth<HTMLDivElement>(820);
  const [pointed, setPointed] = useState<number | null>(null);
  const cursor = pointed ?? chosen;
  const points = allPoints(series);
  const looked = cursor === null ? null : pointAt(points, cursor);
  const promised = cursor === null ? null : pointAt(approved, cursor);

  const choose = (at: number | null) => {
    // Where the choice is kept outside, the mouse only looks ahead of it.
    setPointed(onCursor === undefined ? at : null);
    onCursor?.(at);
  };
  const timeOf = (event: PointerEvent<HTMLDivElement>) => {
    const { x } = plotScales(picture, width);
    return x.invert(event.clientX - event.currentTarget.getBoundingClientRect().left).getTime();
  };
  const point = (event: PointerEvent<HTMLDivElement>) => {
    if (event.pointerType === 'mouse' || onCursor === undefined) setPointed(timeOf(event));
  };
  const leave = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') setPointed(null);
  };
  const step = (event: KeyboardEvent) => {
    const next = cursorAfter(event.key, cursor ?? series.now, picture);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
  };

  return (
    <figure className="m-0">
      <figcaption id={summaryId} className="sr-only">
        {describeCapacity(picture, zone)}
      </figcaption>
      <div className="px-4 pt-3 phone:px-2">
        <div
          ref={ref}
          role="slider"
          tabIndex={0}
          aria-label={`Moment in ${title}`}
          aria-describedby={summaryId}
          aria-valuemin={series.from}
          aria-valuemax={series.to}
          aria-valuenow={Math.round(cursor ?? series.now)}
          aria-valuetext={
            looked === null || cursor === null
              ? 'No moment chosen; arrow keys step from change to change'
              : momentInWords(cursor, looked, promised, marks, zone)
          }
          onPointerMove={point}
          onPointerDown={(event) => choose(timeOf(event))}
          onPointerLeave={leave}
          onKeyDown={step}
          className="touch-pan-y"
        >
          <CapacityPlot ref={svg} {...{ picture, cursor, showNow, zone, width }} />
        </div>
      </div>
      <CapacityKey
        points={points}
        looked={looked}
        promised={promised}
        hasApproved={approved.length > 0}
        hasForecast={series.forecast.length > 0}
      />
    </figure>
  );
}

function momentInWords(
  at: number,
  point: CapacityPoint,
  promised: CapacityPoint | null,
  marks: readonly CapacityMark[],
  zone: string,
): string {
  return [
    `${formatSecond(at, zone)}: ${point.inService} in service of ${sizeOf(point)}`,
    ...capacityLayers.filter((layer) => layer.value(point) > 0).map((layer) => `${layer.value(point)} ${layer.word}`),
    ...(promised === null ? [] : [`${promised.inService} in service as approved`]),
    ...marks.filter((mark) => mark.at === at).map(({ label }) => label),
  ].join('; ');
}

interface CapacityKeyProps {
  points: readonly CapacityPoint[];
  looked: CapacityPoint | null;
  /** What was approved for that moment. */
  promised: CapacityPoint | null;
  hasApproved: boolean;
  hasForecast: boolean;
}

/** The key to the picture; at a moment that is looked at it tells the numbers. */
function CapacityKey({ points, looked, promised, hasApproved, hasForecast }: CapacityKeyProps) {
  const layers = capacityLayers.filter((layer) => points.some((point) => layer.value(point) > 0));
  return (
    <ul
      aria-label="Key"
      className="flex flex-wrap gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 text-12 text-ink-2 [&>li]:inline-flex [&>li]:items-center [&>li]:gap-1.5"
    >
      {layers.map((layer) => (
        <li key={layer.name}>
          <span aria-hidden="true" className={clsx('h-2.5 w-3.5 rounded-[2px]', layer.swatch)} />
          {layer.letter} {layer.word}
          <CountAt count={looked && layer.value(looked)} />
        </li>
      ))}
      <li>
        <span aria-hidden="true" className="w-4 border-t-[1.5px] border-ink" />
        in service
        <CountAt count={looked?.inService ?? null} />
      </li>
      {hasApproved && (
        <li>
          <span aria-hidden="true" className="w-4 border-t-[1.5px] border-dashed border-accent" />
          approved forecast, in service
          <CountAt count={promised?.inService ?? null} />
        </li>
      )}
      {hasForecast && (
        <li>
          <span
            aria-hidden="true"
            className="hatch-forecast h-2.5 w-3.5 rounded-[2px] border border-mark-old bg-fill-old"
          />
          hatched: expected
        </li>
      )}
    </ul>
  );
}

/** Its room is always kept, so that the key never moves under the cursor. */
function CountAt({ count }: { count: number | null }) {
  return <b className="min-w-3.5 font-medium text-ink">{count}</b>;
}
