/** A span of time, epoch milliseconds; `from` is before `to`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** How far beyond the whole one may look, as a part of its length. */
const MARGIN = 0.05;
/** Nothing is seen better than at a second in all. */
const SHORTEST_MS = 1_000;

/** The part of `wanted` that lies in the whole, or at most 5 % beside it; moved rather than cut where it can be. */
export function clampRange(wanted: TimeRange, whole: TimeRange): TimeRange {
  const margin = (whole.to - whole.from) * MARGIN;
  const least = whole.from - margin;
  const most = Math.max(whole.to + margin, least + SHORTEST_MS);
  const length = Math.min(Math.max(wanted.to - wanted.from, SHORTEST_MS), most - least);
  const from = Math.min(Math.max(wanted.from, least), most - length);
  return { from, to: from + length };
}

/** As much of the whole as `shown`, moved as little as it takes to have the moment in it. */
export function reveal(at: number, shown: TimeRange, whole: TimeRange): TimeRange {
  if (at >= shown.from && at <= shown.to) return shown;
  const move = at - (shown.from + shown.to) / 2;
  return clampRange({ from: shown.from + move, to: shown.to + move }, whole);
}

/** `factor` times as long, about a moment, which stays where it is; null = the whole, where that is no longer. */
export function zoomRange(about: number, factor: number, shown: TimeRange, whole: TimeRange): TimeRange | null {
  const centre = Math.min(Math.max(about, shown.from), shown.to);
  const range = { from: centre - (centre - shown.from) * factor, to: centre + (shown.to - centre) * factor };
  return range.to - range.from >= whole.to - whole.from ? null : clampRange(range, whole);
}

/** Where time lies in a drawing. */
export interface TimeScale {
  readonly left: number;
  readonly right: number;
  /** Never outside the plot. */
  readonly x: (at: number) => number;
  readonly timeAt: (x: number) => number;
}

export function timeScale({ from, to }: TimeRange, left: number, right: number): TimeScale {
  const perMs = (right - left) / (to - from);
  return {
    left,
    right,
    x: (at) => Math.min(Math.max(left + (at - from) * perMs, left), right),
    timeAt: (x) => from + (Math.min(Math.max(x, left), right) - left) / perMs,
  };
}
