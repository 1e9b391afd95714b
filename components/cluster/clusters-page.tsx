'use client';

import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import {
  type ClusterSearch,
  clusterListInput,
  clusterPages,
  clusterSearch,
  clustersHref,
  nextSort,
} from '@/components/cluster/cluster-search';
import { plural } from '@/components/cluster/cluster-sentence';
import type { KnownValues } from '@/components/cluster/filter-completion';
import { quickList, withQuickList } from '@/components/cluster/filter-terms';
import { instanceKinds } from '@/components/cluster/instance-look';
import { isBroken } from '@/components/cluster/is-broken';
import { applyToPages } from '@/components/cluster/live-cluster';
import { LiveStreams } from '@/components/cluster/live-streams';
import { NewRows } from '@/components/cluster/new-rows';
import { NOTHING_SELECTED, toggled } from '@/components/cluster/selection';
import { useSteadyRows } from '@/components/cluster/use-steady-rows';
import { fleetPreviewHref } from '@/components/plan/fleet-search';
import { useTRPC } from '@/components/trpc/client';
import { Button, ButtonLink } from '@/components/ui/button';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { ProgressLine } from '@/components/ui/progress-line';
import { Segmented } from '@/components/ui/segmented';
import type { ClusterRow } from '@/server/contract/cluster.ts';

const StateLegend = laterPart(
  dynamic(() => import('@/components/cluster/state-bar').then((module) => module.StateLegend)),
);

const EnvironmentBanners = laterPart(
  dynamic(() => import('@/components/cluster/environment-banners').then((module) => module.EnvironmentBanners)),
);

const ClusterTable = laterPart(
  dynamic(() => import('@/components/cluster/cluster-table').then((module) => module.ClusterTable)),
);

const ClustersEmpty = laterPart(
  dynamic(() => import('@/components/cluster/clusters-empty').then((module) => module.ClustersEmpty)),
);
const TermFilter = laterPart(
  dynamic(() => import('@/components/cluster/term-filter').then((module) => module.TermFilter)),
);

/** That a worker is gone is in no event: nobody is there to send it. */
const ASK_FOR_WORKERS_MS = 15_000;

/** All clusters, filtered and sorted by the server and read page by page; the address says how. */
export function ClustersPage({ canDeclare }: { canDeclare: boolean }) {
  const trpc = useTRPC();
  const [search, setSearch] = useQueryStates(clusterSearch);
  // The rows that are there stay until those for another search have come.
  const shown = useDeferredValue(search);
  const { data: fleet } = useSuspenseQuery(trpc.cluster.summary.queryOptions());
  const { data: environments } = useSuspenseQuery({
    ...trpc.environment.list.queryOptions(),
    refetchInterval: ASK_FOR_WORKERS_MS,
  });
  const brokenIds = new Set(environments.filter(isBroken).map((environment) => environment.id));
  const query = trpc.cluster.list.infiniteQueryOptions(clusterListInput(shown), clusterPages);
  const { data: list, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery(query);
  const rows = useMemo(() => list.pages.flatMap((page) => page.rows), [list]);
  const change = (changed: Partial<ClusterSearch>) => void setSearch(changed);

  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-start gap-2">
        <TermFilter
          label="Filter clusters"
          placeholder="Name, or outdated:>0  state:draining  age:>10m"
          subject="clusters"
          value={search.q}
          onChange={(q) => change({ q })}
          known={{ ...labelsOf(rows), env: environments.map(({ name }) => name) }}
        />
        <Segmented
          label="Which clusters"
          options={[
            { value: 'all', label: 'All', count: fleet.clusters },
            { value: 'outdated', label: 'Outdated', count: fleet.outdatedClusters },
            { value: 'cycling', label: 'In a cycle', count: fleet.cycling },
          ]}
          value={quickList(search.q)}
          onChange={(list) => change({ q: withQuickList(search.q, list) })}
        />
      </div>
      <EnvironmentBanners environments={environments} />
      <LiveStreams cursors={list.pages[0]?.cursors ?? {}} queryKey={query.queryKey} reducer={applyToPages} />
      {rows.length === 0 ? (
        <Panel label="Clusters" flush>
          <ClustersEmpty
            clusters={fleet.clusters}
            filter={clusterListInput(shown).q ?? ''}
            canDeclare={canDeclare}
            onClear={() => void setSearch(null)}
          />
        </Panel>
      ) : (
        <ClusterList
          key={query.queryKey.map((part) => JSON.stringify(part)).join(' ')}
          rows={rows}
          total={list.pages.at(-1)?.total ?? rows.length}
          isLate={shown !== search || isFetchingNextPage}
          isBroken={(id) => brokenIds.has(id)}
          search={search}
          onNearEnd={() => {
            if (hasNextPage && !isFetching) void fetchNextPage();
          }}
        />
      )}
    </div>
  );
}

