'use client';

import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { memo, useCallback, useDeferredValue, useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { plural } from '@/components/cluster/cluster-sentence';
import { type ClusterViewSearch, clusterViewSearch } from '@/components/cluster/cluster-view-search';
import { instanceListInput, instancePages } from '@/components/cluster/instance-list-input';
import { linkId, neighbours, sortInstances } from '@/components/cluster/instance-order';
import { SyncAge } from '@/components/cluster/sync-age';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { InPlace } from '@/components/ui/in-place';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';
import type { ClusterView, InstanceView } from '@/server/contract/cluster.ts';
import type { InstanceCell } from '@/server/contract/instance.ts';

const InstanceDrawer = laterPart(
  dynamic(() => import('@/components/cluster/instance-drawer').then((module) => module.InstanceDrawer)),
);
const InstanceTable = laterPart(
  dynamic(() => import('@/components/cluster/instance-table').then((module) => module.InstanceTable)),
);
const TermFilter = laterPart(
  dynamic(() => import('@/components/cluster/term-filter').then((module) => module.TermFilter)),
);

const InstanceGrid = laterPart(
  dynamic(() => import('@/components/cluster/instance-grid').then((module) => module.InstanceGrid)),
  <GridSkeleton />,
);

type Search = ClusterViewSearch;
type SetSearch = (changed: Partial<Search>) => void;

/** The instances as a grid and as a table, and the facts of one beside them. */
export function ClusterInstances({ cluster: present }: { cluster: ClusterView }) {
  // A cluster that has become too large for its view is read page by page: until that has come, it stays as it was.
  const cluster = useDeferredValue(present);
  const [search, setSearch] = useQueryStates(clusterViewSearch);
  // What is there stays until what another filter lets through has come, and until another view or drawer is drawn.
  const shown = useDeferredValue(search);
  const input = instanceListInput(cluster.id, shown);
  const change: SetSearch = useCallback((changed) => void setSearch(changed), [setSearch]);
  // Of a large cluster the view has no instances, and filters are for the server.
  const isWhole = input.q === '' && cluster.instances.length === cluster.size;
  const views = { cluster, search: shown, setSearch: change, isLate: shown.q !== search.q };
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-start gap-2">
        <TermFilter
          label="Filter instances"
          placeholder="Id, or state:started  outdated:yes  age:>10m  -zone:a"
          subject="instances"
          value={search.q}
          onChange={(text) => change({ q: text })}
          known={knownValues(cluster)}
        />
        <Segmented
          label="How instances are shown"
          options={[
            { value: 'both', label: 'Grid and table' },
            { value: 'table', label: 'Table' },
            { value: 'grid', label: 'Grid' },
          ]}
          value={search.view}
          onChange={(view) => change({ view })}
        />
      </div>
      <InPlace fallback={<ViewsSkeleton view={search.view} />}>
        {isWhole ? <WholeInstances {...views} /> : <PagedInstances {...views} />}
      </InPlace>
    </div>
  );
}

function knownValues({ instances, outdatedConfigs, version }: ClusterView) {
  const zones = new Set(instances.flatMap(({ zone }) => (zone === null ? [] : [zone])));
  const versions = [version, ...outdatedConfigs.map(({ config }) => config.version)];
  return { zone: [...zones].sort(), version: [...new Set(versions)].map(String) };
}

interface SourceProps {
  cluster: ClusterView;
  search: Search;
  setSearch: SetSearch;
  /** Another filter is on its way. */
  isLate: boolean;
}

/** All instances, as the view of the cluster has them; its events keep them up to date one by one. */
const WholeInstances = memo(function WholeInstances(props: SourceProps) {
  const { instances } = props.cluster;
  const rows = useMemo(() => sortInstances(instances, props.search.sort), [instances, props.search.sort]);
  const cells = useMemo(() => sortInstances(instances, 'id'), [instances]);
  return <InstanceViews {...props} rows={rows} cells={cells} total={rows.length} onNearEnd={ignore} />;
});

