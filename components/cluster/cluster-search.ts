import { createLoader, createSerializer, parseAsArrayOf, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { ClusterListInput } from '@/server/contract/cluster.ts';

export const CLUSTERS_A_PAGE = 50;

const sorts = ['name', '-name', 'outdated', '-outdated', 'size', '-size', 'drift', '-drift'] as const;
export type ClusterSort = (typeof sorts)[number];

/** What the address of the clusters page says. What is as always is not in it. */
export const clusterSearch = {
  env: parseAsString.withDefault(''),
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(sorts).withDefault('name'),
  /** The cursors of the pages up to this one; none on the first. */
  after: parseAsArrayOf(parseAsString).withDefault([]),
};

export const loadClusterSearch = createLoader(clusterSearch);
export const clustersHref = createSerializer(clusterSearch);

export interface ClusterSearch {
  env: string;
  q: string;
  sort: ClusterSort;
  after: string[];
}

/** What to ask the server for. Equal searches give equal inputs, so that the page finds what was read ahead for it. */
export function clusterListInput({ env, q, sort, after }: ClusterSearch): ClusterListInput {
  return {
    q: [env === '' ? '' : `env:${env}`, q.trim()].filter((part) => part !== '').join(' '),
    sort: sortKey(sort),
    direction: sort.startsWith('-') ? 'desc' : 'asc',
    cursor: after.at(-1) ?? null,
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
