import { createSerializer, type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { ClusterListInput } from '@/server/contract/cluster.ts';
import { quoted, readablePart } from '@/server/domain/cluster/filter.ts';

const CLUSTERS_A_PAGE = 50;

const sorts = ['name', '-name', 'outdated', '-outdated', 'size', '-size', 'drift', '-drift'] as const;
export type ClusterSort = (typeof sorts)[number];

/** What the address of the clusters page says. What is as always is not in it. */
export const clusterSearch = {
  env: parseAsString.withDefault(''),
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(sorts).withDefault('name'),
};
export type ClusterSearch = inferParserType<typeof clusterSearch>;

export const clustersHref = createSerializer(clusterSearch);

export const clusterPages = {
  getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor,
};

/**
 * What to ask the server for. Equal searches give equal inputs, so that the page finds what was read ahead for it; what
 * cannot be read of a filter is told beside it, and the rest holds.
 */
export function clusterListInput({ env, q, sort }: ClusterSearch): Omit<ClusterListInput, 'cursor'> {
  return {
    q: [env === '' ? '' : `env:${quoted(env)}`, readablePart(q, 'clusters')].filter((part) => part !== '').join(' '),
    sort: sortKey(sort),
    order: sort.startsWith('-') ? 'desc' : 'asc',
    limit: CLUSTERS_A_PAGE,
  };
}

type SortKey = NonNullable<ClusterListInput['sort']>;

function sortKey(sort: ClusterSort): SortKey {
  switch (sort) {
    case 'name':
    case '-name':
      return 'name';
    case 'outdated':
    case '-outdated':
      return 'outdated';
    case 'size':
    case '-size':
      return 'size';
    case 'drift':
    case '-drift':
      return 'drift';
  }
}

/** By the most first where more is what one looks for; the other way round when it is sorted so already. */
export function nextSort(now: ClusterSort, key: SortKey): ClusterSort {
  if (key === 'name') return now === 'name' ? '-name' : 'name';
  return now === `-${key}` ? key : `-${key}`;
}
