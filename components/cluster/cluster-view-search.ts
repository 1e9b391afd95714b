import {
  createLoader,
  createSerializer,
  type inferParserType,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';
import { cellGroupings } from '@/components/cluster/cell-layout';
import { readablePart } from '@/server/domain/cluster/filter.ts';

export const clusterTabs = ['instances', 'cycles', 'config'] as const;
const views = ['both', 'table', 'grid'] as const;
const sorts = ['age', '-age', 'id', '-id', 'state', '-state'] as const;
export type InstanceSort = (typeof sorts)[number];

/** What the address of a cluster's page says. What is as always is not in it. */
export const clusterViewSearch = {
  tab: parseAsStringLiteral(clusterTabs).withDefault('instances'),
  q: parseAsString.withDefault(''),
  view: parseAsStringLiteral(views).withDefault('both'),
  /** What the cells of the grid are grouped by. */
  group: parseAsStringLiteral(cellGroupings).withDefault('none'),
  /** `age`: the oldest first. */
  sort: parseAsStringLiteral(sorts).withDefault('age'),
  /** The instance whose facts are shown beside the list. */
  instance: parseAsString,
  /** On the tab of the configuration: it is being edited. */
  edit: parseAsBoolean.withDefault(false),
};

export type ClusterViewSearch = inferParserType<typeof clusterViewSearch>;

export const loadClusterViewSearch = createLoader(clusterViewSearch);
export const clusterViewHref = createSerializer(clusterViewSearch);

/** Which cycles the tab of the cycles asks for, the same in the page that reads it ahead. */
export function cyclesOf(clusterId: string) {
  return { clusterId };
}

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
