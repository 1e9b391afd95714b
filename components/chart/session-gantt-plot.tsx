'use client';

import { type Ref, useId } from 'react';
import { ChartPatterns, patternFill } from '@/components/chart/chart-patterns';
import { CHARACTER, cut } from '@/components/chart/cut';
import { healthMarks, phaseLooks } from '@/components/chart/session-gantt-looks';
import { type LogTick, offsetTicks } from '@/components/chart/session-gantt-view';
import { type TimeRange, type TimeScale, timeScale } from '@/components/chart/time-range';
import { formatBrief } from '@/components/session/session-time';
import { Glyph } from '@/components/ui/glyph';
import type { HealthSegment, PhaseSegment, TimelineRow } from '@/server/domain/session/timeline';

const ROW = 40;
const TOP = 30;
const BOTTOM = 22;

/** Where time lies in a drawing of a width. */
export interface GanttScale extends TimeScale {
  readonly narrow: boolean;
}

export function ganttScale(shown: TimeRange, width: number): GanttScale {
  const narrow = width < 560;
  return { narrow, ...timeScale(shown, narrow ? 76 : 132, width - (narrow ? 12 : 24)) };
}

/** Which row lies at a height of the drawing. */
export function rowAt(y: number): number {
  return Math.floor((y - TOP) / ROW);
}

interface SessionGanttPlotProps {
  rows: readonly TimelineRow[];
  /** What stands under a component's name: its machine. */
  machines: ReadonlyMap<string, string>;
  ticks: readonly LogTick[];
  shown: TimeRange;
  submittedAt: number;
  /** Where what goes on ends for now. */
  until: number;
  showNow: boolean;
  cursor: number | null;
  selected: string | null;
  /** What is being dragged over, or null. */
  dragged: TimeRange | null;
  width: number;
  ref: Ref<SVGSVGElement>;
}

/** The picture alone. It has no words for screen readers: the chart around it has. */
export function SessionGanttPlot(props: SessionGanttPlotProps) {
  const { rows, machines, ticks, shown, submittedAt, until, showNow, cursor, selected, dragged, width, ref } = props;
  const drawing = useId();
  const scale = ganttScale(shown, width);
  const { x, left, right } = scale;
  const floor = TOP + rows.length * ROW;
  const isShown = (at: number) => at >= shown.from && at <= shown.to;
  return (
    <svg
      ref={ref}
      width="100%"
      height={floor + BOTTOM}
      viewBox={`0 0 ${width} ${floor + BOTTOM}`}
      aria-hidden="true"
      className="block font-sans text-11 [&_text]:fill-ink-2"
      fill="none"
    >
      <ChartPatterns drawing={drawing} />
      {rows.map(
        (row, index) =>
          row.component === selected && (
            <rect
              key={row.component}
              y={TOP + index * ROW}
              width={width}
              height={ROW}
              className="fill-accent-soft stroke-none"
            />
          ),
      )}
      <TimeAxis {...{ shown, submittedAt, scale, floor, showNow, until }} />
      {rows.map((row, index) => (
        <g key={row.component} transform={`translate(0 ${TOP + index * ROW})`}>
          <path d={`M0 0H${width}`} className="stroke-line" />
          <text x="8" y="17" className="fill-ink! font-medium">
            {cut(row.component, left - 12)}
          </text>
          <text x="8" y="31" className="fill-ink-3!">
            {cut(machines.get(row.component) ?? row.kind, left - 12)}
          </text>
          {row.phases.map((segment) => (
            <PhaseBar key={`${segment.phase} ${segment.from}`} {...{ segment, scale, until, drawing }} />
          ))}
          <Stripe healths={row.healths} {...{ scale, until, shown }} />
          <Ticks ticks={ticks.filter(({ component, at }) => component === row.component && isShown(at))} x={x} />
        </g>
      ))}
      <path d={`M0 ${floor}H${width}`} className="stroke-line-strong" />
      {showNow && isShown(until) && (
        <path d={`M${x(until)} ${TOP}V${floor}`} className="stroke-accent" strokeWidth="1.5" />
      )}
      {dragged !== null && (
        <rect
          x={x(dragged.from)}
          y={TOP}
          width={Math.max(1, x(dragged.to) - x(dragged.from))}
          height={floor - TOP}
          className="fill-accent stroke-accent"
          fillOpacity="0.12"
        />
      )}
      {cursor !== null && isShown(cursor) && (
        <Cursor px={x(cursor)} text={formatBrief(cursor - submittedAt)} {...{ left, right, floor }} />
      )}
    </svg>
  );
}

interface TimeAxisProps {
  shown: TimeRange;
  submittedAt: number;
  scale: GanttScale;
  floor: number;
  showNow: boolean;
  until: number;
}

