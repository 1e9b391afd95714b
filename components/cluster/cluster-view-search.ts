import { createLoader, createSerializer, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const clusterTabs = ['instances', 'cycles', 'config'] as const;
const views = ['both', 'table', 'grid'] as const;
const sorts = ['age', '-age', 'id', '-id', 'state', '-state'] as const;
export type InstanceSort = (typeof sorts)[number];

/** What the address of a cluster's page says. What is as always is not in it. */
export const clusterViewSearch = {
  tab: parseAsStringLiteral(clusterTabs).withDefault('instances'),
  q: parseAsString.withDefault(''),
  view: parseAsStringLiteral(views).withDefault('both'),
  /** `age`: the oldest first. */
  sort: parseAsStringLiteral(sorts).withDefault('age'),
  /** The instance whose facts are shown beside the list. */
  instance: parseAsString,
  /** On the tab of the configuration: it is being edited. */
  edit: parseAsBoolean.withDefault(false),
};

export const loadClusterViewSearch = createLoader(clusterViewSearch);
export const clusterViewHref = createSerializer(clusterViewSearch);

/** Which cycles the tab of the cycles asks for, the same in the page that reads it ahead. */
export function cyclesOf(clusterId: string) {
  return { clusterId };
}
