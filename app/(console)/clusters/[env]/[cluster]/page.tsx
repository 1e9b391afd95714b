import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { ClusterPage } from '@/components/cluster/cluster-page';
import { ClusterSkeleton } from '@/components/cluster/cluster-skeleton';
import { clusterViewSearch, cyclesOf } from '@/components/cluster/cluster-view-search';
import { instanceListInput, instancePages } from '@/components/cluster/instance-list-input';
import { plansToCompare } from '@/components/plan/plans-to-compare';
import {
  getContext,
  HydrateClient,
  prefetch,
  prefetchInfinite,
  prefetchOrNotFound,
  trpc,
} from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { hasRole } from '@/server/contract/people.ts';

const loadClusterViewSearch = createLoader(clusterViewSearch);

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

export default function Page(route: ClusterRoute) {
  return (
    <InPlace fallback={<ClusterSkeleton />}>
      <Content {...route} />
    </InPlace>
  );
}

async function Content({ params, searchParams }: ClusterRoute) {
  const { environment, cluster } = await names(params);
  const { viewer } = await getContext();
  const { tab, ...search } = await loadClusterViewSearch(searchParams);
  const { id, instances, size } = await prefetchOrNotFound(trpc.cluster.byName.queryOptions({ environment, cluster }));
  const listed = instanceListInput(id, search);
  // As the page does: with a filter, or where the view of the cluster does not carry them.
  if (tab === 'instances' && (listed.q !== '' || instances.length !== size)) {
    prefetchInfinite(trpc.instance.list.infiniteQueryOptions(listed, instancePages));
    prefetch(trpc.instance.cells.queryOptions({ clusterId: id, q: listed.q }));
  }
  if (tab === 'cycles') {
    prefetch(trpc.cycle.list.queryOptions(cyclesOf(id)));
    prefetch(trpc.plan.list.queryOptions(plansToCompare(id)));
  }
  return (
    <HydrateClient>
      <ClusterPage
        environment={environment}
        name={cluster}
        canEdit={viewer !== null && hasRole(viewer.role, 'administrator')}
      />
    </HydrateClient>
  );
}
