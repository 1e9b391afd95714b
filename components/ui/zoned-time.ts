import { pad } from './duration.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

interface ZonedParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Only numbers come from Intl: its words and commas differ between the server's ICU and the browser's. */
function partsIn(at: number, zone: string): ZonedParts {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  const numbers = new Map(formatter.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => numbers.get(type) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

/** `14:32` */
export function formatMinute(at: number, zone: string): string {
  const { hour, minute } = partsIn(at, zone);
  return `${pad(hour)}:${pad(minute)}`;
}

/** `14:32:08` */
export function formatSecond(at: number, zone: string): string {
  return `${formatMinute(at, zone)}:${pad(partsIn(at, zone).second)}`;
}

/** `20 Nov` */
export function formatDay(at: number, zone: string): string {
  const { day, month } = partsIn(at, zone);
  return `${day} ${months[month - 1]}`;
}

/** `20 Nov 2026, 14:32:08 UTC` */
export function formatMoment(at: number, zone: string): string {
  return `${formatDay(at, zone)} ${partsIn(at, zone).year}, ${formatSecond(at, zone)} ${zoneLabel(zone)}`;
}

/** The short name of a zone: `UTC`, `Berlin`. */
export function zoneLabel(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** How far the zone's clocks are ahead of UTC at a moment. */
export function zoneOffset(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsIn(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/** The zone of this browser. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
