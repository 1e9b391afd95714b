'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { applyEnvironmentEvent } from '@/components/cluster/live-cluster';
import { useTRPC } from '@/components/trpc/client';
import { failureOf } from '@/components/trpc/error-message';
import { useLive } from '@/components/trpc/use-live';
import type { ClusterView } from '@/server/contract/cluster.ts';
import { applyClusterEvent } from '@/server/contract/cluster-events.ts';

/** The cluster as it is now, and whether it was removed since the page was opened. */
export function useLiveCluster(environment: string, name: string): { cluster: ClusterView; isRemoved: boolean } {
  const query = useTRPC().cluster.byName.queryOptions({ environment, cluster: name });
  const { data: cluster, error } = useSuspenseQuery(query);
  useLive(`cluster:${cluster.id}`, cluster.seq, query.queryKey, applyClusterEvent);
  useLive(`environment:${cluster.environment.id}`, cluster.environmentSeq, query.queryKey, applyEnvironmentEvent);
  return { cluster, isRemoved: failureOf(error)?.httpStatus === 404 };
}
