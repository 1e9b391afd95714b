'use client';

import { scaleLinear, scaleUtc } from 'd3-scale';
import { type Ref, useId } from 'react';
import { type CapacityLayer, capacityLayers } from '@/components/chart/capacity-layers';
import {
  allPoints,
  type CapacityLimits,
  type CapacityMark,
  type CapacityPicture,
  type CapacitySeries,
  lowestPoint,
  marginToFloor,
  pointAt,
  pointsWithin,
  sizeOf,
} from '@/components/chart/capacity-series';
import { ChartPatterns, patternFill } from '@/components/chart/chart-patterns';
import { CHARACTER } from '@/components/chart/cut';
import { type Band, labelRoom, spreadLabels, stepArea, stepLine } from '@/components/chart/step-path';
import { timeTicks } from '@/components/chart/time-ticks';
import { formatSecond } from '@/components/ui/zoned-time';
import type { CapacityPoint } from '@/server/domain/cycle/capacity';

export const PLOT_HEIGHT = 272;
const TOP = 46;
const BOTTOM = PLOT_HEIGHT - 24;

interface CapacityPlotProps {
  picture: CapacityPicture;
  /** The moment looked at, or null. */
  cursor: number | null;
  /** Whether now is marked; a finished run has none. */
  showNow: boolean;
  zone: string;
  width: number;
  ref: Ref<SVGSVGElement>;
}

/** Where time and instances lie in a drawing of a width. */
export function plotScales({ series, approved, limits }: CapacityPicture, width: number) {
  const narrow = width < 480;
  const peak = Math.max(1, limits.max, limits.target, limits.floor, ...[...allPoints(series), ...approved].map(sizeOf));
  const digits = String(Math.ceil(peak)).length;
  const left = Math.max(narrow ? 22 : 36, 8 + digits * CHARACTER);
  const right = width - Math.max(narrow ? 62 : 76, 6 + ('target '.length + digits) * CHARACTER);
  return {
    narrow,
    left,
    right,
    x: scaleUtc().domain([series.from, series.to]).range([left, right]).clamp(true),
    y: scaleLinear().domain([0, peak]).range([BOTTOM, TOP]),
  };
}

/** The picture alone. It has no words for screen readers: the chart around it has. */
export function CapacityPlot({ picture, cursor, showNow, zone, width, ref }: CapacityPlotProps) {
  const { series, approved, limits, marks } = picture;
  const drawing = useId();
  const { narrow, left, right, x, y } = plotScales(picture, width);
  const nowX = x(series.now);
  const bandsOf = (points: readonly CapacityPoint[], layer: CapacityLayer): Band[] => {
    const below = capacityLayers.slice(0, capacityLayers.indexOf(layer));
    return points.map((point) => {
      const base = below.reduce((sum, other) => sum + other.value(point), 0);
      return { x: x(point.at), base: y(base), top: y(base + layer.value(point)) };
    });
  };
  const inService = (points: readonly CapacityPoint[], endX: number) =>
    stepLine(
      points.map((point) => ({ x: x(point.at), y: y(point.inService) })),
      endX,
    );
  const whole: Band[] = series.forecast.map((point) => ({ x: x(point.at), base: y(0), top: y(sizeOf(point)) }));
  const pastEnd = x(series.forecast[0]?.at ?? series.now);
  const points = allPoints(series);
  const lowest = lowestPoint(points);
  const note =
    lowest && placeNote(x(lowest.at), y(lowest.inService), y(limits.floor), right, lowestText(lowest, limits, narrow));

  return (
    <svg
      ref={ref}
      width="100%"
      height={PLOT_HEIGHT}
      viewBox={`0 0 ${width} ${PLOT_HEIGHT}`}
      aria-hidden="true"
      className="block font-sans text-11 [&_text]:fill-ink-2"
      fill="none"
    >
      <ChartPatterns drawing={drawing} />
      {y
        .ticks(6)
        .filter(Number.isInteger)
        .map((value) => (
          <g key={value}>
            <path d={`M${left} ${y(value)}H${right}`} className="stroke-line" />
            <text x={left - 6} y={y(value) + 4} textAnchor="end" className="fill-ink-3!">
              {value}
            </text>
          </g>
        ))}
      {capacityLayers.map((layer) => {
        const past = stepArea(bandsOf(series.past, layer), pastEnd);
        const forecast = stepArea(bandsOf(series.forecast, layer), right);
        return (
          <g key={layer.name}>
            <path d={past + forecast} className={layer.fill} />
            {layer.pattern !== null && (
              <path d={past + forecast} fill={patternFill(drawing, layer.pattern)} fillOpacity="0.55" />
            )}
            <path d={past} className={layer.edge} />
            <path d={forecast} className={layer.edge} strokeDasharray="2 2" />
          </g>
        );
      })}
      <path d={stepArea(whole, right)} fill={patternFill(drawing, 'forecast')} />
      <TimeAxis {...{ series, zone, narrow, left, right, x, showNow, nowX }} />
      {marks.map(({ at, label }) => (
        <path
          key={`${at} ${label}`}
          d={`M${x(at)} ${TOP - 4}V${BOTTOM}`}
          className="stroke-line-strong"
          strokeDasharray="2 2"
        />
      ))}
      <MarkLabels marks={marks} x={x} narrow={narrow} right={right} />
      <Limits limits={limits} y={y} left={left} right={right} />
      {approved.length > 0 && (
        <path
          d={inService(pointsWithin(approved, series.from, series.to), right)}
          className="stroke-accent"
          strokeWidth="1.5"
          strokeDasharray="5 3"
        />
      )}
      <path d={inService(series.past, pastEnd)} className="stroke-ink" strokeWidth="1.5" />
      <path
        d={inService(series.forecast, right)}
        className="stroke-ink"
        strokeWidth="1.5"
        strokeDasharray={series.past.length > 0 ? '4 2' : undefined}
      />
      {showNow && <path d={`M${nowX} ${TOP - 4}V${BOTTOM}`} className="stroke-accent" strokeWidth="1.5" />}
      <LayerNames bandsOf={bandsOf} points={points} right={right} note={note} />
      {note !== null && <Lowest note={note} breached={lowest !== null && lowest.inService < limits.floor} />}
      {cursor !== null && (
        <Cursor at={cursor} px={x(cursor)} point={pointAt(points, cursor)} zone={zone} left={left} right={right} />
      )}
    </svg>
  );
}

