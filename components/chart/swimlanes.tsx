'use client';

import { clsx } from 'clsx';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { PictureTools } from '@/components/chart/picture-tools';
import { SwimlaneCanvas } from '@/components/chart/swimlane-canvas';
import type { LaneMarkKind, Timeline } from '@/components/chart/swimlane-data';
import { segmentKind } from '@/components/chart/swimlane-heat';
import type { SwimlaneColours } from '@/components/chart/swimlane-looks';
import {
  groupLanes,
  type LaneGroup,
  layoutRows,
  type Row,
  type Rows,
  rowAt,
  rowOf,
} from '@/components/chart/swimlane-rows';
import { swimlanesSvg } from '@/components/chart/swimlane-svg';
import { SwimlaneTable } from '@/components/chart/swimlane-table';
import {
  BOTTOM_PX,
  countedInWords,
  describeLanes,
  eventsOf,
  hasDeadline,
  keyPressed,
  lanesCsv,
  markWords,
  momentInWords,
  type Place,
  type SwimlaneView,
  TOP_PX,
} from '@/components/chart/swimlane-view';
import { clampRange, reveal, type TimeRange, zoomRange } from '@/components/chart/time-range';
import { useHeldWindow } from '@/components/chart/use-held-window';
import { useSwimlanePointer } from '@/components/chart/use-swimlane-pointer';
import { useWidth } from '@/components/chart/use-width';
import { instanceKinds, instanceLook } from '@/components/cluster/instance-look';
import { Button } from '@/components/ui/button';
import { useZone } from '@/components/ui/clock';
import { EmptyState } from '@/components/ui/empty-state';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';

interface SwimlanesProps {
  /** Of the panel: "Timeline", "Forecast of each instance". */
  title: string;
  note?: ReactNode;
  timeline: Timeline;
  /** The moment that this picture and those beside it look at. */
  cursor: number | null;
  onCursor: (at: number) => void;
  /** A lane's id. */
  selected: string | null;
  onSelect: (id: string) => void;
  /** The part of the time that is seen; null = all of it. Told at the end of a gesture. */
  window: TimeRange | null;
  onWindow: (window: TimeRange | null) => void;
  /** Of downloaded files, without an ending. */
  fileName: string;
}

/** Each instance over time, as many as there are: a picture, the same as a table, and a sentence. */
export function Swimlanes(props: SwimlanesProps) {
  const { title, note, timeline, cursor, selected, window, onWindow, fileName } = props;
  const { zone } = useZone();
  const [asTable, setAsTable] = useState(false);
  const drawn = useRef<SwimlaneView | null>(null);
  const colours = useRef<SwimlaneColours | null>(null);
  const groups = useMemo(() => groupLanes(timeline.lanes), [timeline.lanes]);
  if (timeline.lanes.length === 0) {
    return (
      <Panel title={title} flush>
        <EmptyState title="No instance has been seen yet">
          The picture begins with the first facts that are read of this cluster.
        </EmptyState>
      </Panel>
    );
  }
  const shown = shownOf(window, timeline);
  const zoom = (factor: number) => onWindow(zoomRange(cursor ?? (shown.from + shown.to) / 2, factor, shown, timeline));
  return (
    <Panel
      title={title}
      note={note ?? laneCount(timeline.lanes.length)}
      flush
      aside={
        <>
          {!asTable && (
            <>
              <span className="narrow:hidden">
                <kbd>[</kbd> <kbd>]</kbd> event&ensp;<kbd>f</kbd> fit
              </span>
              {window !== null && <TextButton onClick={() => onWindow(null)}>Show all</TextButton>}
              <span className="inline-flex gap-1">
                <Button size="small" aria-label={`Zoom out of ${title}`} onClick={() => zoom(2)}>
                  −
                </Button>
                <Button size="small" aria-label={`Zoom into ${title}`} onClick={() => zoom(0.5)}>
                  +
                </Button>
              </span>
            </>
          )}
          <PictureTools
            {...{ title, fileName, asTable }}
            onAsTable={setAsTable}
            svg={() =>
              drawn.current === null || colours.current === null
                ? ''
                : swimlanesSvg(wholeOf(drawn.current), colours.current)
            }
            csv={() => lanesCsv(groups)}
          />
        </>
      }
    >
      {asTable ? (
        <SwimlaneTable caption={title} {...{ timeline, groups, selected, zone }} />
      ) : (
        <LanesPicture {...props} {...{ groups, zone, drawn, colours }} />
      )}
    </Panel>
  );
}

/** Something has a length from its first moment on. */
const SHORTEST_MS = 1_000;

function shownOf(window: TimeRange | null, { from, to }: Timeline): TimeRange {
  const whole = { from, to: Math.max(to, from + SHORTEST_MS) };
  return window === null ? whole : clampRange(window, whole);
}

