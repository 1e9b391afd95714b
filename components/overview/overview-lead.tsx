'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/client';

/** How much needs a person, in a sentence. The page keeps it live. */
export function OverviewLead() {
  const { data } = useSuspenseQuery(useTRPC().overview.read.queryOptions());
  const { total } = data.needs;
  const { clusters, runningCycles } = data.numbers;
  return (
    <>
      <b>{total === 0 ? 'Nothing needs you.' : total === 1 ? '1 thing needs you.' : `${total} things need you.`}</b>{' '}
      {clusters === 1 ? '1 cluster' : `${clusters} clusters`},{' '}
      {runningCycles === 0 ? 'no cycle runs' : runningCycles === 1 ? '1 cycle runs' : `${runningCycles} cycles run`}.
    </>
  );
}
