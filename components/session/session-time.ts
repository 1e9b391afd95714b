import { pad } from '../ui/duration.ts';

interface Began {
  readonly createdAt: number;
  readonly acceptedAt: number | null;
  readonly provisionAt: number | null;
}

/** Where the time of a session is counted from: as the sentences of its verdict do. */
export function timeOrigin({ createdAt, acceptedAt, provisionAt }: Began): number {
  return provisionAt ?? acceptedAt ?? createdAt;
}

/** As the address has it: `+00:12:31`, and `-00:00:05` before the origin. */
export function formatOffset(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1_000);
  const sign = ms < 0 && seconds > 0 ? '-' : '+';
  return `${sign}${pad(Math.floor(seconds / 3_600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

/** Milliseconds from the origin; null where it is no such time. A plus may have become a space in an address. */
export function parseOffset(text: string): number | null {
  const [, sign, hours, minutes, seconds] = /^([+\- ]?)(\d{1,4}):([0-5]?\d):([0-5]?\d)$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return null;
  const ms = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return sign === '-' && ms > 0 ? -ms : ms;
}

/** Beside an event: `+12:31`, `+1:02:03`. */
export function formatBrief(ms: number): string {
  const [hours = '', ...rest] = formatOffset(ms).slice(1).split(':');
  const sign = ms <= -1_000 ? '−' : '+';
  return `${sign}${[...(Number(hours) === 0 ? [] : [String(Number(hours))]), ...rest].join(':')}`;
}

/** Beside a line of a log: `+12:31.204`. */
export function formatExact(ms: number): string {
  // Counted down from the origin, the milliseconds would run backwards.
  if (ms < 0) return formatBrief(ms);
  return `${formatBrief(ms)}.${String(Math.floor(ms % 1_000)).padStart(3, '0')}`;
}
