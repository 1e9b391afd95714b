import { instanceLook } from '../cluster/instance-look.ts';
import { formatDuration } from '../ui/duration.ts';
import { formatMinute, formatSecond, zoneLabel } from '../ui/zoned-time.ts';
import { quoted } from './csv.ts';
import type { Lane, LaneMarkKind, LaneSegment, Timeline } from './swimlane-data.ts';
import { type Counts, countsAt, presentKinds, segmentAt, segmentKind } from './swimlane-heat.ts';
import { type GroupRow, type LaneGroup, type Row, type Rows, rowAt, waveName } from './swimlane-rows.ts';
import { type TimeRange, type TimeScale, timeScale, zoomRange } from './time-range.ts';

/** Over the lanes stand the waves, under them the time. */
export const TOP_PX = 22;
export const BOTTOM_PX = 24;

/** All that a drawing of lanes depends on but its colours. Lengths are CSS pixels. */
export interface SwimlaneView {
  readonly timeline: Timeline;
  readonly rows: Rows;
  readonly shown: TimeRange;
  /** Of the whole drawing, its axes included. */
  readonly width: number;
  readonly height: number;
  /** How much of the rows is hidden above. */
  readonly scroll: number;
  readonly cursor: number | null;
  /** A lane's id. */
  readonly selected: string | null;
  /** The key of the wave that the keyboard stands on. */
  readonly group: string | null;
  /** What is being dragged over on the axis, or null. */
  readonly dragged: TimeRange | null;
  readonly zone: string;
}

export interface SwimlaneScale extends TimeScale {
  readonly isNarrow: boolean;
}

export function swimlaneScale({ shown, width, rows }: Pick<SwimlaneView, 'shown' | 'width' | 'rows'>): SwimlaneScale {
  const isNarrow = width < 560;
  const left = isNarrow ? (rows.isGrouped ? 100 : 76) : rows.isGrouped ? 176 : 132;
  return { isNarrow, ...timeScale(shown, left, width - (isNarrow ? 12 : 24)) };
}

/** What lies at a place of the drawing. */
export type Place =
  | { readonly kind: 'axis'; readonly at: number }
  | { readonly kind: 'row'; readonly at: number; readonly row: Row; readonly isLabel: boolean }
  | { readonly kind: 'nothing'; readonly at: number };

export function placeAt(view: SwimlaneView, x: number, y: number): Place {
  const { left, timeAt } = swimlaneScale(view);
  const at = timeAt(x);
  if (y < TOP_PX || y >= view.height - BOTTOM_PX) return { kind: 'axis', at };
  const row = rowAt(view.rows, y - TOP_PX + view.scroll);
  return row === undefined ? { kind: 'nothing', at } : { kind: 'row', at, row, isLabel: x < left };
}

/** Where what goes on ends in the picture: now, or where the forecast ends. */
export function untilOf({ now, to, forecastFrom }: Timeline): number {
  return forecastFrom === null ? (now ?? to) : to;
}

/** The moment at which counts are told: the cursor's, or else now or the end. */
export function momentOf({ now, to }: Timeline, cursor: number | null): number {
  return cursor ?? now ?? to;
}

/** Whether its drain may still time out, or did. */
export function hasDeadline({ segments, drainDeadline }: Lane, now: number | null): boolean {
  if (drainDeadline === null) return false;
  return segments.some(({ state, to }) => {
    const isOver = to !== null && to <= (now ?? Number.POSITIVE_INFINITY) && to < drainDeadline;
    return state === 'draining' && !isOver;
  });
}

/** Each moment of the span at which something turned or happened, of one lane or of all; in order, each once. */
export function eventsOf({ lanes, marks, from, to }: Timeline, selected: string | null): readonly number[] {
  const chosen = lanes.filter(({ id }) => id === selected);
  const moments = (chosen.length > 0 ? chosen : lanes).flatMap((lane) => [
    ...lane.segments.flatMap((segment) => (segment.to === null ? [segment.from] : [segment.from, segment.to])),
    ...lane.marks.map(({ at }) => at),
  ]);
  const all = new Set(chosen.length > 0 ? moments : [...moments, ...marks.map(({ at }) => at)]);
  return [...all].filter((at) => at >= from && at <= to).sort((a, b) => a - b);
}

