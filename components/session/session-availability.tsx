'use client';

import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { Availability } from '@/components/pool/availability';
import { useDebounced } from '@/components/pool/use-debounced';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { useLive } from '@/components/trpc/use-live';
import { Banner } from '@/components/ui/banner';

const ASK_AFTER_MS = 300;

interface SessionAvailabilityProps {
  wants: { pool: string; count: number }[];
  priority: number;
}

/** When the session could begin if it were submitted now, as the pools are and change. */
export function SessionAvailability({ wants, priority }: SessionAvailabilityProps) {
  const trpc = useTRPC();
  const { data: pools } = useQuery(trpc.pool.list.queryOptions());
  const asked = useDebounced(JSON.stringify({ wants, priority }), ASK_AFTER_MS);
  const isOpen = wants.length > 0;
  const query = trpc.pool.availability.queryOptions(
    asked === JSON.stringify({ wants, priority }) && isOpen ? { wants, kind: 'session', priority } : skipToken,
  );
  const { data, error, isPlaceholderData } = useQuery({ ...query, placeholderData: keepPreviousData });
  useLive('pools', pools?.cursors.pools, query.queryKey, () => 'refetch');
  if (error !== null && isOpen) return <Banner tone="warn">{errorMessage(error)}</Banner>;
  if (!isOpen)
    return <p className="text-ink-2">Choose a pool for each component, and it is said here when they start.</p>;
  return (
    <Availability availability={data} isOld={isPlaceholderData || asked !== JSON.stringify({ wants, priority })} />
  );
}
