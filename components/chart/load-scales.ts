import { scaleLinear } from 'd3-scale';
import { formatFigure } from '../session/load-results.ts';

interface Second {
  readonly second: number;
  readonly throughput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Tick {
  readonly y: number;
  readonly label: string;
}

export interface LoadScales {
  readonly bars: readonly {
    readonly second: number;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[];
  readonly p50: string;
  readonly p99: string;
  readonly throughputTicks: readonly Tick[];
  readonly latencyTicks: readonly Tick[];
  readonly seconds: readonly { readonly x: number; readonly label: string }[];
}

/** A label of the seconds takes so much room. */
const LABEL_PX = 44;

/** Where everything of the picture stands; both scales begin at 0, so that no difference looks larger than it is. */
export function loadScales(timeline: readonly Second[], { left, right, top, bottom }: Box): LoadScales {
  const each = (right - left) / Math.max(1, timeline.length);
  const throughput = scaleLinear()
    .domain([0, Math.max(1, ...timeline.map((one) => one.throughput))])
    .nice(3)
    .range([bottom, top]);
  const latency = scaleLinear()
    .domain([0, Math.max(1, ...timeline.map((one) => Math.max(one.p50Ms, one.p99Ms)))])
    .nice(3)
    .range([bottom, top]);
  const middle = (index: number) => left + (index + 0.5) * each;
  const gap = each > 6 ? 2 : 0;
  const every = Math.max(1, Math.ceil(LABEL_PX / each));
  /** Seconds in which nothing was answered have no latency: the line ends before them. */
  const line = (y: (one: Second) => number) =>
    stretches(timeline.map((one, index) => (isAnswered(one) ? [middle(index), y(one)] : null)));
  return {
    bars: timeline.map((one, index) => ({
      second: one.second,
      x: round(left + index * each + gap / 2),
      y: round(throughput(one.throughput)),
      width: round(each - gap),
      height: round(bottom - throughput(one.throughput)),
    })),
    p50: line((one) => latency(one.p50Ms)),
    p99: line((one) => latency(one.p99Ms)),
    throughputTicks: throughput.ticks(3).map((value) => ({ y: round(throughput(value)), label: formatFigure(value) })),
    latencyTicks: latency.ticks(3).map((value) => ({ y: round(latency(value)), label: formatFigure(value) })),
    seconds: timeline
      .map((one, index) => ({ x: round(middle(index)), label: `${one.second} s` }))
      .filter((_, index) => index % every === 0),
  };
}

/** Whether something was answered in that second, so that it has a latency. */
export function isAnswered({ throughput }: Pick<Second, 'throughput'>): boolean {
  return throughput > 0;
}

type Point = readonly [x: number, y: number];

/** A line through the points that follow each other; null = a gap. */
function stretches(points: readonly (Point | null)[]): string {
  const parts: Point[][] = [[]];
  for (const point of points) {
    if (point === null) parts.push([]);
    else parts.at(-1)?.push(point);
  }
  return parts.map(stretch).join('');
}

/** The place of the second at a distance from the left of the drawing, of so many; beside the bars the nearest. */
export function secondAt(px: number, count: number, { left, right }: Pick<Box, 'left' | 'right'>): number {
  const place = Math.floor(((px - left) / Math.max(1, right - left)) * count);
  return Math.min(Math.max(place, 0), count - 1);
}

/** A single second is a short line, because a point is not seen. */
function stretch(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return '';
  if (points.length === 1) return `M${round(first[0] - 6)} ${round(first[1])}h12`;
  return `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