/** What a key asks for; undefined = it is none of the picture's keys. */
export type SwimlaneKey =
  | { readonly kind: 'cursor'; readonly at: number }
  | { readonly kind: 'window'; readonly range: TimeRange | null }
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'toggle'; readonly row: GroupRow };

interface KeyContext {
  readonly timeline: Timeline;
  readonly rows: Rows;
  readonly shown: TimeRange;
  readonly cursor: number | null;
  /** The row that the keyboard stands on. */
  readonly row: Row | null;
  readonly events: () => readonly number[];
}

/** Steps of an arrow key across the picture; ten at a time with Shift. */
const STEPS = 100;
const ROWS_A_PAGE = 20;

export function keyPressed(key: string, shift: boolean, context: KeyContext): SwimlaneKey | undefined {
  const { timeline, shown, row } = context;
  const cursor = context.cursor ?? shown.from;
  const step = ((shown.to - shown.from) / STEPS) * (shift ? 10 : 1);
  const to = (at: number): SwimlaneKey => ({
    kind: 'cursor',
    at: Math.min(Math.max(at, timeline.from), timeline.to),
  });
  switch (key) {
    case 'ArrowLeft':
      return to(cursor - step);
    case 'ArrowRight':
      return to(cursor + step);
    case 'Home':
      return to(timeline.from);
    case 'End':
      return to(timeline.to);
    case '[':
      return to(neighbour(context.events(), cursor, -1));
    case ']':
      return to(neighbour(context.events(), cursor, 1));
    case 'ArrowUp':
      return rowBy(context, -1);
    case 'ArrowDown':
      return rowBy(context, 1);
    case 'PageUp':
      return rowBy(context, -ROWS_A_PAGE);
    case 'PageDown':
      return rowBy(context, ROWS_A_PAGE);
    case 'Enter':
    case ' ':
      return row?.kind === 'group' ? { kind: 'toggle', row } : undefined;
    case '+':
    case '=':
      return { kind: 'window', range: zoomRange(cursor, 0.5, shown, timeline) };
    case '-':
      return { kind: 'window', range: zoomRange(cursor, 2, shown, timeline) };
    case 'f':
      return { kind: 'window', range: null };
    default:
      return undefined;
  }
}

/** The moment before or after; the same where there is none. */
function neighbour(events: readonly number[], at: number, step: -1 | 1): number {
  if (step === 1) return events.find((moment) => moment > at) ?? at;
  return events.findLast((moment) => moment < at) ?? at;
}

function rowBy({ rows: { rows }, row }: KeyContext, step: number): SwimlaneKey | undefined {
  const place = rows.findIndex(({ key, kind }) => row !== null && key === row.key && kind === row.kind);
  const next = place === -1 ? (step < 0 ? rows.length - 1 : 0) : place + step;
  const found = rows[Math.min(Math.max(next, 0), rows.length - 1)];
  return found === undefined ? undefined : { kind: 'row', row: found };
}

export const markWords: Readonly<Record<LaneMarkKind, string>> = {
  error: 'error',
  retry: 'retry',
  skipped: 'skipped',
  forced: 'drain forced',
  extended: 'drain extended',
};

/** What is under the cursor, for those who do not see it: "14:31:02 m-3 draining, 2 of 5 min". */
export function momentInWords(timeline: Timeline, cursor: number | null, row: Row | null, zone: string): string {
  if (cursor === null && row === null) return 'No moment chosen';
  const at = momentOf(timeline, cursor);
  const time = formatSecond(at, zone);
  const expected = timeline.forecastFrom !== null && at > timeline.forecastFrom ? 'expected: ' : '';
  if (row?.kind === 'lane') {
    const happened = row.lane.marks.filter((mark) => mark.at === at).map(({ text }) => text);
    const marks = timeline.marks.filter((mark) => mark.at === at).map(({ label }) => label);
    return [`${time} ${expected}${laneInWords(row.lane, at, timeline, zone)}`, ...happened, ...marks].join('; ');
  }
  const lanes = row === null ? timeline.lanes : row.group.lanes;
  const name = row === null ? '' : `${row.group.key}, ${row.isOpen ? 'open' : 'closed'}, `;
  return `${time}, ${expected}${name}${lanesInWords(lanes.length)}: ${countsInWords(countsAt(lanes, at, untilOf(timeline)))}`;
}