function laneCount(count: number): string {
  return count === 1 ? '1 lane' : `${count.toLocaleString('en-US')} lanes, by wave`;
}

/** With all its rows below each other, as a file has them. */
function wholeOf(view: SwimlaneView): SwimlaneView {
  return { ...view, scroll: 0, height: TOP_PX + view.rows.height + BOTTOM_PX };
}

/** Of the rows, at most, so that the time below them is on the first screen: what is more is scrolled to. */
const TALLEST = 420;

interface LanesPictureProps extends SwimlanesProps {
  groups: readonly LaneGroup[];
  zone: string;
  drawn: RefObject<SwimlaneView | null>;
  colours: RefObject<SwimlaneColours | null>;
}

function LanesPicture(props: LanesPictureProps) {
  const { title, timeline, groups, cursor, selected, zone, drawn, colours } = props;
  const { onCursor, onSelect, onWindow } = props;
  const summaryId = useId();
  const summary = useMemo(() => describeLanes(timeline, zone), [timeline, zone]);
  const { ref, width } = useWidth<HTMLDivElement>(1_100);
  const scroller = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const [choices, setChoices] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [group, setGroup] = useState<string | null>(null);
  const held = useHeldWindow(props.window, onWindow);
  // Rows come and go by what is told, not by what is held: lanes must not jump under the pointer.
  const told = shownOf(props.window, timeline);
  const rows = useMemo(
    () => layoutRows(groups, choices, { from: told.from, to: told.to }),
    [groups, choices, told.from, told.to],
  );
  const height = TOP_PX + Math.min(rows.height, TALLEST) + BOTTOM_PX;
  const view = useMemo(
    () => ({ timeline, rows, width, height, scroll, cursor, selected, group, zone }),
    [timeline, rows, width, height, scroll, cursor, selected, group, zone],
  );
  const shown = shownOf(held.window, timeline);
  const seen = { ...view, shown, dragged: null };
  const chosen = useMemo(() => (selected === null ? null : rowOf(rows, selected)), [rows, selected]);
  const row = group === null ? chosen : (rows.byGroup.get(group) ?? null);

  const look = (at: number) => {
    onCursor(at);
    const moved = reveal(at, shown, timeline);
    if (moved !== shown) onWindow(moved);
  };
  const stand = (on: Row) => {
    setGroup(on.kind === 'group' ? on.key : null);
    if (on.kind === 'lane') onSelect(on.lane.id);
  };
  const toggle = (key: string) => setChoices(new Map(choices).set(key, !rows.byGroup.get(key)?.isOpen));
  const click = (place: Place) => {
    if (place.kind === 'row') stand(place.row);
    if (place.kind !== 'row' || !place.isLabel) look(place.at);
    else if (place.row.kind === 'group') toggle(place.row.key);
  };
  const { dragged, handlers } = useSwimlanePointer(seen, scroller, held, click);
  const press = (event: KeyboardEvent) => {
    // What the browser and its tools are called by is left to them.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const events = () => eventsOf(timeline, group === null ? selected : null);
    const asked = keyPressed(event.key, event.shiftKey, { timeline, rows, shown, cursor, row, events });
    if (asked === undefined) return;
    event.preventDefault();
    if (asked.kind === 'cursor') look(asked.at);
    else if (asked.kind === 'window') onWindow(asked.range);
    else if (asked.kind === 'row') stand(asked.row);
    else toggle(asked.row.key);
  };
  useKeptRow(rows, scroller, scroll, setScroll);
  useShownRow(row, scroller, height);
  const counted = countedInWords(rows, timeline.lanes.length);
  const drawing = useMemo(
    () => ({ ...view, shown: { from: shown.from, to: shown.to }, dragged }),
    [view, shown.from, shown.to, dragged],
  );
  useLayoutEffect(() => {
    drawn.current = drawing;
  }, [drawing, drawn]);
  return (
    <figure className="m-0">
      <figcaption id={summaryId} className="sr-only">
        {summary} Left and right move in time, the brackets from event to event, up and down choose an instance or a
        wave, Enter opens and closes a wave, plus and minus zoom, f shows all.
      </figcaption>
      {counted !== null && <p className="border-b border-line bg-sunken px-4 py-1.5 text-12 text-ink-2">{counted}</p>}
      <div className="px-4 pt-2 phone:px-2">
        <div
          ref={scroller}
          role="slider"
          tabIndex={0}
          aria-label={`Moment in ${title}`}
          aria-describedby={summaryId}
          aria-valuemin={timeline.from}
          aria-valuemax={timeline.to}
          aria-valuenow={Math.round(cursor ?? timeline.from)}
          aria-valuetext={momentInWords(timeline, cursor, row, zone)}
          {...handlers}
          onKeyDown={press}
          onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
          style={{ height }}
          className="touch-pan-y overflow-x-hidden overflow-y-auto overscroll-x-contain select-none [overflow-anchor:none]"
        >
          <div ref={ref} style={{ height: TOP_PX + rows.height + BOTTOM_PX }}>
            <SwimlaneCanvas view={drawing} coloursRef={colours} />
          </div>
        </div>
        <p className="min-h-7 pt-2 pb-1 text-12 text-ink-2">
          {cursor === null && row === null
            ? 'Click to look at a moment. Drag to move, drag along the time to zoom.'
            : momentInWords(timeline, cursor, row, zone)}
        </p>
      </div>
      <LanesKey timeline={timeline} />
    </figure>
  );
}

