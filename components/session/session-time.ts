import { formatOffset } from '../../server/domain/session/session-time.ts';

/** Milliseconds; null where it is no such time. A plus may have become a space in an address. */
export function parseOffset(text: string): number | null {
  const [, hours, minutes, seconds] = /^[+ ]?(\d{1,4}):([0-5]?\d):([0-5]?\d)$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return null;
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
}

/** Beside an event: `+12:31`, `+1:02:03`. */
export function formatBrief(ms: number): string {
  const [hours = '', ...rest] = formatOffset(0, ms).slice(1).split(':');
  return `+${[...(Number(hours) === 0 ? [] : [String(Number(hours))]), ...rest].join(':')}`;
}

/** Beside a line of a log: `+12:31.204`. */
export function formatExact(ms: number): string {
  return `${formatBrief(ms)}.${String(Math.floor(Math.max(0, ms) % 1_000)).padStart(3, '0')}`;
}
