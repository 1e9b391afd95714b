import type { Lane } from './swimlane-data.ts';
import type { TimeRange } from './time-range.ts';

/** More lanes than this stand in groups, one for each wave. */
const MOST_UNGROUPED = 50;
/** More lanes than this are shown as counts. */
const MOST_LANES = 300;

export const LANE_PX = 20;
/** Of a group whose lanes are shown. */
const HEAD_PX = 24;
/** Of a group that is shown as counts. */
const STRIP_PX = 36;

/** The lanes of one wave, in the order in which they are drawn. */
export interface LaneGroup {
  readonly key: string;
  readonly lanes: readonly Lane[];
  /** Of how many of them there is something at one time. */
  readonly mostAtOnce: number;
}

/** Waves in their order, those in no wave last; in a wave by start, and what replaces a lane right behind it. */
export function groupLanes(lanes: readonly Lane[]): readonly LaneGroup[] {
  const waves = new Map<number, Lane[]>();
  for (const lane of lanes) {
    const wave = lane.wave ?? Number.POSITIVE_INFINITY;
    const members = waves.get(wave);
    if (members === undefined) waves.set(wave, [lane]);
    else members.push(lane);
  }
  return [...waves]
    .sort(([a], [b]) => (a === b ? 0 : a - b))
    .map(([wave, members]) => ({
      key: waveName(Number.isFinite(wave) ? wave : null),
      lanes: ordered(members),
      mostAtOnce: mostAtOnce(members),
    }));
}

export function waveName(wave: number | null): string {
  if (wave === null) return 'in no wave';
  return wave === 0 ? 'canary' : `wave ${wave}`;
}

function ordered(lanes: readonly Lane[]): readonly Lane[] {
  const byStart = lanes.toSorted((a, b) => startOf(a) - startOf(b) || compare(a.label, b.label));
  const byId = new Map(byStart.map((lane) => [lane.id, lane]));
  const replacing = new Set(byStart.map(({ replacedBy }) => replacedBy));
  const placed = new Set<Lane>();
  // Those that replace each other in a circle have no first one, and come last.
  for (const first of [...byStart.filter(({ id }) => !replacing.has(id)), ...byStart]) {
    let lane: Lane | undefined = first;
    while (lane !== undefined && !placed.has(lane)) {
      placed.add(lane);
      lane = lane.replacedBy === null ? undefined : byId.get(lane.replacedBy);
    }
  }
  return [...placed];
}

function startOf({ segments }: Lane): number {
  return segments[0]?.from ?? Number.POSITIVE_INFINITY;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mostAtOnce(lanes: readonly Lane[]): number {
  const there = lanes.filter(({ segments }) => segments.length > 0);
  const comings = Float64Array.from(there, startOf).sort();
  const goings = Float64Array.from(there, ({ segments }) => segments.at(-1)?.to ?? Number.POSITIVE_INFINITY).sort();
  let most = 1;
  let gone = 0;
  for (const [before, at] of comings.entries()) {
    // Who goes makes room for who comes at the same moment.
    while ((goings[gone] ?? Number.POSITIVE_INFINITY) <= at) gone += 1;
    most = Math.max(most, before + 1 - gone);
  }
  return most;
}

export interface LaneRow {
  readonly kind: 'lane';
  readonly key: string;
  readonly lane: Lane;
  /** Its group's key. */
  readonly group: string;
  /** Whether a line above parts it from another wave. */
  readonly isFirst: boolean;
  readonly top: number;
  readonly height: number;
}

/** A wave: the head of its lanes where it is open, else a strip of counts. */
export interface GroupRow {
  readonly kind: 'group';
  readonly key: string;
  readonly group: LaneGroup;
  readonly isOpen: boolean;
  readonly top: number;
  readonly height: number;
}

export type Row = LaneRow | GroupRow;

export interface Rows {
  /** From the top down, without gaps. */
  readonly rows: readonly Row[];
  readonly height: number;
  readonly isGrouped: boolean;
  /** How many lanes are in waves that are shown as counts since there are too many. */
  readonly counted: number;
  readonly byLane: ReadonlyMap<string, LaneRow>;
  readonly byGroup: ReadonlyMap<string, GroupRow>;
}

/**
 * What is drawn below each other while `shown` is seen. `choices` are the waves that a person opened or closed, by key;
 * of the others, beyond 300 lanes, those are open in which something turns meanwhile, where these are few enough.
 */
export function layoutRows(
  groups: readonly LaneGroup[],
  choices: ReadonlyMap<string, boolean>,
  shown: TimeRange,
): Rows {
  const total = groups.reduce((sum, { lanes }) => sum + lanes.length, 0);
  const isGrouped = total > MOST_UNGROUPED;
  const opened = openAlone(groups, total, shown);
  const rows: Row[] = [];
  const byLane = new Map<string, LaneRow>();
  const byGroup = new Map<string, GroupRow>();
  let top = 0;
  let counted = 0;
  for (const group of groups) {
    const isOpen = !isGrouped || (choices.get(group.key) ?? opened.has(group));
    if (isGrouped) {
      const height = isOpen ? HEAD_PX : STRIP_PX;
      const row: GroupRow = { kind: 'group', key: group.key, group, isOpen, top, height };
      rows.push(row);
      byGroup.set(group.key, row);
      top += height;
    }
    if (!isOpen) {
      if (total > MOST_LANES) counted += group.lanes.length;
      continue;
    }
    for (const [index, lane] of group.lanes.entries()) {
      const isFirst = !isGrouped && index === 0 && top > 0;
      const row: LaneRow = { kind: 'lane', key: lane.id, lane, group: group.key, isFirst, top, height: LANE_PX };
      rows.push(row);
      byLane.set(lane.id, row);
      top += LANE_PX;
    }
  }
  return { rows, height: top, isGrouped, counted, byLane, byGroup };
}

function openAlone(groups: readonly LaneGroup[], total: number, shown: TimeRange): ReadonlySet<LaneGroup> {
  if (total <= MOST_LANES) return new Set(groups);
  const isSeen = (at: number | null) => at !== null && at > shown.from && at < shown.to;
  const turning = groups.filter((group) =>
    group.lanes.some(({ segments }) => segments.some(({ from, to }) => isSeen(from) || isSeen(to))),
  );
  const lanes = turning.reduce((sum, group) => sum + group.lanes.length, 0);
  return new Set(lanes <= MOST_LANES ? turning : []);
}

/** The row of a lane, or that of its wave where this is closed; null where there is no such lane. */
export function rowOf({ byLane, byGroup }: Rows, laneId: string): Row | null {
  const isIn = ({ group }: GroupRow) => group.lanes.some(({ id }) => id === laneId);
  return byLane.get(laneId) ?? [...byGroup.values()].find(isIn) ?? null;
}

/** The row at a height; undefined above and below all. */
export function rowAt({ rows }: Rows, y: number): Row | undefined {
  const row = rows[firstRowBelow(rows, y)];
  return row !== undefined && row.top <= y ? row : undefined;
}

/** The rows of which something lies between two heights. */
export function rowsWithin({ rows }: Rows, top: number, bottom: number): readonly Row[] {
  const first = firstRowBelow(rows, top);
  let last = first;
  while ((rows[last]?.top ?? Number.POSITIVE_INFINITY) < bottom) last += 1;
  return rows.slice(first, last);
}

/** The index of the first row that ends below a height. */
function firstRowBelow(rows: readonly Row[], y: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && row.top + row.height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}
