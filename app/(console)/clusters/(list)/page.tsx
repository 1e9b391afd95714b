import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { clusterListInput, clusterPages, clusterSearch } from '@/components/cluster/cluster-search';
import { ClustersPage } from '@/components/cluster/clusters-page';
import { ClustersSkeleton } from '@/components/cluster/clusters-skeleton';
import { FleetLead } from '@/components/cluster/fleet-lead';
import { getContext, HydrateClient, prefetch, prefetchInfinite, trpc } from '@/components/trpc/server';
import { ButtonLink } from '@/components/ui/button';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Skeleton } from '@/components/ui/skeleton';
import { hasRole } from '@/server/contract/people.ts';

const loadClusterSearch = createLoader(clusterSearch);

export const metadata: Metadata = { title: 'Clusters' };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadClusterSearch(searchParams);
  const { viewer } = await getContext();
  const canDeclare = viewer !== null && hasRole(viewer.role, 'administrator');
  prefetchInfinite(trpc.cluster.list.infiniteQueryOptions(clusterListInput(search), clusterPages));
  prefetch(trpc.cluster.summary.queryOptions());
  prefetch(trpc.environment.list.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        title="Clusters"
        lead={
          <InPlace fallback={<Skeleton className="my-1.25 w-[min(384px,80vw)]" />}>
            <FleetLead />
          </InPlace>
        }
        actions={canDeclare && <ButtonLink href="/clusters/new">Declare cluster</ButtonLink>}
      />
      <InPlace fallback={<ClustersSkeleton />}>
        <ClustersPage canDeclare={canDeclare} />
      </InPlace>
    </HydrateClient>
  );
}
