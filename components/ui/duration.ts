const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time as one reads it: `42 s`, `47 min`, `1 h 04`, `9 h`, `6 d`. Never negative. */
export function formatDuration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length >= DAY) return `${Math.floor(length / DAY)} d`;
  const minutes = Math.floor((length % HOUR) / MINUTE);
  const hours = `${Math.floor(length / HOUR)} h`;
  return minutes === 0 ? hours : `${hours} ${pad(minutes)}`;
}

/** A running time to the second: `3:12`, `1:02:03`. Never negative. */
export function formatTimer(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / SECOND);
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  return hours === 0 ? `${minutes}:${pad(seconds % 60)}` : `${hours}:${pad(minutes)}:${pad(seconds % 60)}`;
}

/** How far a moment is from now: `now`, `4 s ago`, `in 5 min`. */
export function formatRelative(at: number, now: number): string {
  const distance = at - now;
  // The clock of a server may be a little ahead.
  if (distance > -SECOND && distance < 2 * SECOND) return 'now';
  return distance < 0 ? `${formatDuration(-distance)} ago` : `in ${formatDuration(distance)}`;
}

export function pad(number: number): string {
  return String(number).padStart(2, '0');
}
