import { pad } from './duration.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Clocks are put forward and back at a quarter of an hour, today everywhere. */
const QUARTER_MS = 900_000;

interface Zone {
  readonly formatter: Intl.DateTimeFormat;
  /** How far its clocks are ahead of UTC, by the quarter of an hour: asking Intl for each row of a list is slow. */
  readonly offsets: Map<number, number>;
}

const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    const formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    zone = { formatter, offsets: new Map() };
    zones.set(name, zone);
  }
  return zone;
}

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
export function zoneOffset(at: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const { formatter, offsets } = zoneOf(zone);
  const quarter = Math.floor(at / QUARTER_MS);
  let offset = offsets.get(quarter);
  if (offset === undefined) {
    offset = readOffset(quarter * QUARTER_MS, formatter);
    offsets.set(quarter, offset);
  }
  return offset;
}

/** Only numbers come from Intl: its words and commas differ between the server's ICU and the browser's. */
function readOffset(at: number, formatter: Intl.DateTimeFormat): number {
  const numbers = new Map(formatter.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => numbers.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - at;
}

/** What the zone's clocks show, in the fields of UTC. */
function shownIn(at: number, zone: string): Date {
  return new Date(at + zoneOffset(at, zone));
}

/** `14:32` */
export function formatMinute(at: number, zone: string): string {
  const shown = shownIn(at, zone);
  return `${pad(shown.getUTCHours())}:${pad(shown.getUTCMinutes())}`;
}

/** `14:32:08` */
export function formatSecond(at: number, zone: string): string {
  return `${formatMinute(at, zone)}:${pad(shownIn(at, zone).getUTCSeconds())}`;
}

/** `20 Nov` */
export function formatDay(at: number, zone: string): string {
  const shown = shownIn(at, zone);
  return `${shown.getUTCDate()} ${months[shown.getUTCMonth()]}`;
}

/** `20 Nov 2026, 14:32:08 UTC` */
export function formatMoment(at: number, zone: string): string {
  return `${formatDay(at, zone)} ${shownIn(at, zone).getUTCFullYear()}, ${formatSecond(at, zone)} ${zoneLabel(zone)}`;
}

/** The short name of a zone: `UTC`, `Berlin`. */
export function zoneLabel(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** The zone of this browser. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
