'use client';

import { clsx } from 'clsx';
import { type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import { PictureTools } from '@/components/chart/picture-tools';
import { healthMarks, phaseLooks } from '@/components/chart/session-gantt-looks';
import { ganttScale, rowAt, SessionGanttPlot } from '@/components/chart/session-gantt-plot';
import { SessionGanttTable } from '@/components/chart/session-gantt-table';
import {
  describeTimeline,
  keyPressed,
  type LogTick,
  phaseAt,
  timelineCsv,
} from '@/components/chart/session-gantt-view';
import { clampRange, reveal, type TimeRange } from '@/components/chart/time-range';
import { useWidth } from '@/components/chart/use-width';
import { formatBrief } from '@/components/session/session-time';
import { Glyph } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import { PHASES, type Timeline, type TimelineRow } from '@/server/domain/session/timeline';

interface SessionGanttProps {
  title: string;
  note?: ReactNode;
  timeline: Timeline;
  /** What stands under a component's name: its machine. */
  machines: ReadonlyMap<string, string>;
  /** Log lines of level warn and error. */
  ticks: readonly LogTick[];
  /** Zero of all times that are told. */
  submittedAt: number;
  /** When it ended; while it goes on, the server's time. */
  until: number;
  /** Whether it goes on, so that its end is now. */
  live: boolean;
  /** The part that is shown; null = all of it. */
  range: TimeRange | null;
  onRange: (range: TimeRange | null) => void;
  /** The moment that the picture, the log and the events look at. */
  cursor: number | null;
  onCursor: (at: number) => void;
  /** A component's name. */
  selected: string | null;
  onSelect: (component: string) => void;
  /** Of downloaded files, without an ending. */
  fileName: string;
}

/** A session has some length from its first moment on. */
const SHORTEST_MS = 1_000;

/** What each component went through, and how well it was: a picture, the same as a table, and a sentence. */
export function SessionGantt(props: SessionGanttProps) {
  const { title, note, timeline, ticks, submittedAt, until, range, onRange, fileName } = props;
  const [asTable, setAsTable] = useState(false);
  const svg = useRef<SVGSVGElement>(null);
  return (
    <Panel
      title={title}
      note={note}
      flush
      aside={
        <>
          <span className="phone:hidden">
            <kbd>[</kbd> <kbd>]</kbd> event&ensp;<kbd>f</kbd> fit
          </span>
          {range !== null && <TextButton onClick={() => onRange(null)}>Show all</TextButton>}
          <PictureTools
            title={title}
            {...{ fileName, asTable, svg }}
            onAsTable={setAsTable}
            csv={() => timelineCsv(timeline, submittedAt)}
          />
        </>
      }
    >
      {asTable ? (
        <SessionGanttTable caption={title} rows={timeline.rows} {...{ ticks, submittedAt, until }} />
      ) : (
        <GanttPicture {...props} svg={svg} />
      )}
    </Panel>
  );
}

function GanttPicture(props: SessionGanttProps & { svg: RefObject<SVGSVGElement | null> }) {
  const { title, timeline, machines, ticks, submittedAt, until, live, range, cursor, selected, svg } = props;
  const { onRange, onCursor, onSelect } = props;
  const summaryId = useId();
  const { ref, width } = useWidth<HTMLDivElement>(1_100);
  const whole = { from: submittedAt, to: Math.max(until, submittedAt + SHORTEST_MS) };
  const shown = range === null ? whole : clampRange(range, whole);
  const components = timeline.rows.map(({ component }) => component);
  const look = (at: number) => {
    onCursor(at);
    const seen = reveal(at, shown, whole);
    if (seen !== shown) onRange(seen);
  };
  const drag = useDrag(
    (x) => ganttScale(shown, width).timeAt(x),
    (dragged) => onRange(clampRange(dragged, whole)),
    (at, y) => {
      look(at);
      const component = components[rowAt(y)];
      if (component !== undefined) onSelect(component);
    },
  );
  const press = (event: KeyboardEvent) => {
    // What the browser and its tools are called by is left to them.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { moments } = timeline;
    const asked = keyPressed(event.key, event.shiftKey, { cursor, shown, whole, moments, components, selected });
    if (asked === undefined) return;
    event.preventDefault();
    if (asked.kind === 'cursor') look(asked.at);
    else if (asked.kind === 'range') onRange(asked.range);
    else onSelect(asked.component);
  };
  return (
    <figure className="m-0">
      <figcaption id={summaryId} className="sr-only">
        {describeTimeline(timeline, submittedAt, whole)} Left and right move in time, the brackets from event to event,
        up and down choose a component, plus and minus zoom, f shows all.
      </figcaption>
      <div className="px-4 pt-2 phone:px-2">
        <div
          ref={ref}
          role="slider"
          tabIndex={0}
          aria-label={`Moment in ${title}`}
          aria-describedby={summaryId}
          aria-valuemin={whole.from}
          aria-valuemax={whole.to}
          aria-valuenow={Math.round(cursor ?? whole.from)}
          aria-valuetext={momentInWords(cursor, selected, timeline, submittedAt)}
          {...drag.handlers}
          onKeyDown={press}
          className="touch-pan-y select-none"
        >
          <SessionGanttPlot
            ref={svg}
            rows={timeline.rows}
            showNow={live}
            dragged={drag.dragged}
            {...{ machines, ticks, shown, submittedAt, until, cursor, selected, width }}
          />
        </div>
      </div>
      <GanttKey rows={timeline.rows} hasTicks={ticks.length > 0} />
    </figure>
  );
}

/** Less is a click. */
const DRAG_PX = 5;

/** A drag across the picture, or a click on it. Positions are those within the element. */
function useDrag(
  timeAt: (x: number) => number,
  onDrag: (range: TimeRange) => void,
  onClick: (at: number, y: number) => void,
) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const place = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const isFar = drag !== null && Math.abs(drag.to - drag.from) >= DRAG_PX;
  const dragged = isFar
    ? { from: timeAt(Math.min(drag.from, drag.to)), to: timeAt(Math.max(drag.from, drag.to)) }
    : null;
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const { x } = place(event);
      setDrag({ from: x, to: x });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag !== null) setDrag({ from: drag.from, to: place(event).x });
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (drag === null) return;
      setDrag(null);
      const { x, y } = place(event);
      if (dragged !== null) onDrag(dragged);
      else onClick(timeAt(x), y);
    },
    onPointerCancel: () => setDrag(null),
  };
  return { dragged, handlers };
}

