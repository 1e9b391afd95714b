'use client';

import { PoolBar, PoolKey } from '@/components/chart/pool-bar';
import { partsThatOccur } from '@/components/pool/pool-look';
import { poolHref } from '@/components/pool/pool-search';
import { Badge } from '@/components/ui/badge';
import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import { EmptyState } from '@/components/ui/empty-state';
import { PageLink } from '@/components/ui/page-link';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import type { OverviewPool, OverviewView } from '@/server/contract/overview';
import { POOL_PARTS } from '@/server/domain/pool/pool.ts';

/** The pools that most wait for. */
export function OverviewPools({ pools: { items, total } }: { pools: OverviewView['pools'] }) {
  const occurring = POOL_PARTS.filter((part) => items.some(({ parts }) => partsThatOccur(parts).includes(part)));
  return (
    <Panel
      title="Pools"
      note={items.length < total ? `${items.length} of ${total}, the longest queue first` : 'the longest queue first'}
      aside={<TextLink href="/pools">All pools</TextLink>}
      flush
      footer={items.length > 0 ? <PoolKey parts={occurring} /> : undefined}
    >
      {items.length === 0 ? (
        <EmptyState title="No pools yet">
          A pool is what people and sessions take machines of. Give a cluster the label{' '}
          <code className="font-mono text-12">pool=name</code> to make one.
        </EmptyState>
      ) : (
        <ul aria-label="Pools, the longest queue first">
          {items.map((pool) => (
            <PoolLine key={pool.name} pool={pool} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function PoolLine({ pool: { name, parts, capacity, paused, waiting, oldestWaitSince } }: { pool: OverviewPool }) {
  const oldest = useClock((now) => (oldestWaitSince === null ? null : formatDuration(now - oldestWaitSince)));
  return (
    <li className="grid min-h-8 grid-cols-[minmax(0,9rem)_minmax(0,1fr)_13rem] items-center gap-3 border-b border-line px-4 py-1.25 last:border-b-0 phone:grid-cols-[minmax(0,1fr)_auto] phone:gap-y-1 phone:py-2">
      <span className="flex min-w-0 items-center gap-2">
        <PageLink href={poolHref(name)} className="inline-flex min-h-6 min-w-0 items-center hover:underline">
          <span className="truncate">{name}</span>
        </PageLink>
        {paused && (
          <Badge shape="pause" tone="warn">
            paused
          </Badge>
        )}
      </span>
      <span className="phone:order-last phone:col-span-2">
        <PoolBar parts={parts} />
      </span>
      <span className="text-right text-12 whitespace-nowrap text-ink-3">
        {parts.available} of {capacity} free
        {waiting > 0 && (
          <span className="text-ink-2">
            {' · '}
            <b className="font-medium text-ink">+{waiting}</b> waiting{oldest !== null && `, ${oldest}`}
          </span>
        )}
      </span>
    </li>
  );
}
