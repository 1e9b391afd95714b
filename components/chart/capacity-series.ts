import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';
import { formatMinute } from '../ui/zoned-time.ts';

/** The lines that capacity is measured by. */
export interface CapacityLimits {
  readonly floor: number;
  readonly target: number;
  readonly max: number;
}

/** Capacity over a span: what was observed up to `now`, what is expected after it. */
export interface CapacitySeries {
  readonly past: readonly CapacityPoint[];
  readonly forecast: readonly CapacityPoint[];
  readonly from: number;
  readonly to: number;
  /** Where the past ends and the forecast begins. */
  readonly now: number;
}

/** A moment that is named in a picture: "canary", "wave 2". */
export interface CapacityMark {
  readonly at: number;
  readonly label: string;
}

/** All that a picture of capacity draws. */
export interface CapacityPicture {
  readonly series: CapacitySeries;
  /** The forecast that was approved, to compare with: its line in service only. */
  readonly approved: readonly CapacityPoint[];
  readonly limits: CapacityLimits;
  readonly marks: readonly CapacityMark[];
}

const SHORTEST_SPAN = 60_000;

/**
 * Joins what was observed and what is expected at `now`; null where there is neither. Without a `now` the forecast
 * begins with its first point. The past holds up to `now`, and the point of the forecast in force at `now` begins it.
 * It spans at least `spanMs`.
 */
export function joinCapacity(
  observed: readonly CapacityPoint[],
  expected: readonly CapacityPoint[],
  now?: number,
  spanMs = SHORTEST_SPAN,
): CapacitySeries | null {
  const first = observed[0] ?? expected[0];
  const last = expected.at(-1) ?? observed.at(-1);
  if (first === undefined || last === undefined) return null;
  const border = now ?? expected[0]?.at ?? last.at;
  const from = Math.min(first.at, border);
  const past = withoutRepeats(observed.filter((point) => point.at <= border));
  const forecast = withoutRepeats(pointsWithin(expected, border, Number.POSITIVE_INFINITY));
  const end = Math.max(last.at, border, from + Math.max(spanMs, SHORTEST_SPAN));
  return { past, forecast, from, to: end + (expected.length > 0 ? (end - from) * 0.04 : 0), now: border };
}

/** The point that holds at a moment: the last one not after it. */
export function pointAt(points: readonly CapacityPoint[], at: number): CapacityPoint | null {
  return points.findLast((point) => point.at <= at) ?? null;
}

/** The points that hold within a span, the first of them from its start. */
export function pointsWithin(points: readonly CapacityPoint[], from: number, to: number): CapacityPoint[] {
  const start = pointAt(points, from);
  const later = points.filter((point) => point.at > from && point.at <= to);
  return start === null ? later : [{ ...start, at: from }, ...later];
}

/** The approved points at which the line in service that is drawn of them changes. */
export function approvedLine(approved: readonly CapacityPoint[], { from, to }: CapacitySeries): CapacityPoint[] {
  return pointsWithin(approved, from, to).filter((point, index, points) => {
    return point.inService !== points[index - 1]?.inService;
  });
}

/** All areas that are drawn, in the order of time. */
export function allPoints({ past, forecast }: CapacitySeries): readonly CapacityPoint[] {
  return [...past, ...forecast];
}

/**
 * Where a key moves the cursor: to the change or the mark before or after, to either end, or away (null).
 * Undefined for a key that means nothing here.
 */
export function cursorAfter(
  key: string,
  from: number,
  { series, approved, marks }: CapacityPicture,
): number | null | undefined {
  const drawn = [...allPoints(series), ...approvedLine(approved, series), ...marks].map(({ at }) => at);
  const moments = [series.from, ...drawn, series.now, series.to]
    .filter((at) => at >= series.from && at <= series.to)
    .sort((a, b) => a - b);
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return moments.find((at) => at > from) ?? series.to;
    case 'ArrowLeft':
    case 'ArrowDown':
      return moments.findLast((at) => at < from) ?? series.from;
    case 'Home':
      return series.from;
    case 'End':
      return series.to;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}

/** The first moment with the least in service. */
export function lowestPoint(points: readonly CapacityPoint[]): CapacityPoint | null {
  let lowest: CapacityPoint | null = null;
  for (const point of points) if (lowest === null || point.inService < lowest.inService) lowest = point;
  return lowest;
}

/** All instances of a point, in service or not. */
export function sizeOf(point: CapacityPoint): number {
  return (
    point.startedNew +
    point.startedOld +
    point.unhealthy +
    point.starting +
    point.draining +
    point.drained +
    point.terminating
  );
}

/** How far a number in service is from the floor, in words. */
export function marginToFloor(inService: number, floor: number): string {
  if (inService === floor) return `at floor ${floor}`;
  return inService > floor ? `${inService - floor} above floor ${floor}` : `${floor - inService} below floor ${floor}`;
}

/** The picture in a few sentences. */
export function describeCapacity({ series, approved, limits, marks }: CapacityPicture, zone: string): string {
  const points = allPoints(series);
  const lowest = lowestPoint(points);
  const last = points.at(-1);
  if (lowest === null || last === undefined) return 'No capacity is known.';
  const time = (at: number) => formatMinute(at, zone);
  const expected = series.forecast.length > 0 ? `, expected from ${time(series.now)} on` : '';
  return [
    `From ${time(series.from)} to ${time(series.to)}${expected}.`,
    `Lowest in service ${lowest.inService} at ${time(lowest.at)}, ${marginToFloor(lowest.inService, limits.floor)}.`,
    `At the end ${last.inService} in service of ${sizeOf(last)}: ${last.startedNew} new, ${last.startedOld} old.`,
    `Target ${limits.target}, max ${limits.max}.`,
    ...approvedInWords(approvedLine(approved, series), time),
    ...marksInWords(marks, time),
  ].join(' ');
}

function approvedInWords(line: readonly CapacityPoint[], time: (at: number) => string): string[] {
  const lowest = lowestPoint(line);
  if (lowest === null) return [];
  return [`As approved: lowest ${lowest.inService} at ${time(lowest.at)}, at the end ${line.at(-1)?.inService}.`];
}

/** There may be many: the first and the last. */
function marksInWords(marks: readonly CapacityMark[], time: (at: number) => string): string[] {
  const [first] = marks;
  const last = marks.at(-1);
  if (first === undefined || last === undefined) return [];
  const begin = `${first.label} at ${time(first.at)}`;
  if (marks.length === 1) return [`Marked: ${begin}.`];
  return [`${marks.length} marks, from ${begin} to ${last.label} at ${time(last.at)}.`];
}

/** Drops points that say what the one before them said. */
function withoutRepeats(points: readonly CapacityPoint[]): CapacityPoint[] {
  return points.filter((point, index) => {
    const before = points[index - 1];
    return before === undefined || !sameCounts(before, point);
  });
}

function sameCounts(a: CapacityPoint, b: CapacityPoint): boolean {
  return (
    a.startedNew === b.startedNew &&
    a.startedOld === b.startedOld &&
    a.unhealthy === b.unhealthy &&
    a.starting === b.starting &&
    a.draining === b.draining &&
    a.drained === b.drained &&
    a.terminating === b.terminating &&
    a.inService === b.inService
  );
}
