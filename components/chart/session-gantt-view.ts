import type { PhaseSegment, Timeline, TimelineMoment } from '../../server/domain/session/timeline.ts';
import { formatBrief } from '../session/session-time.ts';
import { formatDuration } from '../ui/duration.ts';
import { quoted } from './csv.ts';
import { type TimeRange, zoomRange } from './time-range.ts';

/** A log line that a person should see. */
export interface LogTick {
  readonly component: string;
  readonly at: number;
  readonly level: string;
  readonly text: string;
}

/** What a key asks for; undefined = it is none of the picture's keys. */
export type GanttKey =
  | { readonly kind: 'cursor'; readonly at: number }
  | { readonly kind: 'range'; readonly range: TimeRange | null }
  | { readonly kind: 'select'; readonly component: string };

interface KeyContext {
  readonly cursor: number | null;
  readonly shown: TimeRange;
  readonly whole: TimeRange;
  readonly moments: readonly TimelineMoment[];
  /** From the top down. */
  readonly components: readonly string[];
  readonly selected: string | null;
}

/** Steps of an arrow key across the picture; ten at a time with Shift. */
const STEPS = 100;

export function keyPressed(key: string, shift: boolean, context: KeyContext): GanttKey | undefined {
  const { shown, whole, moments } = context;
  const cursor = context.cursor ?? shown.from;
  const step = ((shown.to - shown.from) / STEPS) * (shift ? 10 : 1);
  const to = (at: number): GanttKey => ({ kind: 'cursor', at: Math.min(Math.max(at, whole.from), whole.to) });
  switch (key) {
    case 'ArrowLeft':
      return to(cursor - step);
    case 'ArrowRight':
      return to(cursor + step);
    case 'Home':
      return to(whole.from);
    case 'End':
      return to(whole.to);
    case '[':
      return to(moments.findLast(({ at }) => at < cursor)?.at ?? cursor);
    case ']':
      return to(moments.find(({ at }) => at > cursor)?.at ?? cursor);
    case 'ArrowUp':
    case 'ArrowDown':
      return neighbour(context, key === 'ArrowUp' ? -1 : 1);
    case '+':
    case '=':
      return { kind: 'range', range: zoomRange(cursor, 0.5, shown, whole) };
    case '-':
      return { kind: 'range', range: zoomRange(cursor, 2, shown, whole) };
    case 'f':
      return { kind: 'range', range: null };
    default:
      return undefined;
  }
}

function neighbour({ components, selected }: KeyContext, step: -1 | 1): GanttKey | undefined {
  const place = selected === null ? -1 : components.indexOf(selected);
  const next = place === -1 && step === -1 ? components.length - 1 : place + step;
  const component = components[Math.min(Math.max(next, 0), components.length - 1)];
  return component === undefined ? undefined : { kind: 'select', component };
}

const TICK_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];

/** At most `count` round times since the session was submitted, within the range. */
export function offsetTicks({ from, to }: TimeRange, submittedAt: number, count: number): readonly number[] {
  const seconds = (to - from) / 1_000 / count;
  const step = (TICK_SECONDS.find((one) => one >= seconds) ?? Math.ceil(seconds / 86_400) * 86_400) * 1_000;
  const first = submittedAt + Math.max(0, Math.ceil((from - submittedAt) / step)) * step;
  const ticks: number[] = [];
  for (let at = first; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** The picture as a text, for those who do not see it. */
export function describeTimeline({ rows, firstBad, phase }: Timeline, submittedAt: number, whole: TimeRange): string {
  const bad = rows.filter(({ healths }) => healths.some(({ health }) => health === 'failed' || health === 'not-ready'));
  const count = rows.length === 1 ? 'One component' : `${rows.length} components`;
  const length = formatDuration(whole.to - submittedAt);
  const state = phase === null ? `over after ${length}` : `${phase} since ${length}`;
  const health =
    bad.length === 0 ? 'All were well' : `Not always well: ${bad.map(({ component }) => component).join(', ')}`;
  const first =
    firstBad === null ? '' : ` First bad event at ${formatBrief(firstBad.at - submittedAt)}: ${firstBad.text}.`;
  return `${count}; ${state}. ${health}.${first}`;
}

/** What the session was at, of one component at one time; null between its phases. */
export function phaseAt(phases: readonly PhaseSegment[], at: number): PhaseSegment | null {
  return phases.findLast(({ from, to }) => from <= at && (to === null || at < to)) ?? null;
}

/** One line for each segment, for a spreadsheet. Times in seconds since the session was submitted. */
export function timelineCsv({ rows }: Timeline, submittedAt: number): string {
  const offset = (at: number | null) => (at === null ? '' : ((at - submittedAt) / 1_000).toFixed(3));
  const lines = rows.flatMap(({ component, kind, phases, healths }) => [
    ...phases.map(({ phase, from, to }) => [component, kind, 'phase', phase, offset(from), offset(to), '']),
    ...healths.map(({ health, from, to, reason }) => [
      component,
      kind,
      'health',
      health,
      offset(from),
      offset(to),
      reason,
    ]),
  ]);
  const header = ['component', 'kind', 'of', 'value', 'from_s', 'to_s', 'reason'];
  return [header, ...lines].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}
