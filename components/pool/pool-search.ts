import { createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const poolSorts = ['queue', 'name', 'free'] as const;
export type PoolSort = (typeof poolSorts)[number];

const views = ['bars', 'numbers'] as const;

/** What the address of the pools page says. What is as always is not in it. */
export const poolsSearch = {
  q: parseAsString.withDefault(''),
  /** `queue`: the longest first. `free`: the fewest first. */
  sort: parseAsStringLiteral(poolSorts).withDefault('queue'),
  view: parseAsStringLiteral(views).withDefault('bars'),
};
export const poolsHref = createSerializer(poolsSearch);

const poolTabs = ['machines', 'queue', 'history'] as const;
const machineLists = ['all', 'out'] as const;

/** What the address of a pool's page says. */
export const poolViewSearch = {
  tab: parseAsStringLiteral(poolTabs).withDefault('machines'),
  /** `out`: those that are out of service. */
  show: parseAsStringLiteral(machineLists).withDefault('all'),
};
export const poolViewHref = createSerializer(poolViewSearch);

/** The address of a pool. */
export function poolHref(name: string): string {
  return `/pools/${encodeURIComponent(name)}`;
}

/** The address where machines of a pool, or of any, are reserved. */
export function reserveHref(pool?: string): string {
  return pool === undefined ? '/reservations/new' : `/reservations/new?pool=${encodeURIComponent(pool)}`;
}
