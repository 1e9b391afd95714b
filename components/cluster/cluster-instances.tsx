'use client';

import { useQueryStates } from 'nuqs';
import { useEffect, useEffectEvent, useRef } from 'react';
import { plural } from '@/components/cluster/cluster-sentence';
import { clusterViewSearch } from '@/components/cluster/cluster-view-search';
import { FilterInput } from '@/components/cluster/filter-input';
import { InstanceDrawer } from '@/components/cluster/instance-drawer';
import { filterInstances } from '@/components/cluster/instance-filter';
import { InstanceGrid } from '@/components/cluster/instance-grid';
import { linkId, neighbours, sortInstances } from '@/components/cluster/instance-order';
import { InstanceTable } from '@/components/cluster/instance-table';
import { SyncAge } from '@/components/cluster/sync-age';
import { Button } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import type { ClusterView, InstanceView } from '@/server/contract/cluster.ts';

const FILTER_STEP_MS = 10_000;

/** The instances as a grid and as a table, and the facts of one beside them. */
export function ClusterInstances({ cluster }: { cluster: ClusterView }) {
  const [search, setSearch] = useQueryStates(clusterViewSearch);
  const now = useClock((at) => at - (at % FILTER_STEP_MS));
  const shown = sortInstances(filterInstances(cluster.instances, search.q, now), search.sort);
  const select = (instance: string | null) => void setSearch({ instance });
  const list = useRef<HTMLDivElement>(null);
  useInstanceKeys(list, shown, search.instance, select);
  const isOpen = search.instance !== null;

  return (
    <div
      ref={list}
      className={isOpen ? 'grid grid-cols-[minmax(0,1fr)_348px] items-start gap-4 narrow:grid-cols-1' : ''}
    >
      <div className="grid min-w-0 gap-4">
        <div className="flex flex-wrap items-center gap-2">
          <FilterInput
            label="Filter instances"
            placeholder="Id, or state:started  flag:outdated  age:>10d  version:1"
            value={search.q}
            onChange={(q) => void setSearch({ q })}
          />
          <Segmented
            label="How instances are shown"
            options={[
              { value: 'both', label: 'Grid and table' },
              { value: 'table', label: 'Table' },
              { value: 'grid', label: 'Grid' },
            ]}
            value={search.view}
            onChange={(view) => void setSearch({ view })}
          />
        </div>
        {shown.length === 0 ? (
          <Panel label="Instances" flush>
            <NoInstances cluster={cluster} onClear={() => void setSearch({ q: '' })} />
          </Panel>
        ) : (
          <>
            {search.view !== 'table' && <InstanceGrid instances={shown} selected={search.instance} onSelect={select} />}
            {search.view !== 'grid' && (
              <InstanceTable
                cluster={cluster}
                instances={shown}
                search={search}
                onSelect={select}
                footer={
                  <>
                    <span>{countSentence(cluster, shown.length)}</span>
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
          neighbours={neighbours(shown, search.instance)}
          onSelect={select}
        />
      )}
    </div>
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
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (selected === null || !(event.target instanceof HTMLElement) || !list.current?.contains(event.target)) return;
    if (event.target.matches('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      select(null);
      document.getElementById(linkId(selected))?.focus();
    }
    const { before, after } = neighbours(instances, selected);
    const next = event.key === 'j' ? after : event.key === 'k' ? before : null;
    if (next === null) return;
    // The shell, which moves the focus by these keys, leaves them to the list.
    event.preventDefault();
    select(next);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
