/** Why a busy machine is expected to become free. */
export type ReleaseKind = 'lease-ends' | 'session-usually-ends' | 'cleaning' | 'provisioning';

/** When a busy machine is expected to be free: by `p50` as likely as not, by `p90` nine times of ten. Epoch milliseconds. */
export interface ExpectedRelease {
  readonly kind: ReleaseKind;
  readonly p50: number;
  readonly p90: number;
}

export interface PoolOutlook {
  readonly pool: string;
  /** Machines that are free now. */
  readonly free: number;
  /** The others that can become free, one entry each; null = nobody knows when. */
  readonly busy: readonly (ExpectedRelease | null)[];
}

/** Epoch milliseconds; earliest ≤ p50 ≤ latest. */
export interface StartEstimate {
  readonly earliest: number;
  readonly p50: number;
  readonly latest: number;
  /** What it waits for. */
  readonly because: string;
  /** What may make it earlier or later. */
  readonly mayMove: string;
}

interface Span {
  readonly kind: ReleaseKind;
  readonly earliest: number;
  readonly p50: number;
  readonly p90: number;
}

interface Shortage {
  readonly pool: string;
  readonly missing: number;
  /** The machines with a time, soonest first. */
  readonly known: readonly Span[];
  readonly unknown: number;
}

/**
 * When the first session of a queue gets its machines, as far as one can know; null where the times of too few machines
 * are known. Nobody can say it for those behind: they start after others, and that is their answer.
 *
 * The rule: a pool that lacks n machines has them when its n-th machine is released, by the n-th smallest p50 and, at
 * the latest, the n-th smallest p90; the session starts when its last pool has them. The earliest is as much before a
 * p50 as the p90 is after it, and a machine of which nobody knows the time may be free at once, so it counts there only.
 * A machine that is past its p50 is expected half-way from now to its p90; past its p90 its time is not known any more.
 * `holds` is whether the session holds machines as they come free; where it does not, smaller ones may go before it.
 */
export function estimateStart(
  head: { readonly needs: ReadonlyMap<string, number>; readonly holds: boolean },
  pools: readonly PoolOutlook[],
  now: number,
): StartEstimate | null {
  const shortages: Shortage[] = [];
  for (const [pool, needs] of head.needs) {
    const outlook = pools.find((candidate) => candidate.pool === pool);
    if (outlook === undefined) return null;
    if (needs <= outlook.free) continue;
    const shortage = shortageOf(outlook, needs - outlook.free, now);
    if (shortage.known.length < shortage.missing) return null;
    shortages.push(shortage);
  }
  return {
    earliest: Math.max(now, ...shortages.map((shortage) => earliestOf(shortage, now))),
    p50: Math.max(now, ...shortages.map(medianOf)),
    latest: Math.max(
      now,
      ...shortages.map(({ known, missing }) =>
        nth(
          missing,
          known.map(({ p90 }) => p90),
        ),
      ),
    ),
    because: because(shortages),
    mayMove: mayMove(shortages, head.holds),
  };
}

function shortageOf({ pool, busy }: PoolOutlook, missing: number, now: number): Shortage {
  const known = busy.flatMap((release) => (release && release.p90 > now ? [spanOf(release, now)] : []));
  known.sort((a, b) => a.p50 - b.p50);
  return { pool, missing, known, unknown: busy.length - known.length };
}

function spanOf({ kind, p50, p90 }: ExpectedRelease, now: number): Span {
  if (p50 < now) return { kind, earliest: now, p50: (now + p90) / 2, p90 };
  return { kind, earliest: Math.max(now, p50 - (p90 - p50)), p50, p90 };
}

function earliestOf({ known, missing, unknown }: Shortage, now: number): number {
  return nth(missing, [...Array<number>(unknown).fill(now), ...known.map(({ earliest }) => earliest)]);
}

function medianOf({ known, missing }: Shortage): number {
  return nth(
    missing,
    known.map(({ p50 }) => p50),
  );
}

/** The n-th smallest, from 1. The callers have made sure that there are as many. */
function nth(n: number, times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[n - 1] ?? Number.NaN;
}

const RELEASES = {
  'lease-ends': {
    one: 'a lease ends',
    many: 'leases end',
    moves: 'a lease can be extended, or its machines given back before',
  },
  'session-usually-ends': {
    one: 'a session usually ends',
    many: 'sessions usually end',
    moves: 'a session can end sooner or last longer than usual',
  },
  cleaning: { one: 'a machine is cleaned', many: 'machines are cleaned', moves: 'cleaning can last longer than usual' },
  provisioning: {
    one: 'a machine has started',
    many: 'machines have started',
    moves: 'a new machine can start late or not at all',
  },
} satisfies Record<ReleaseKind, { readonly one: string; readonly many: string; readonly moves: string }>;

/** Speaks of the pool that is last to have its machines. */
function because(shortages: readonly Shortage[]): string {
  const [last] = shortages.toSorted((a, b) => medianOf(b) - medianOf(a));
  if (last === undefined) return 'Enough machines are free now.';
  const { missing, pool } = last;
  const released = kindsOf([last]).map(([kind, count]) => {
    const { one, many } = RELEASES[kind];
    return count === 1 ? one : `${count} ${many}`;
  });
  return `It needs ${missing} more ${missing === 1 ? 'machine' : 'machines'} of ${pool}; by then ${listed(released)}.`;
}

function mayMove(shortages: readonly Shortage[], holds: boolean): string {
  const unknown = shortages.reduce((sum, shortage) => sum + shortage.unknown, 0);
  const causes: string[] = kindsOf(shortages).map(([kind]) => RELEASES[kind].moves);
  if (unknown > 0)
    causes.push(`nobody knows when ${unknown === 1 ? 'one machine is' : `${unknown} machines are`} free`);
  const others = holds || shortages.length === 0 ? '' : ' or one that needs fewer machines';
  causes.push(`a session of higher priority${others} can go first`);
  return `It may move: ${causes.join('; ')}.`;
}

/** What the machines that are waited for do, with their numbers. */
function kindsOf(shortages: readonly Shortage[]): readonly [ReleaseKind, number][] {
  const counts = new Map<ReleaseKind, number>();
  for (const { known, missing } of shortages) {
    for (const { kind } of known.slice(0, missing)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts];
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${last}` : last;
}
