'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { PoolKey } from '@/components/chart/pool-bar';
import { FilterInput } from '@/components/cluster/filter-input';
import { LiveStreams } from '@/components/cluster/live-streams';
import { partsThatOccur } from '@/components/pool/pool-look';
import { selectPools } from '@/components/pool/pool-order';
import { type PoolSort, poolsHref, poolsSearch } from '@/components/pool/pool-search';
import { useTRPC } from '@/components/trpc/client';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import type { SortDirection } from '@/components/ui/table';
import { POOL_PARTS } from '@/server/domain/pool/pool.ts';

const PoolsTable = laterPart(
  dynamic(() => import('@/components/pool/pools-table').then((module) => module.PoolsTable)),
);

/** All pools, live; the address says how they are sorted and shown. */
export function PoolsPage() {
  const query = useTRPC().pool.list.queryOptions();
  const { data } = useSuspenseQuery(query);
  const [search, setSearch] = useQueryStates(poolsSearch);
  const rows = selectPools(data.rows, search.q, search.sort);
  const occurring = POOL_PARTS.filter((part) => rows.some((row) => partsThatOccur(row.parts).includes(part)));
  const sortOf = (column: PoolSort) => ({
    direction: search.sort === column ? directions[column] : null,
    href: poolsHref('/pools', { ...search, sort: column }),
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <LiveStreams cursors={data.cursors} queryKey={query.queryKey} reducer={() => 'refetch'} />
      {data.rows.length > 0 && (
        <div className="flex flex-wrap items-center gap-2">
          <FilterInput
            label="Filter pools"
            placeholder="Name of a pool"
            value={search.q}
            onChange={(q) => void setSearch({ q })}
          />
          <Segmented
            label="How pools are shown"
            options={[
              { value: 'bars', label: 'Bars' },
              { value: 'numbers', label: 'Table' },
            ]}
            value={search.view}
            onChange={(view) => void setSearch({ view })}
          />
        </div>
      )}
      <Panel
        label="Pools"
        flush
        footer={rows.length > 0 && search.view === 'bars' ? <PoolKey parts={occurring} /> : undefined}
      >
        {data.rows.length === 0 ? (
          <NoPools />
        ) : rows.length === 0 ? (
          <EmptyState
            title={`The filter hides ${data.rows.length === 1 ? 'the one pool' : `all ${data.rows.length} pools`}`}
            actions={<Button onClick={() => void setSearch({ q: '' })}>Clear the filter</Button>}
          />
        ) : (
          <PoolsTable rows={rows} sortOf={sortOf} asNumbers={search.view === 'numbers'} />
        )}
      </Panel>
    </div>
  );
}

/** The longest queue and the fewest free come first. */
const directions = { name: 'ascending', queue: 'descending', free: 'ascending' } satisfies Record<
  PoolSort,
  SortDirection
>;

function NoPools() {
  return (
    <EmptyState title="No pools yet" actions={<ButtonLink href="/clusters">Go to clusters</ButtonLink>}>
      A pool is what people and sessions take machines of. Give a cluster, or single machines, the label{' '}
      <code className="font-mono text-12">pool=name</code>; the pool shows when its back end was read again.
    </EmptyState>
  );
}
