'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import type { CycleView } from '@/server/contract/cycle';
import { applyClusterEventToCycle } from '@/server/contract/cycle-events';
import type { LiveEvent } from '@/server/contract/live';

/** The cycle as it is now: its own events, and those of the cluster that it works on, keep it so. */
export function useLiveCycle(cycleId: string): CycleView {
  const query = useTRPC().cycle.byId.queryOptions({ cycleId });
  const { data: cycle } = useSuspenseQuery(query);
  useLive(`cycle:${cycleId}`, cycle.seq, query.queryKey, () => 'refetch');
  useLive(`cluster:${cycle.clusterId}`, cycle.clusterSeq, query.queryKey, applyClusterEventToCycle);
  useLive(`environment:${cycle.body.environment.id}`, cycle.environmentSeq, query.queryKey, applySync);
  return cycle;
}

/**
 * The facts were read again; whether those of this cluster changed is told by its own stream. Who waits for a place waits
 * for other clusters of the environment.
 */
function applySync(cycle: CycleView, event: LiveEvent): CycleView | 'refetch' {
  if (cycle.waitsForPlace !== null && event.kind === 'changed') return 'refetch';
  return { ...cycle, observedAt: event.body.observedAt ?? cycle.observedAt, environmentSeq: event.seq };
}
