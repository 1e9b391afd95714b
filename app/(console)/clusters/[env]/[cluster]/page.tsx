import type { Metadata } from 'next';
import type { SearchParams } from 'nuqs/server';
import { Suspense } from 'react';
import { ClusterPage } from '@/components/cluster/cluster-page';
import { ClusterSkeleton } from '@/components/cluster/cluster-skeleton';
import { cyclesOf, loadClusterViewSearch } from '@/components/cluster/cluster-view-search';
import { plansToCompare } from '@/components/plan/plans-to-compare';
import { getContext, HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { hasRole } from '@/server/contract/people.ts';

interface ClusterRoute {
  params: Promise<{ env: string; cluster: string }>;
  searchParams: Promise<SearchParams>;
}

async function names(params: ClusterRoute['params']): Promise<{ environment: string; cluster: string }> {
  const { env, cluster } = await params;
  return { environment: decodeURIComponent(env), cluster: decodeURIComponent(cluster) };
}

export async function generateMetadata({ params }: ClusterRoute): Promise<Metadata> {
  const { environment, cluster } = await names(params);
  return { title: `${environment}/${cluster}` };
}

export default async function Page({ params, searchParams }: ClusterRoute) {
  const { environment, cluster } = await names(params);
  const { viewer } = await getContext();
  const { tab } = await loadClusterViewSearch(searchParams);
  const { id } = await prefetchOrNotFound(trpc.cluster.byName.queryOptions({ environment, cluster }));
  if (tab === 'cycles') {
    prefetch(trpc.cycle.list.queryOptions(cyclesOf(id)));
    prefetch(trpc.plan.list.queryOptions(plansToCompare(id)));
  }
  return (
    <HydrateClient>
      <Suspense fallback={<ClusterSkeleton environment={environment} name={cluster} />}>
        <ClusterPage
          environment={environment}
          name={cluster}
          canEdit={viewer !== null && hasRole(viewer.role, 'administrator')}
        />
      </Suspense>
    </HydrateClient>
  );
}