/** What the chosen component was at, or else which were not well. */
function momentInWords(
  cursor: number | null,
  selected: string | null,
  timeline: Timeline,
  submittedAt: number,
): string {
  if (cursor === null) return 'No moment chosen';
  const chosen = timeline.rows.filter(({ component }) => selected === null || component === selected);
  const rows = chosen.map((row) => {
    const phase = phaseAt(row.phases, cursor)?.phase ?? 'nothing';
    const health = row.healths.findLast(({ from, to }) => from <= cursor && (to === null || cursor < to));
    return `${row.component} ${phase}${health === undefined ? '' : `, ${healthMarks[health.health].word}`}`;
  });
  const happened = timeline.moments.find(({ at }) => at === cursor)?.text;
  return [formatBrief(cursor - submittedAt), ...(happened === undefined ? [] : [happened]), ...rows].join('; ');
}

/** Only what the picture has. */
function GanttKey({ rows, hasTicks }: { rows: readonly TimelineRow[]; hasTicks: boolean }) {
  const phases = PHASES.filter((phase) => rows.some((row) => row.phases.some((segment) => segment.phase === phase)));
  const healths = Object.entries(healthMarks).filter(([health]) =>
    rows.some((row) => row.healths.some((segment) => segment.health === health)),
  );
  return (
    <ul
      aria-label="Key"
      className="flex flex-wrap gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 text-12 text-ink-2 [&>li]:inline-flex [&>li]:items-center [&>li]:gap-1.5"
    >
      {phases.map((phase) => (
        <li key={phase}>
          <span aria-hidden="true" className={clsx('h-2.5 w-3.5 rounded-[2px]', phaseLooks[phase].swatch)} />
          {phaseLooks[phase].letter} {phase}
        </li>
      ))}
      {healths.map(([health, { shape, mark, word }]) => (
        <li key={health}>
          <Glyph shape={shape} className={mark} />
          {word}
        </li>
      ))}
      {hasTicks && (
        <li>
          <span aria-hidden="true" className="h-1 w-0.5 bg-mark-draining" />
          <span aria-hidden="true" className="-ml-0.5 h-2 w-0.5 bg-mark-bad" />
          log: warning short, error long
        </li>
      )}
    </ul>
  );
}
