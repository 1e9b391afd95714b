'use client';

import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from 'react';
import { capacityCsv } from '@/components/chart/capacity-rows';
import {
  allPoints,
  type CapacityLimits,
  type CapacityPicture,
  cursorAfter,
  describeCapacity,
  joinCapacity,
  pointAt,
  sizeOf,
} from '@/components/chart/capacity-series';
import { CapacityTable } from '@/components/chart/capacity-table';
import { downloadSvg, downloadText } from '@/components/chart/download';
import { MiniCapacityPlot, miniScale } from '@/components/chart/mini-capacity-plot';
import { useWidth } from '@/components/chart/use-width';
import { Button } from '@/components/ui/button';
import { useClock, useZone } from '@/components/ui/clock';
import { Menu, MenuItem } from '@/components/ui/menu';
import { formatSecond } from '@/components/ui/zoned-time';
import type { CapacityPoint } from '@/server/domain/cycle/capacity';

interface MiniCapacityProps {
  /** Of what it is: "prod/web". */
  title: string;
  /** What stands in the picture's head: a link, a state. */
  head: ReactNode;
  /** Under the picture: how far it is, when it ends. */
  children: ReactNode;
  past: readonly CapacityPoint[];
  limits: CapacityLimits;
  /** When it would end as approved; null where that is not known. */
  forecastEnd: number | null;
  /** The moment that is looked at in all pictures beside this one; null = none. */
  cursor: number | null;
  onCursor: (at: number | null) => void;
  /** Of downloaded files, without an ending. */
  fileName: string;
}

/** A second is then less than a pixel. */
const NOW_STEP_MS = 5_000;

/** Capacity so far in the room of a card, one of several that are looked at together. */
export function MiniCapacity({
  title,
  head,
  children,
  past,
  limits,
  forecastEnd,
  fileName,
  ...look
}: MiniCapacityProps) {
  const { zone } = useZone();
  const [asTable, setAsTable] = useState(false);
  const svg = useRef<SVGSVGElement>(null);
  const latest = past.at(-1)?.at ?? 0;
  const now = useClock((at) => Math.max(latest, Math.floor(at / NOW_STEP_MS) * NOW_STEP_MS));
  const series = joinCapacity(past, [], now);
  const picture = series && {
    series,
    approved: [],
    limits,
    marks: forecastEnd === null ? [] : [{ at: forecastEnd, label: 'approved end' }],
  };
  return (
    <section
      aria-label={`Capacity of ${title}`}
      className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-2 rounded-panel border border-line bg-panel px-4 py-3"
    >
      <div className="flex min-h-6 items-center gap-2">
        {head}
        {picture !== null && (
          <span className="-mr-2 ml-auto flex-none">
            <Menu trigger={<MoreButton title={title} />}>
              <MenuItem onClick={() => setAsTable(!asTable)}>{asTable ? 'View as picture' : 'View as table'}</MenuItem>
              {!asTable && (
                <MenuItem onClick={() => svg.current !== null && downloadSvg(`${fileName}.svg`, svg.current)}>
                  Download as SVG
                </MenuItem>
              )}
              <MenuItem onClick={() => downloadText(`${fileName}.csv`, 'text/csv', capacityCsv(picture))}>
                Download as CSV
              </MenuItem>
            </Menu>
          </span>
        )}
      </div>
      {picture === null ? (
        <p className="flex h-18 items-center text-12 text-ink-3">No capacity has been recorded yet.</p>
      ) : asTable ? (
        <div className="-mx-4">
          <CapacityTable caption={`Capacity of ${title}`} picture={picture} zone={zone} />
        </div>
      ) : (
        <Picture {...{ title, picture, forecastEnd, zone, svg }} {...look} />
      )}
      {children}
    </section>
  );
}

/** The menu gives its trigger what it needs as properties. */
function MoreButton({ title, ...rest }: { title: string }) {
  return (
    <Button variant="quiet" size="small" aria-label={`Table and files of ${title}`} {...rest}>
      <span aria-hidden="true">···</span>
    </Button>
  );
}

interface PictureProps {
  title: string;
  picture: CapacityPicture;
  forecastEnd: number | null;
  zone: string;
  svg: React.RefObject<SVGSVGElement | null>;
  cursor: number | null;
  onCursor: (at: number | null) => void;
}

function Picture({ title, picture, forecastEnd, zone, svg, cursor, onCursor }: PictureProps) {
  const { series, limits } = picture;
  const summaryId = useId();
  const { ref, width } = useWidth<HTMLDivElement>(250);
  // The approved end is still to come: there is room for it, and nothing is drawn as if it were known.
  const drawn = { ...series, to: Math.max(series.now, forecastEnd ?? 0, series.from + 60_000) };
  const looked = cursor === null || cursor < drawn.from || cursor > drawn.to ? null : cursor;
  const point = looked === null ? null : pointAt(allPoints(series), Math.min(looked, series.now));
  const lookAt = (event: PointerEvent<HTMLDivElement>) =>
    onCursor(miniScale(drawn, width).timeAt(event.clientX - event.currentTarget.getBoundingClientRect().left));
  const step = (event: KeyboardEvent) => {
    const next = cursorAfter(event.key, looked ?? series.now, { ...picture, series: drawn });
    if (next === undefined) return;
    event.preventDefault();
    onCursor(next);
  };
  return (
    <figure className="m-0">
      <figcaption id={summaryId} className="sr-only">
        {describeCapacity(picture, zone)}
      </figcaption>
      <div
        ref={ref}
        role="slider"
        tabIndex={0}
        aria-label={`Moment in the capacity of ${title}`}
        aria-describedby={summaryId}
        aria-valuemin={drawn.from}
        aria-valuemax={drawn.to}
        aria-valuenow={Math.round(looked ?? series.now)}
        aria-valuetext={
          looked === null || point === null
            ? 'No moment chosen; arrow keys step from change to change'
            : momentInWords(looked, series.now, point, zone)
        }
        onPointerMove={(event) => event.pointerType === 'mouse' && lookAt(event)}
        onPointerDown={lookAt}
        onPointerLeave={(event) => event.pointerType === 'mouse' && onCursor(null)}
        onKeyDown={step}
        className="touch-pan-y"
      >
        <MiniCapacityPlot ref={svg} series={drawn} {...{ limits, forecastEnd, width }} cursor={looked} />
      </div>
      <p aria-hidden="true" className="mt-1 truncate text-11 text-ink-2">
        {looked === null || point === null ? <>&nbsp;</> : momentInWords(looked, series.now, point, zone)}
      </p>
    </figure>
  );
}

function momentInWords(at: number, now: number, point: CapacityPoint, zone: string): string {
  const time = formatSecond(at, zone);
  return at > now ? `${time}: not known yet` : `${time}: ${point.inService} in service of ${sizeOf(point)}`;
}
