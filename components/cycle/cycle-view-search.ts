import { createParser, parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from 'nuqs';
import type { TimeRange } from '@/components/chart/time-range';
import { parseDuration } from '@/components/plan/duration-text';

export const cycleViews = ['timeline', 'chart', 'steps', 'log'] as const;
export type CycleViewName = (typeof cycleViews)[number];

/** Epoch milliseconds, written as `2026-11-22T14:02:11.000Z`; below 0: as long before now, written as `-2h`. */
const parseAsMoment = createParser({
  parse: (text) => {
    if (text.startsWith('-')) return -1_000 * (parseDuration(text.slice(1)) ?? 0) || null;
    const at = Date.parse(text);
    return at >= 0 ? at : null;
  },
  serialize: (at: number) => (at < 0 ? `${at / 1_000}s` : new Date(at).toISOString()),
});

/** What of a cycle is looked at. It is in the address, so that a link shows the same. */
export const cycleSearch = {
  view: parseAsStringLiteral(cycleViews).withDefault('timeline'),
  /** The moment that the page shows; absent: now. */
  at: parseAsIsoDateTime,
  /** The instance that is selected. */
  sel: parseAsString,
};

/** The part of the time that the timeline shows; what is absent is its beginning or its end. */
export const windowSearch = { from: parseAsMoment, to: parseAsMoment };

/** What the address asks for of the whole time; null = all of it, also where it ends before it begins. */
export function windowOf(
  asked: { readonly from: number | null; readonly to: number | null },
  whole: TimeRange,
  now: number,
): TimeRange | null {
  if (asked.from === null && asked.to === null) return null;
  const moment = (at: number | null, absent: number) => (at === null ? absent : at < 0 ? now + at : at);
  const window = { from: moment(asked.from, whole.from), to: moment(asked.to, whole.to) };
  return window.from < window.to ? window : null;
}
