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

const SHORTEST_SPAN = 60_000;

/**
 * Joins what was observed and what is expected at `now`; null where there is neither. Without a `now` the forecast
 * begins with its first point. The past holds up to `now`, and the point of the forecast in force at `now` begins it.
 */
export function joinCapacity(
  observed: readonly CapacityPoint[],
  expected: readonly CapacityPoint[],
  now?: number,
): CapacitySeries | null {
  const first = observed[0] ?? expected[0];
  const last = expected.at(-1) ?? observed.at(-1);
  if (first === undefined || last === undefined) return null;
  const border = now ?? expected[0]?.at ?? last.at;
  const from = Math.min(first.at, border);
  const past = withoutRepeats(observed.filter((point) => point.at <= border));
  const forecast = withoutRepeats(pointsWithin(expected, border, Number.POSITIVE_INFINITY));
  const end = Math.max(last.at, border, from + SHORTEST_SPAN);
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

/** Everything that is drawn, in the order of time. */
export function allPoints({ past, forecast }: CapacitySeries): readonly CapacityPoint[] {
  return [...past, ...forecast];
}

/**
 * Where a key moves the cursor: to the change before or after, to either end, or away (null).
 * Undefined for a key that means nothing here.
 */
export function cursorAfter(key: string, from: number, series: CapacitySeries): number | null | undefined {
  const moments = [series.from, ...allPoints(series).map(({ at }) => at), series.now, series.to].sort((a, b) => a - b);
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

/** The picture in a sentence or two. */
export function describeCapacity(series: CapacitySeries, { floor, target, max }: CapacityLimits, zone: string): string {
  const points = allPoints(series);
  const lowest = lowestPoint(points);
  const last = points.at(-1);
  if (lowest === null || last === undefined) return 'No capacity is known.';
  const span = `From ${formatMinute(series.from, zone)} to ${formatMinute(series.to, zone)}`;
  const expected = series.forecast.length > 0 ? `, expected from ${formatMinute(series.now, zone)} on` : '';
  return (
    `${span}${expected}. Lowest in service ${lowest.inService} at ${formatMinute(lowest.at, zone)}, ${marginToFloor(lowest.inService, floor)}. ` +
    `At the end ${last.inService} in service of ${sizeOf(last)}: ${last.startedNew} new, ${last.startedOld} old. Target ${target}, max ${max}.`
  );
}

/** The picture as a table for other programs. Times are ISO 8601. */
export function capacityCsv(series: CapacitySeries): string {
  const columns = [
    'inService',
    'startedNew',
    'startedOld',
    'unhealthy',
    'starting',
    'draining',
    'drained',
    'terminating',
  ] as const;
  const row = (point: CapacityPoint, kind: string) =>
    [new Date(point.at).toISOString(), kind, ...columns.map((column) => point[column])].join(',');
  return [
    ['at', 'kind', ...columns].join(','),
    ...series.past.map((point) => row(point, 'observed')),
    ...series.forecast.map((point) => row(point, 'expected')),
    '',
  ].join('\n');
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