/** What the server lets through, page by page; a change of the cluster is read again. */
const PagedInstances = memo(function PagedInstances(props: SourceProps) {
  const { cluster, search, isLate } = props;
  const trpc = useTRPC();
  const input = instanceListInput(cluster.id, search);
  const list = trpc.instance.list.infiniteQueryOptions(input, instancePages);
  const { data, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery(list);
  const cells = trpc.instance.cells.queryOptions({ clusterId: cluster.id, q: input.q });
  const { data: all } = useSuspenseQuery(cells);
  const stream = `cluster:${cluster.id}`;
  useLive(stream, data.pages[0]?.cursors[stream], list.queryKey, () => 'refetch');
  useLive(stream, all.cursors[stream], cells.queryKey, () => 'refetch');
  const listId = JSON.stringify(input);
  const read = useMemo(
    () => ({
      listId,
      search,
      rows: data.pages.flatMap((page) => page.rows),
      total: data.pages.at(-1)?.total ?? 0,
      cells: all.cells,
      isLate: isLate || isFetchingNextPage,
      onNearEnd: () => {
        if (hasNextPage && !isFetching) void fetchNextPage({ cancelRefetch: false });
      },
    }),
    [listId, search, data, all, isLate, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage],
  );
  // Another page is drawn in what time is left: the rows that are being scrolled are not held up.
  const drawn = useDeferredValue(read);
  // Another filter is another list: nothing of the one before stays in it.
  return <InstanceViews {...props} {...drawn} key={drawn.listId} />;
});

function ignore(): void {}

interface InstanceViewsProps extends SourceProps {
  rows: readonly InstanceView[];
  cells: readonly InstanceCell[];
  /** Of which the rows are what has been read. */
  total: number;
  onNearEnd: () => void;
}

const InstanceViews = memo(function InstanceViews(props: InstanceViewsProps) {
  const { cluster, search, setSearch, isLate, rows, cells, total, onNearEnd } = props;
  const select = useCallback((instance: string | null) => setSearch({ instance }), [setSearch]);
  const list = useRef<HTMLDivElement>(null);
  useInstanceKeys(list, rows, search.instance, select);
  const isOpen = search.instance !== null;
  return (
    <div
      ref={list}
      aria-busy={isLate || undefined}
      className={isOpen ? 'grid grid-cols-[minmax(0,1fr)_348px] items-start gap-4 narrow:grid-cols-1' : ''}
    >
      <div className="grid min-w-0 gap-4">
        {total === 0 ? (
          <Panel label="Instances" flush>
            <NoInstances cluster={cluster} onClear={() => setSearch({ q: '' })} />
          </Panel>
        ) : (
          <>
            {search.view !== 'table' && (
              <InstanceGrid
                clusterName={cluster.name}
                cells={cells}
                grouping={search.group}
                onGrouping={(group) => setSearch({ group })}
                selected={search.instance}
                onSelect={select}
              />
            )}
            {search.view !== 'grid' && (
              <InstanceTable
                cluster={cluster}
                instances={rows}
                total={total}
                isLate={isLate}
                search={search}
                onSelect={select}
                onNearEnd={onNearEnd}
                footer={
                  <>
                    <span>{countSentence(cluster, total)}</span>
                    <span className="ml-auto inline-flex gap-1.5">
                      Read <SyncAge observedAt={cluster.observedAt} />
                    </span>
                  </>
                }
              />
            )}
          </>
        )}
      </div>
      {search.instance !== null && (
        <InstanceDrawer
          cluster={cluster}
          instanceId={search.instance}
          neighbours={neighbours(rows, search.instance)}
          onSelect={select}
        />
      )}
    </div>
  );
});

function GridSkeleton() {
  return (
    <Panel label="Grid of instances">
      <Skeleton className="h-40! w-full" />
    </Panel>
  );
}

function ViewsSkeleton({ view }: { view: Search['view'] }) {
  return (
    <>
      {view !== 'table' && <GridSkeleton />}
      {view !== 'grid' && (
        <Panel label="Instances" flush>
          <SkeletonRows rows={12} />
        </Panel>
      )}
    </>
  );
}

function NoInstances({ cluster, onClear }: { cluster: ClusterView; onClear: () => void }) {
  if (cluster.observedAt === null) {
    return (
      <EmptyState level={2} title={`${cluster.name} is being read for the first time`}>
        Its instances show as soon as a worker has read the back end; that takes a few seconds.
      </EmptyState>
    );
  }
  if (cluster.size === 0) {
    return (
      <EmptyState level={2} title="No instances">
        The target is {cluster.targetSize}. {cluster.targetSize > 0 && 'Preview a cycle to start them.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      level={2}
      title={`The filter hides ${cluster.size === 1 ? 'the one instance' : `all ${cluster.size} instances`}`}
      actions={<Button onClick={onClear}>Clear filter</Button>}
    />
  );
}

function countSentence({ size, outdated, counts, instances }: ClusterView, shown: number): string {
  const isProtected = instances.filter((instance) => instance.protection !== null).length;
  return [
    shown === size ? plural(size, 'instance') : `${shown} of ${size}`,
    outdated > 0 && `${outdated} outdated`,
    counts.unhealthy > 0 && `${counts.unhealthy} unhealthy`,
    isProtected > 0 && `${isProtected} protected`,
  ]
    .filter((part) => part !== false)
    .join(' · ');
}

/** While the focus is in the list or beside it: j and k go on to the next and the previous, Escape closes. */
function useInstanceKeys(
  list: { readonly current: HTMLElement | null },
  instances: readonly InstanceView[],
  selected: string | null,
  select: (id: string | null) => void,
): void {
  // A key may come before the drawer of the one before is drawn.
  const last = useRef(selected);
  useEffect(() => {
    last.current = selected;
  }, [selected]);
  const choose = (id: string | null) => {
    last.current = id;
    select(id);
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const selected = last.current;
    if (selected === null || !(event.target instanceof HTMLElement) || !list.current?.contains(event.target)) return;
    if (event.target.matches('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      choose(null);
      document.getElementById(linkId(selected))?.focus();
      return;
    }
    const { before, after } = neighbours(instances, selected);
    const next = event.key === 'j' ? after : event.key === 'k' ? before : null;
    if (next === null) return;
    // The shell, which moves the focus by these keys, leaves them to the list.
    event.preventDefault();
    choose(next);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
