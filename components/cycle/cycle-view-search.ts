import { parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from 'nuqs';

export const cycleViews = ['timeline', 'chart', 'steps', 'log'] as const;
export type CycleViewName = (typeof cycleViews)[number];

/** What of a cycle is looked at. It is in the address, so that a link shows the same. */
export const cycleSearch = {
  view: parseAsStringLiteral(cycleViews).withDefault('timeline'),
  /** The moment that the page shows; absent: now. */
  at: parseAsIsoDateTime,
  /** The instance that is selected. */
  sel: parseAsString,
};
