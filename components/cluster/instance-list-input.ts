import type { ClusterViewSearch, InstanceSort } from '@/components/cluster/cluster-view-search';
import { readablePart } from '@/server/domain/cluster/filter.ts';

const INSTANCES_A_PAGE = 100;

export const instancePages = {
  getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor,
};

/** What the list of instances is asked for. Equal searches give equal inputs. */
export function instanceListInput(clusterId: string, { q, sort }: Pick<ClusterViewSearch, 'q' | 'sort'>) {
  return {
    clusterId,
    q: readablePart(q, 'instances'),
    sort: sortKey(sort),
    order: sort.startsWith('-') ? ('desc' as const) : ('asc' as const),
    limit: INSTANCES_A_PAGE,
  };
}

function sortKey(sort: InstanceSort): 'age' | 'id' | 'state' {
  if (sort === 'age' || sort === '-age') return 'age';
  return sort === 'id' || sort === '-id' ? 'id' : 'state';
}
