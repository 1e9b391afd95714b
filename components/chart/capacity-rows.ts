import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';
import { approvedLine, type CapacityPicture } from './capacity-series.ts';
import { quoted } from './csv.ts';

/** A moment at which something that is drawn changes. */
export interface CapacityRow {
  readonly at: number;
  readonly kind: 'observed' | 'expected';
  /** What holds then; null where nothing is known. */
  readonly point: CapacityPoint | null;
  /** In service, as it was approved; null where nothing was. */
  readonly approved: number | null;
  /** What is marked then: "canary, wave 1"; empty where nothing is. */
  readonly marks: string;
}

/** The picture as rows, in the order of time. Where now is, what was observed comes before what is expected. */
export function capacityRows({ series, approved, marks }: CapacityPicture): CapacityRow[] {
  const line = approvedLine(approved, series);
  const labels = new Map<number, string>();
  for (const { at, label } of marks) labels.set(at, labels.has(at) ? `${labels.get(at)}, ${label}` : label);
  const others = [...line, ...marks].map(({ at }) => at);
  const isExpected = (at: number) => (series.forecast.length > 0 ? at >= series.now : at > series.now);
  const rowsOf = (kind: CapacityRow['kind'], points: readonly CapacityPoint[], moments: readonly number[]) => {
    const ordered = [...new Set([...points.map(({ at }) => at), ...moments])].sort((a, b) => a - b);
    const held = heldAt(points, ordered);
    const promised = heldAt(line, ordered);
    return ordered.map((at, index) => ({
      at,
      kind,
      point: held[index] ?? null,
      approved: promised[index]?.inService ?? null,
      marks: labels.get(at) ?? '',
    }));
  };
  return [
    ...rowsOf(
      'observed',
      series.past,
      others.filter((at) => !isExpected(at)),
    ),
    ...rowsOf('expected', series.forecast, others.filter(isExpected)),
  ];
}

/** For each of the moments, which are in the order of time, the point that holds then. */
function heldAt(points: readonly CapacityPoint[], moments: readonly number[]): (CapacityPoint | null)[] {
  let held: CapacityPoint | null = null;
  let next = 0;
  return moments.map((at) => {
    for (let point = points[next]; point !== undefined && point.at <= at; point = points[next]) {
      held = point;
      next += 1;
    }
    return held;
  });
}

const COUNTS = [
  'inService',
  'startedNew',
  'startedOld',
  'unhealthy',
  'starting',
  'draining',
  'drained',
  'terminating',
] as const;

/** The picture as a table for other programs. Times are ISO 8601; what is not known or not there is empty. */
export function capacityCsv(picture: CapacityPicture): string {
  const { floor, target, max } = picture.limits;
  return [
    ['at', 'kind', ...COUNTS, 'approvedInService', 'floor', 'target', 'max', 'mark'].join(','),
    ...capacityRows(picture).map(({ at, kind, point, approved, marks }) =>
      [
        new Date(at).toISOString(),
        kind,
        ...COUNTS.map((count) => point?.[count] ?? ''),
        approved ?? '',
        floor,
        target,
        max,
        quoted(marks),
      ].join(','),
    ),
    '',
  ].join('\n');
}
