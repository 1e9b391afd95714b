import { type InstanceKind, instanceKind, instanceKinds } from '../cluster/instance-look.ts';
import type { Lane, LaneSegment } from './swimlane-data.ts';
import type { TimeRange } from './time-range.ts';

/** A number for each kind; together as many as there are lanes then. */
export type Counts = Readonly<Record<InstanceKind, number>>;

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
    if (segment !== undefined) counts[segmentKind(segment)] += 1;
  }
  return counts;
}

/** How many lanes were of each kind in the middle of each of equally wide columns of time. */
export interface Heat {
  /** The columns from which on other counts hold, in order; the first is 0. */
  readonly starts: readonly number[];
  /** For each of `starts`. */
  readonly counts: Readonly<Record<InstanceKind, Int32Array>>;
  /** The kinds that there are in some column, from the ground up. */
  readonly kinds: readonly InstanceKind[];
}

/** In time that is proportional to the segments and the columns; what goes on does so up to `until`. */
export function heatOf(lanes: readonly Lane[], { from, to }: TimeRange, columns: number, until: number): Heat {
  // What ends behind the last column is counted there.
  const changes = zeroes(() => new Int32Array(columns + 1));
  const isStart = new Uint8Array(columns);
  isStart[0] = 1;
  const perMs = columns / (to - from);
  // The first column whose middle is not before a moment.
  const columnAt = (at: number) => Math.min(Math.max(Math.ceil((at - from) * perMs - 0.5), 0), columns);
  for (const { segments } of lanes) {
    for (const segment of segments) {
      const first = columnAt(segment.from);
      const end = columnAt(segment.to ?? until);
      if (end <= first) continue;
      const ofKind = changes[segmentKind(segment)];
      ofKind[first] = (ofKind[first] ?? 0) + 1;
      ofKind[end] = (ofKind[end] ?? 0) - 1;
      isStart[first] = 1;
      isStart[end] = 1;
    }
  }
  const starts: number[] = [];
  for (let column = 0; column < columns; column++) if (isStart[column] === 1) starts.push(column);
  const counts = zeroes(() => new Int32Array(starts.length));
  for (const kind of instanceKinds) {
    let sum = 0;
    for (let run = 0; run < starts.length; run++) {
      sum += changes[kind][starts[run] ?? 0] ?? 0;
      counts[kind][run] = sum;
    }
  }
  return { starts, counts, kinds: instanceKinds.filter((kind) => counts[kind].some((count) => count > 0)) };
}

function zeroes<T>(zero: () => T): Record<InstanceKind, T> {
  return {
    startedNew: zero(),
    startedOld: zero(),
    unhealthy: zero(),
    starting: zero(),
    draining: zero(),
    drained: zero(),
    terminating: zero(),
  };
}

/** The kinds that there are, from the ground up. */
export function presentKinds(counts: Counts): readonly InstanceKind[] {
  return instanceKinds.filter((kind) => counts[kind] > 0);
}
