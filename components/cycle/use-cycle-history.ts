'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import {
  applyClusterEventToHistory,
  applyCycleEventToHistory,
  type CycleHistoryView,
} from '@/server/contract/cycle-history';

interface CycleHistoryQuery {
  /** null until it has been read. */
  readonly history: CycleHistoryView | null;
  readonly error: unknown;
}

/** What the cycle and its instances went through until now. */
export function useCycleHistory(cycleId: string, clusterId: string): CycleHistoryQuery {
  const query = useTRPC().cycle.history.queryOptions({ cycleId });
  const { data, error } = useQuery(query);
  useLive(`cycle:${cycleId}`, data?.seq, query.queryKey, applyCycleEventToHistory);
  useLive(`cluster:${clusterId}`, data?.clusterSeq, query.queryKey, applyClusterEventToHistory);
  return { history: data ?? null, error };
}