function TimeAxis({ shown, submittedAt, scale: { x, left, right, narrow }, floor, showNow, until }: TimeAxisProps) {
  const count = Math.max(2, Math.floor((right - left) / (narrow ? 72 : 96)));
  const nowX = showNow && until >= shown.from && until <= shown.to ? x(until) : null;
  return (
    <>
      {offsetTicks(shown, submittedAt, count).map((at) => {
        const label = formatBrief(at - submittedAt);
        const half = (label.length * CHARACTER) / 2;
        // Now is written in the same line, and comes first.
        const crowded = (nowX !== null && Math.abs(x(at) - nowX) < half + 16) || x(at) + half > right + 12;
        return (
          <g key={at}>
            <path d={`M${x(at)} ${TOP}V${floor}`} className="stroke-line" />
            {!crowded && (
              <text x={x(at)} y={floor + 16} textAnchor="middle" className="fill-ink-3!">
                {label}
              </text>
            )}
          </g>
        );
      })}
      {nowX !== null && (
        <text x={Math.min(nowX, right - 8)} y={floor + 16} textAnchor="middle" className="fill-accent! font-medium">
          now
        </text>
      )}
    </>
  );
}

interface PhaseBarProps {
  segment: PhaseSegment;
  scale: GanttScale;
  until: number;
  drawing: string;
}

/** Its word where there is room, else its letter, else neither. */
function PhaseBar({ segment: { phase, from, to }, scale: { x }, until, drawing }: PhaseBarProps) {
  const look = phaseLooks[phase];
  const start = x(from);
  const width = x(to ?? until) - start;
  if (width <= 0) return null;
  const word = phase.length * CHARACTER + 10 <= width ? phase : width >= 14 ? look.letter : null;
  const bar = { x: start, y: 6, width: Math.max(width, 1), height: 14, rx: 1.5 };
  return (
    <g>
      <rect {...bar} className={`${look.fill} ${look.edge}`} strokeDasharray={look.dash} />
      {look.pattern !== null && <rect {...bar} fill={patternFill(drawing, look.pattern)} fillOpacity="0.4" />}
      {word !== null && (
        <text
          x={start + 5}
          y="17"
          strokeWidth={look.pattern === null ? 0 : 3}
          className="fill-ink! stroke-panel [paint-order:stroke]"
        >
          {word}
        </text>
      )}
    </g>
  );
}

interface StripeProps {
  healths: readonly HealthSegment[];
  scale: GanttScale;
  until: number;
  shown: TimeRange;
}

/** A line for how well it was, with a mark at each change that has room; a failure has its mark always. */
function Stripe({ healths, scale: { x }, until, shown }: StripeProps) {
  const visible = healths.filter(({ from, to }) => from <= shown.to && (to ?? until) >= shown.from);
  return (
    <>
      {visible.map((segment) => {
        const look = healthMarks[segment.health];
        return (
          <path
            key={segment.from}
            d={`M${x(segment.from)} 27H${Math.max(x(segment.to ?? until), x(segment.from) + 1)}`}
            className={look.stroke}
            strokeWidth="4"
            strokeDasharray={look.dash}
          />
        );
      })}
      {visible.map((segment, index) => {
        const { mark, shape } = healthMarks[segment.health];
        const next = visible[index + 1];
        const room = next === undefined ? Number.POSITIVE_INFINITY : x(next.from) - x(segment.from);
        if (room < 13 && segment.health !== 'failed') return null;
        return (
          <g key={segment.from} transform={`translate(${x(segment.from) - 5} 21)`} className={mark}>
            <circle cx="6" cy="6" r="8" className="fill-panel stroke-none" />
            <Glyph shape={shape} />
          </g>
        );
      })}
    </>
  );
}

/** Warnings are short, errors are long: told apart without their colour. */
function Ticks({ ticks, x }: { ticks: readonly LogTick[]; x: GanttScale['x'] }) {
  const path = (level: string, length: number) =>
    [...new Set(ticks.filter((tick) => tick.level === level).map(({ at }) => Math.round(x(at))))]
      .map((px) => `M${px} 40v-${length}`)
      .join('');
  return (
    <>
      <path d={path('warn', 4)} className="stroke-mark-draining" strokeWidth="2" />
      <path d={path('error', 7)} className="stroke-mark-bad" strokeWidth="2" />
    </>
  );
}

interface CursorProps {
  px: number;
  text: string;
  left: number;
  right: number;
  floor: number;
}

function Cursor({ px, text, left, right, floor }: CursorProps) {
  const width = text.length * CHARACTER + 12;
  const boxX = Math.min(Math.max(px - width / 2, left - 16), right + 12 - width);
  return (
    <g>
      <path d={`M${px} 22V${floor}`} className="stroke-ink" />
      <rect x={boxX} y="5" width={width} height="17" rx="2" className="fill-ink" />
      <text x={boxX + width / 2} y="17" textAnchor="middle" className="fill-panel! font-medium">
        {text}
      </text>
    </g>
  );
}