type TimeScale = ReturnType<typeof plotScales>['x'];
type CountScale = ReturnType<typeof plotScales>['y'];

interface TimeAxisProps {
  series: CapacitySeries;
  zone: string;
  narrow: boolean;
  left: number;
  right: number;
  x: TimeScale;
  showNow: boolean;
  nowX: number;
}

function TimeAxis({ series, zone, narrow, left, right, x, showNow, nowX }: TimeAxisProps) {
  const count = Math.max(2, Math.floor((right - left) / (narrow ? 76 : 84)));
  return (
    <>
      <path d={`M${left} ${BOTTOM}H${right}`} className="stroke-line-strong" />
      {timeTicks(series.from, series.to, count, zone).map(({ at, label }) => {
        // now is written in the same line, and comes first
        const crowded = showNow && Math.abs(x(at) - nowX) < (label.length * CHARACTER) / 2 + 16;
        return (
          <g key={at}>
            <path d={`M${x(at)} ${BOTTOM}v4`} className="stroke-line-strong" />
            {!crowded && (
              <text x={x(at)} y={BOTTOM + 17} textAnchor="middle" className="fill-ink-3!">
                {label}
              </text>
            )}
          </g>
        );
      })}
      {showNow && (
        <text x={nowX} y={BOTTOM + 17} textAnchor="middle" className="fill-accent! font-medium">
          now
        </text>
      )}
    </>
  );
}

function MarkLabels({
  marks,
  x,
  narrow,
  right,
}: {
  marks: readonly CapacityMark[];
  x: TimeScale;
  narrow: boolean;
  right: number;
}) {
  let free = Number.NEGATIVE_INFINITY;
  return marks.map((mark) => {
    const label = narrow ? mark.label.replace(/^wave /, '') : mark.label;
    const start = x(mark.at) + 3;
    const end = start + label.length * CHARACTER;
    if (start < free || end > right + 40) return null;
    free = end + 4;
    return (
      <text key={`${mark.at} ${mark.label}`} x={start} y={TOP - 8}>
        {label}
      </text>
    );
  });
}

function Limits({ limits, y, left, right }: { limits: CapacityLimits; y: CountScale; left: number; right: number }) {
  const lines = [
    { word: 'max', value: limits.max, line: 'stroke-ink-2', dash: '1 3', width: 1.5, text: '' },
    { word: 'target', value: limits.target, line: 'stroke-ink-2', dash: '6 3', width: 1, text: '' },
    { word: 'floor', value: limits.floor, line: 'stroke-mark-bad', dash: undefined, width: 1.5, text: 'fill-bad!' },
  ];
  const labels = spreadLabels(
    lines.map(({ value }) => y(value)),
    13,
    BOTTOM,
  );
  return lines.map(({ word, value, line, dash, width, text }, index) => (
    <g key={word}>
      <path d={`M${left} ${y(value)}H${right}`} className={line} strokeDasharray={dash} strokeWidth={width} />
      <text x={right + 6} y={(labels[index] ?? 0) + 4} className={text}>
        {word} {value}
      </text>
    </g>
  ));
}

