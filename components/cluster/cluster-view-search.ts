import {
  createSerializer,
  type inferParserType,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';
import type { CellGrouping } from '@/components/cluster/cell-layout';

export const clusterTabs = ['instances', 'cycles', 'config'] as const;
const views = ['both', 'table', 'grid'] as const;
export const cellGroupings = ['none', 'zone', 'state', 'version'] as const satisfies CellGrouping[];
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

export const clusterViewHref = createSerializer(clusterViewSearch);

/** Which cycles the tab of the cycles asks for, the same in the page that reads it ahead. */
export function cyclesOf(clusterId: string) {
  return { clusterId };
}
