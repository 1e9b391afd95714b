'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { LiveStreams } from '@/components/cluster/live-streams';
import { useTRPC } from '@/components/trpc/client';
import type { PoolsView } from '@/server/contract/pool.ts';

/** How many machines somebody holds, and how much is free, whatever the list is filtered by. */
export function ReservationsLead() {
  const query = useTRPC().pool.list.queryOptions();
  const { data } = useSuspenseQuery(query);
  const { held, free } = totals(data);
  return (
    <>
      <LiveStreams cursors={data.cursors} queryKey={query.queryKey} reducer={() => 'refetch'} />
      <b>{held}</b> {held === 1 ? 'machine is' : 'machines are'} in use or reserved, <b>{free}</b>{' '}
      {free === 1 ? 'is' : 'are'} free.
    </>
  );
}

function totals({ rows }: PoolsView): { held: number; free: number } {
  return {
    held: rows.reduce((sum, { parts }) => sum + parts.inUse + parts.reserved, 0),
    free: rows.reduce((sum, { parts }) => sum + parts.available, 0),
  };
}