interface LayerNamesProps {
  bandsOf: (points: readonly CapacityPoint[], layer: CapacityLayer) => Band[];
  points: readonly CapacityPoint[];
  right: number;
  note: PlacedNote | null;
}

/** Names the two large areas where there is room beside the note of the lowest point. */
function LayerNames({ bandsOf, points, right, note }: LayerNamesProps) {
  return capacityLayers.slice(0, 2).map((layer) => {
    const text = `${layer.letter} ${layer.name}`;
    const width = text.length * CHARACTER;
    const spot = labelRoom(bandsOf(points, layer), right, width + 24, 24);
    if (spot === null) return null;
    const covered =
      note !== null &&
      spot.x + width / 2 > note.boxX &&
      spot.x - width / 2 < note.boxX + note.width &&
      Math.abs(spot.y - note.boxY - 9) < 18;
    if (covered) return null;
    return (
      <text
        key={layer.name}
        x={spot.x}
        y={spot.y + 4}
        textAnchor="middle"
        className="fill-ink! stroke-panel font-medium [paint-order:stroke]"
        strokeWidth="3"
      >
        {text}
      </text>
    );
  });
}

function lowestText(lowest: CapacityPoint, { floor }: CapacityLimits, narrow: boolean): string {
  return narrow
    ? `lowest ${lowest.inService}`
    : `lowest ${lowest.inService}, ${marginToFloor(lowest.inService, floor)}`;
}

/** A note in a box of 18 px, and the point that it speaks of. */
interface PlacedNote {
  px: number;
  py: number;
  boxX: number;
  boxY: number;
  width: number;
  text: string;
}

function placeNote(px: number, py: number, floorY: number, right: number, text: string): PlacedNote {
  const width = text.length * CHARACTER + 10;
  const boxX = px + 10 + width <= right ? px + 10 : px - 10 - width;
  return { px, py, boxX, boxY: lowestLabelY(py, floorY), width, text };
}

function Lowest({ note: { px, py, boxX, boxY, width, text }, breached }: { note: PlacedNote; breached: boolean }) {
  const anchor = boxX > px ? boxX : boxX + width;
  return (
    <g>
      <path d={`M${px} ${py}V${boxY + 9}H${anchor}`} className="stroke-ink" />
      <rect
        x={boxX}
        y={boxY}
        width={width}
        height="18"
        rx="2"
        className={breached ? 'fill-panel stroke-mark-bad' : 'fill-panel stroke-line-strong'}
      />
      <text
        x={boxX + width / 2}
        y={boxY + 13}
        textAnchor="middle"
        className={breached ? 'fill-bad! font-medium' : 'fill-ink! font-medium'}
      >
        {text}
      </text>
      <circle cx={px} cy={py} r="3.5" className="fill-panel stroke-ink" strokeWidth="1.5" />
    </g>
  );
}

/** Under the floor line where that fits, else between the point and the floor, else above both. */
function lowestLabelY(py: number, floorY: number): number {
  const under = Math.max(py, floorY) + 14;
  if (under + 18 <= BOTTOM - 4) return under;
  return py + 14 + 18 <= floorY - 4 ? py + 14 : Math.min(py, floorY) - 32;
}

interface CursorProps {
  at: number;
  px: number;
  point: CapacityPoint | null;
  zone: string;
  left: number;
  right: number;
}

function Cursor({ at, px, point, zone, left, right }: CursorProps) {
  const text = point === null ? formatSecond(at, zone) : `${formatSecond(at, zone)} · ${point.inService} in service`;
  const width = text.length * CHARACTER + 12;
  const boxX = Math.min(Math.max(px - width / 2, left - 16), right + 56 - width);
  return (
    <g>
      <path d={`M${px} 22V${BOTTOM}`} className="stroke-ink" />
      <rect x={boxX} y="4" width={width} height="18" rx="2" className="fill-ink" />
      <text x={boxX + width / 2} y="17" textAnchor="middle" className="fill-panel! font-medium">
        {text}
      </text>
    </g>
  );
}
