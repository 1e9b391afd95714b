import type { PoolParts, PoolRow, PoolView, QueueRow, StartEstimateView } from '../../server/contract/pool.ts';
import { plural, type Sentence } from '../cluster/cluster-sentence.ts';
import { formatDuration } from '../ui/duration.ts';
import { partLook, partsThatOccur } from './pool-look.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** "17 in use, 2 reserved, 1 bad" */
export function describeParts(parts: PoolParts): string {
  const described = partsThatOccur(parts).map((part) => `${parts[part]} ${partLook[part].word}`);
  return described.length === 0 ? 'no machines' : described.join(', ');
}

/** "**3 pools**, 30 machines: 12 in use, 8 free. gpu has been full for over 12 min. 2 wait for gpu, the oldest 12 min." */
export function poolsSentence(rows: readonly PoolRow[], now: number): Sentence {
  if (rows.length === 0) return { strong: 'No pools yet.', rest: '' };
  const inUse = rows.reduce((sum, row) => sum + row.parts.inUse, 0);
  const free = rows.reduce((sum, row) => sum + row.parts.available, 0);
  const machines = rows.reduce((sum, row) => sum + row.capacity, 0);
  const bad = rows.reduce((sum, row) => sum + row.parts.bad, 0);
  const counts = [`${inUse} in use`, `${free} free`, ...(bad > 0 ? [`${bad} bad`] : [])].join(', ');
  return {
    strong: plural(rows.length, 'pool'),
    rest: `, ${plural(machines, 'machine')}: ${counts}.${fullInWords(rows, now)}${longestQueueInWords(rows, now)}`,
  };
}

function fullInWords(rows: readonly PoolRow[], now: number): string {
  const full = rows.filter(isFull);
  const [first] = full;
  if (first === undefined) return '';
  if (full.length > 1) return ` ${full.length} of them are full.`;
  const since = fullSince(first);
  return since === null
    ? ` ${first.name} is full.`
    : ` ${first.name} has been full for over ${formatDuration(now - since)}.`;
}

function longestQueueInWords(rows: readonly PoolRow[], now: number): string {
  const longest = rows.reduce<PoolRow | null>((most, row) => (row.waiting > (most?.waiting ?? 0) ? row : most), null);
  if (longest === null) return ' Nobody waits.';
  return ` ${waitingInWords(longest, now, longest.name)}`;
}

/** "7 wait for gpu, the oldest 12 min." */
function waitingInWords(
  { waiting, oldestWaitSince }: Pick<PoolRow, 'waiting' | 'oldestWaitSince'>,
  now: number,
  pool?: string,
): string {
  const forPool = pool === undefined ? '' : ` for ${pool}`;
  if (oldestWaitSince === null) return `${waiting} wait${waiting === 1 ? 's' : ''}${forPool}.`;
  const wait = formatDuration(now - oldestWaitSince);
  return waiting === 1 ? `1 waits${forPool}, for ${wait} now.` : `${waiting} wait${forPool}, the oldest ${wait}.`;
}

/** "24 machines: 17 in use, 7 wait, the oldest 12 min." */
export function poolSentence(pool: PoolView, now: number): Sentence {
  if (pool.capacity === 0)
    return { strong: 'No machines.', rest: ' Nobody can get one until a machine joins the pool.' };
  const none = pool.parts.available === 0 ? ', none free' : '';
  const queue = pool.waiting === 0 ? 'Nobody waits.' : waitingInWords(pool, now);
  return { strong: plural(pool.capacity, 'machine'), rest: `: ${describeParts(pool.parts)}${none}. ${queue}` };
}

export function isFull({ capacity, parts }: Pick<PoolRow, 'capacity' | 'parts'>): boolean {
  return capacity > 0 && parts.available === 0;
}

/**
 * Since when at least a pool that is full was full whenever it was sampled; null where that is not known. One sample
 * says nothing: it is as young as the last minute.
 */
export function fullSince({ history }: Pick<PoolRow, 'history'>): number | null {
  const full = history.slice(history.findLastIndex((sample) => sample.parts.available > 0) + 1);
  const [first] = full;
  return first === undefined || full.length === 1 ? null : first.at;
}

/** How much of a pool works for somebody, 0 to 1. */
export function usedShare({ parts }: { readonly parts: PoolParts }): number {
  const size = Object.values(parts).reduce((sum, count) => sum + count, 0);
  return size === 0 ? 0 : (parts.inUse + parts.reserved) / size;
}

/** "10 to 25 min", "about 16 min", "up to 5 min": when the first of a queue starts, as far as one can know. */
export function rangeInWords({ earliest, latest }: StartEstimateView, now: number): string {
  const from = Math.max(0, earliest - now);
  const to = Math.max(0, latest - now);
  if (to < MINUTE_MS) return 'less than a minute';
  const last = formatDuration(to);
  if (from < MINUTE_MS) return `up to ${last}`;
  const first = formatDuration(from);
  if (first === last) return `about ${last}`;
  return to < HOUR_MS ? `${Math.floor(from / MINUTE_MS)} to ${last}` : `${first} to ${last}`;
}

/** When somebody in a queue starts: a range for the head, the number before it for the others. */
export function startInWords({ estimate, aheadCount }: Pick<QueueRow, 'estimate' | 'aheadCount'>, now: number): string {
  if (estimate !== null) return rangeInWords(estimate, now);
  return aheadCount === 0 ? 'not known' : `after ${plural(aheadCount, 'other')}`;
}

/** "a, b", "a, b, c and 997 more", "nobody": who is ahead. */
export function aheadInWords({ ahead, aheadCount }: Pick<QueueRow, 'ahead' | 'aheadCount'>): string {
  if (aheadCount === 0) return 'nobody';
  const others = aheadCount - ahead.length;
  return `${ahead.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

/** "4 of workers, 1 of drivers" */
export function wantsInWords(wants: readonly { readonly pool: string; readonly count: number }[]): string {
  return wants.map(({ pool, count }) => `${count} of ${pool}`).join(', ');
}

/** "0 s / 6 min": the wait that half, and nine of ten, did not exceed. */
export function waitsInWords({ p50Ms, p90Ms }: PoolRow['waits']): string {
  return p50Ms === null || p90Ms === null ? '–' : `${formatDuration(p50Ms)} / ${formatDuration(p90Ms)}`;
}
