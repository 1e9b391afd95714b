import { type InstanceKind, instanceKind, instanceKinds } from '../cluster/instance-look.ts';
import type { Lane, LaneSegment } from './swimlane-data.ts';
import type { TimeRange } from './time-range.ts';

/** What a lane may be at a moment: as an instance is counted, or not there. */
export type HeatKind = InstanceKind | 'absent';

/** A number for each kind; together as many as there are lanes. */
export type Counts = Readonly<Record<HeatKind, number>>;

/** As an instance of such a state is counted everywhere. */
export function segmentKind({ state, isOld, isUnhealthy }: LaneSegment): InstanceKind {
  return instanceKind({ state, outdated: isOld, health: isUnhealthy ? 'unhealthy' : 'healthy' });
}

/** What a lane was at a moment; what goes on does so up to `until`. */
export function segmentAt({ segments }: Lane, at: number, until: number): LaneSegment | undefined {
  return segments.findLast(({ from, to }) => from <= at && (to === null ? at <= until : at < to));
}

export function countsAt(lanes: readonly Lane[], at: number, until: number): Counts {
  const counts = zeroes(() => 0);
  for (const lane of lanes) {
    const segment = segmentAt(lane, at, until);
    counts[segment === undefined ? 'absent' : segmentKind(segment)] += 1;
  }
  return counts;
}

/** How many lanes were of each kind in the middle of each of equally wide columns of time. */
export interface Heat {
  /** The columns from which on other counts hold, in order; the first is 0. */
  readonly starts: readonly number[];
  /** For each of `starts`. */
  readonly counts: Readonly<Record<HeatKind, Int32Array>>;
  /** The kinds that there are in some column, from the ground up. */
  readonly kinds: readonly InstanceKind[];
}

/** In time that is proportional to the segments and the columns; what goes on does so up to `until`. */
export function heatOf(lanes: readonly Lane[], { from, to }: TimeRange, columns: number, until: number): Heat {
  const changes = zeroes(() => new Int32Array(columns));
  const isStart = new Uint8Array(columns);
  const found = new Set<InstanceKind>();
  const perMs = columns / (to - from);
  // The first column whose middle is not before a moment.
  const columnAt = (at: number) => Math.min(Math.max(Math.ceil((at - from) * perMs - 0.5), 0), columns);
  const change = (kind: HeatKind, column: number, by: number) => {
    if (column >= columns) return;
    changes[kind][column] = (changes[kind][column] ?? 0) + by;
    isStart[column] = 1;
  };
  change('absent', 0, lanes.length);
  for (const { segments } of lanes) {
    for (const segment of segments) {
      const first = columnAt(segment.from);
      const end = columnAt(segment.to ?? until);
      if (end <= first) continue;
      const kind = segmentKind(segment);
      found.add(kind);
      change(kind, first, 1);
      change(kind, end, -1);
      change('absent', first, -1);
      change('absent', end, 1);
    }
  }
  const starts: number[] = [];
  for (let column = 0; column < columns; column++) if (isStart[column] === 1) starts.push(column);
  const counts = zeroes(() => new Int32Array(starts.length));
  const kinds = instanceKinds.filter((kind) => found.has(kind));
  for (const kind of [...kinds, 'absent' as const]) {
    let sum = 0;
    for (let run = 0; run < starts.length; run++) {
      sum += changes[kind][starts[run] ?? 0] ?? 0;
      counts[kind][run] = sum;
    }
  }
  return { starts, counts, kinds };
}

function zeroes<T>(zero: () => T): Record<HeatKind, T> {
  return {
    startedNew: zero(),
    startedOld: zero(),
    unhealthy: zero(),
    starting: zero(),
    draining: zero(),
    drained: zero(),
    terminating: zero(),
    absent: zero(),
  };
}

/** The kinds that there are, from the ground up. */
export function presentKinds(counts: Counts): readonly InstanceKind[] {
  return instanceKinds.filter((kind) => counts[kind] > 0);
}
