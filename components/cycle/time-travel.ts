import type { CycleHistory } from '../../server/domain/cycle/cycle-history.ts';

/** The span that can be looked at: from the approval to the end, or to now. */
interface TravelSpan {
  readonly from: number;
  readonly to: number;
}

/** The moment that is shown for one that is asked for; null = now, which is also what comes after the end. */
export function momentWithin(asked: number, { from, to }: TravelSpan): number | null {
  return asked >= to ? null : Math.max(from, Math.round(asked));
}

/**
 * The moment of the event before or after the one that is shown; null = now. Before the first it stays, and after the
 * last it is now.
 */
export function nextMoment(
  moments: readonly number[],
  shown: number | null,
  direction: -1 | 1,
  span: TravelSpan,
): number | null {
  const here = shown ?? span.to;
  if (direction === 1) {
    const next = moments.find((at) => at > here);
    return next === undefined ? null : momentWithin(next, span);
  }
  return momentWithin(moments.findLast((at) => at < here) ?? here, span);
}

/** Until when the history reaches. */
export function spanOfHistory({ from, to }: CycleHistory, now: number): TravelSpan {
  return { from, to: Math.max(from + 1, to ?? now) };
}
