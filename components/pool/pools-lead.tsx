'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { poolsSentence } from '@/components/pool/pool-sentence';
import { useTRPC } from '@/components/trpc/client';
import { useClock } from '@/components/ui/clock';

/** What all pools hold and who waits longest. The list beneath keeps the answer up to date. */
export function PoolsLead() {
  const { data } = useSuspenseQuery(useTRPC().pool.list.queryOptions());
  const rest = useClock((now) => poolsSentence(data.rows, now).rest);
  return (
    <>
      <b>{poolsSentence(data.rows, 0).strong}</b>
      {rest}
    </>
  );
}
