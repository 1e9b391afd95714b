'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import type { PlanView } from '@/server/contract/plan';

/** A change that no event tells of, such as a worker that is gone, is seen after this long. */
const CHECK_EVERY_MS = 10_000;

/** The plan as it is now, compared with the cluster as it is now while somebody may still approve it. */
export function useLivePlan(planId: string): PlanView {
  const trpc = useTRPC();
  const query = trpc.plan.byId.queryOptions({ planId });
  const { data: plan } = useSuspenseQuery({
    ...query,
    refetchInterval: ({ state }) => state.data?.state === 'awaiting-approval' && CHECK_EVERY_MS,
  });
  useLive(`plan:${planId}`, plan.seq, query.queryKey, () => 'refetch');
  useLive(`cluster:${plan.clusterId}`, plan.clusterSeq, query.queryKey, () => 'refetch');
  return plan;
}