function laneInWords(lane: Lane, at: number, timeline: Timeline, zone: string): string {
  const segment = segmentAt(lane, at, untilOf(timeline));
  if (segment === undefined) {
    const [first, last] = [lane.segments[0], lane.segments.at(-1)];
    if (first !== undefined && at < first.from) return `${lane.label} is not there yet`;
    return `${lane.label} ${last?.to === null ? 'is not known yet' : 'is gone'}`;
  }
  const word = instanceLook[segmentKind(segment)].word;
  return `${lane.label} ${word}, ${howLong(segment, lane, at, timeline.now, zone)}`;
}

/** "2 of 5 min"; of what has no end yet "for 2 min", and when its drain times out. */
function howLong({ state, from, to }: LaneSegment, lane: Lane, at: number, now: number | null, zone: string): string {
  const passed = formatDuration(at - from);
  if (to !== null) {
    const whole = formatDuration(to - from);
    const [, unit] = whole.split(' ');
    const isSameUnit = whole.split(' ').length === 2 && passed.endsWith(` ${unit}`) && passed.split(' ').length === 2;
    return `${isSameUnit ? passed.split(' ')[0] : passed} of ${whole}`;
  }
  const deadline =
    state === 'draining' && lane.drainDeadline !== null && hasDeadline(lane, now)
      ? `, times out at ${formatSecond(lane.drainDeadline, zone)}`
      : '';
  return `for ${passed}${deadline}`;
}

function lanesInWords(count: number): string {
  return count === 1 ? '1 instance' : `${count.toLocaleString('en-US')} instances`;
}

function countsInWords(counts: Counts): string {
  const parts = presentKinds(counts).map((kind) => `${counts[kind]} ${instanceLook[kind].word}`);
  return parts.length === 0 ? 'none is there' : parts.join('; ');
}

/** The picture as a text, for those who do not see it. */
export function describeLanes(timeline: Timeline, zone: string): string {
  const { lanes, from, to, now, forecastFrom } = timeline;
  const waves = new Set(lanes.flatMap(({ wave }) => (wave === null ? [] : [wave]))).size;
  const inWaves = waves === 0 ? '' : ` in ${waves === 1 ? 'one wave' : `${waves} waves`}`;
  const replaced = lanes.filter(({ replacedBy }) => replacedBy !== null).length;
  const happened = Object.entries(markWords).flatMap(([kind, word]) => {
    const count = lanes.reduce((sum, { marks }) => sum + marks.filter((mark) => mark.kind === kind).length, 0);
    return count === 0 ? [] : [`${word}: ${count}`];
  });
  const at = momentOf(timeline, null);
  return [
    `${lanesInWords(lanes.length)}${inWaves}, ${formatMinute(from, zone)} to ${formatMinute(to, zone)} ${zoneLabel(zone)}.`,
    `At ${now === null ? 'the end' : formatSecond(at, zone)}: ${countsInWords(countsAt(lanes, at, at))}.`,
    replaced === 0 ? '' : `${replaced} replaced.`,
    happened.length === 0 ? '' : `${happened.join('; ')}.`,
    forecastFrom === null ? '' : `What is after ${formatSecond(forecastFrom, zone)} is expected.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Says that a picture hides its lanes, and how to see them; null where it does not. */
export function countedInWords({ counted }: Rows, total: number): string | null {
  if (counted === 0) return null;
  const which = counted === total ? '' : ` ${counted.toLocaleString('en-US')} of them`;
  return `${lanesInWords(total)}:${which} shown as counts. Zoom in or open a wave to see each.`;
}

/** One line for each segment and mark, for a spreadsheet. Times in ISO 8601, lengths in seconds. */
export function lanesCsv(groups: readonly LaneGroup[]): string {
  const lines = groups.flatMap(({ lanes }) =>
    lanes.flatMap((lane) => {
      const of = [lane.id, lane.wave === null ? '' : waveName(lane.wave), lane.replacedBy ?? ''];
      return [
        ...lane.segments.map(({ state, isOld, isUnhealthy, from, to }) => [
          ...of,
          state,
          String(isOld),
          String(isUnhealthy),
          isoTime(from),
          to === null ? '' : isoTime(to),
          to === null ? '' : String((to - from) / 1_000),
          '',
        ]),
        ...lane.marks.map(({ kind, at, text }) => [...of, kind, '', '', isoTime(at), isoTime(at), '', text]),
      ];
    }),
  );
  const header = ['instance', 'wave', 'replaced_by', 'what', 'old', 'unhealthy', 'from', 'to', 'seconds', 'text'];
  return [header, ...lines].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
