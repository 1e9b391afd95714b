'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/client';
import { failureOf } from '@/components/trpc/error-message';
import { useLive } from '@/components/trpc/use-live';
import type { PoolView } from '@/server/contract/pool.ts';

/** The pool as it is now, and whether its last machine has gone since the page was opened. */
export function useLivePool(name: string): { pool: PoolView; isGone: boolean } {
  const query = useTRPC().pool.byName.queryOptions({ name });
  const { data: pool, error } = useSuspenseQuery(query);
  useLive(`pool:${name}`, pool.seq, query.queryKey, () => 'refetch');
  return { pool, isGone: failureOf(error)?.httpStatus === 404 };
}