/** The labels that the clusters have, for the filter. */
function labelsOf(rows: readonly ClusterRow[]): KnownValues {
  const values: Record<string, string[]> = {};
  for (const { labels } of rows) {
    for (const [key, value] of Object.entries(labels)) {
      const known = values[`label.${key.toLowerCase()}`] ?? [];
      if (!known.includes(value)) values[`label.${key.toLowerCase()}`] = [...known, value];
    }
  }
  return values;
}

interface ClusterListProps {
  rows: readonly ClusterRow[];
  /** In all, of which the rows are what has been read. */
  total: number;
  /** More rows or another search are on the way. */
  isLate: boolean;
  isBroken: (environmentId: string) => boolean;
  search: ClusterSearch;
  onNearEnd: () => void;
}

/** One list of clusters: its rows stay where they are while somebody looks at them, and can be selected. */
function ClusterList({ rows, total, isLate, isBroken, search, onNearEnd }: ClusterListProps) {
  const steady = useSteadyRows(rows, idOf);
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const ids = steady.rows.filter(({ goneAt }) => goneAt === null).map(({ row }) => row.id);
  // The same while the ids are, so that a row is drawn anew only where it has changed itself.
  const key = ids.join(' ');
  const order = useMemo(() => (key === '' ? [] : key.split(' ')), [key]);
  const toggle = useCallback(
    (id: string, isRange: boolean) => setSelection((before) => toggled(before, id, { order, isRange })),
    [order],
  );
  const selected = new Set(order.filter((id) => selection.ids.has(id)));
  const kinds = instanceKinds.filter((kind) => rows.some(({ counts }) => counts[kind] > 0));
  return (
    <div>
      <NewRows waiting={steady.waiting} onShow={steady.showAll} />
      <Panel
        label="Clusters"
        flush
        footer={
          <>
            <StateLegend kinds={kinds} />
            <span className="ml-auto">
              {rows.length < total ? `${rows.length} of ${plural(total, 'cluster')} read` : plural(total, 'cluster')}
            </span>
          </>
        }
      >
        <ProgressLine active={isLate} />
        <ClusterTable
          rows={steady.rows}
          total={total}
          isBroken={isBroken}
          sortOf={(column) => ({
            direction: search.sort === column ? 'ascending' : search.sort === `-${column}` ? 'descending' : null,
            href: clustersHref('/clusters', { ...search, sort: nextSort(search.sort, column) }),
          })}
          selected={selected}
          onToggle={toggle}
          onToggleAll={() =>
            setSelection(selected.size === order.length ? NOTHING_SELECTED : { ids: new Set(order), anchor: null })
          }
          onNearEnd={onNearEnd}
          onSeen={steady.onSeen}
        />
      </Panel>
      <SelectionBar ids={[...selected]} onClear={() => setSelection(NOTHING_SELECTED)} />
    </div>
  );
}

function idOf({ id }: ClusterRow): string {
  return id;
}

/** What can be done with the clusters that are selected. */
function SelectionBar({ ids, onClear }: { ids: readonly string[]; onClear: () => void }) {
  if (ids.length === 0) return null;
  return (
    <section
      aria-label="Selected clusters"
      className="sticky bottom-4 z-10 mx-auto mt-3 flex w-fit items-center gap-3 rounded-panel border border-line bg-panel py-2 pr-2 pl-4 shadow-float phone:bottom-18"
    >
      <span role="status">{plural(ids.length, 'cluster')} selected</span>
      <ButtonLink variant="primary" href={fleetPreviewHref({ ids: [...ids] })}>
        Preview selected ({ids.length})
      </ButtonLink>
      <Button variant="quiet" onClick={onClear}>
        Clear
      </Button>
    </section>
  );
}
