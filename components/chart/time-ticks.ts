import { scaleUtc } from 'd3-scale';
import { formatDay, formatMinute, formatSecond, zoneOffset } from '../ui/zoned-time.ts';

export interface TimeTick {
  readonly at: number;
  readonly label: string;
}

/** About `count` round moments of a zone's clocks, each with as much of the time as tells it from the next. */
export function timeTicks(from: number, to: number, count: number, zone: string): TimeTick[] {
  // d3 knows the clocks of UTC and of its own machine only, so it is asked about UTC moved by the zone's offset
  const offset = zoneOffset(from, zone);
  const moments = scaleUtc()
    .domain([from + offset, to + offset])
    .ticks(count)
    .map((date) => date.getTime() - offset);
  const [first, second] = moments;
  const distance = first === undefined || second === undefined ? to - from : second - first;
  return moments.map((at) => ({ at, label: labelOf(at, distance, zone) }));
}

function labelOf(at: number, distance: number, zone: string): string {
  if (distance < 60_000) return formatSecond(at, zone);
  const minute = formatMinute(at, zone);
  return minute === '00:00' || distance >= 86_400_000 ? formatDay(at, zone) : minute;
}