/** Keeps the first row that is seen where it is, when rows above it come or go. */
function useKeptRow(
  rows: Rows,
  scroller: RefObject<HTMLElement | null>,
  scroll: number,
  setScroll: (scroll: number) => void,
): void {
  const before = useRef(rows);
  const keep = useEffectEvent((last: Rows) => {
    const first = rowAt(last, scroll);
    const box = scroller.current;
    if (first === undefined || box === null) return;
    const now =
      first.kind === 'group'
        ? rows.byGroup.get(first.key)
        : (rows.byLane.get(first.key) ?? rows.byGroup.get(first.group));
    if (now === undefined || now.top === first.top) return;
    box.scrollTop = scroll + now.top - first.top;
    setScroll(box.scrollTop);
  });
  useLayoutEffect(() => {
    if (before.current !== rows) keep(before.current);
    before.current = rows;
  }, [rows]);
}

/** Scrolls as little as it takes to see the row that the keyboard stands on, whenever that is another. */
function useShownRow(row: Row | null, scroller: RefObject<HTMLElement | null>, height: number): void {
  const key = row === null ? null : `${row.kind} ${row.key}`;
  const show = useEffectEvent(() => {
    const box = scroller.current;
    if (box === null || row === null) return;
    const room = height - TOP_PX - BOTTOM_PX;
    if (row.top < box.scrollTop) box.scrollTop = row.top;
    else if (row.top + row.height > box.scrollTop + room) box.scrollTop = row.top + row.height - room;
  });
  useEffect(() => {
    if (key !== null) show();
  }, [key]);
}

/** The same shapes as in the drawing, or the nearest. */
const markGlyphs: Readonly<Record<LaneMarkKind, { readonly shape: GlyphShape; readonly mark: string }>> = {
  error: { shape: 'cross', mark: 'text-mark-bad' },
  retry: { shape: 'play', mark: 'text-ink-2' },
  skipped: { shape: 'square-minus', mark: 'text-mark-unknown' },
  forced: { shape: 'triangle-full', mark: 'text-mark-bad' },
  extended: { shape: 'diamond', mark: 'text-mark-draining' },
};

/** Only what the picture has. */
function LanesKey({ timeline }: { timeline: Timeline }) {
  const { lanes, forecastFrom, now } = timeline;
  const { kinds, marks, hasDeadlines } = useMemo(
    () => ({
      hasDeadlines: lanes.some((lane) => hasDeadline(lane, now)),
      kinds: new Set(lanes.flatMap(({ segments }) => segments.map(segmentKind))),
      marks: new Set(lanes.flatMap((lane) => lane.marks.map(({ kind }) => kind))),
    }),
    [lanes, now],
  );
  return (
    <ul
      aria-label="Key"
      className="flex flex-wrap gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 text-12 text-ink-2 [&>li]:inline-flex [&>li]:items-center [&>li]:gap-1.5"
    >
      {instanceKinds
        .filter((kind) => kinds.has(kind))
        .map((kind) => (
          <li key={kind}>
            <span aria-hidden="true" className={clsx('h-2.5 w-3.5 rounded-[2px]', instanceLook[kind].fill)} />
            {instanceLook[kind].letter} {instanceLook[kind].word}
          </li>
        ))}
      {(['error', 'retry', 'skipped', 'forced', 'extended'] as const)
        .filter((kind) => marks.has(kind))
        .map((kind) => (
          <li key={kind}>
            <Glyph shape={markGlyphs[kind].shape} className={markGlyphs[kind].mark} />
            {markWords[kind]}
          </li>
        ))}
      {hasDeadlines && (
        <li>
          <span aria-hidden="true" className="h-3 w-2 border-l-[1.5px] border-mark-draining">
            <span className="block h-1.5 bg-mark-draining" />
          </span>
          drain times out
        </li>
      )}
      {forecastFrom !== null && (
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
