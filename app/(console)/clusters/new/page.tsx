import type { Metadata } from 'next';
import { DeclareCluster } from '@/components/cluster/declare-cluster';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { SkeletonRows } from '@/components/ui/skeleton';
import { hasRole } from '@/server/contract/people.ts';

export const metadata: Metadata = { title: 'Declare cluster' };

export default async function Page({ searchParams }: { searchParams: Promise<{ env?: string | string[] }> }) {
  const { env } = await searchParams;
  const { viewer } = await getContext();
  if (viewer === null || !hasRole(viewer.role, 'administrator')) {
    return (
      <EmptyState
        title="You may not declare clusters"
        level={1}
        actions={<ButtonLink href="/clusters">Go to clusters</ButtonLink>}
      >
        Only administrators do. One of them can change your role under People.
      </EmptyState>
    );
  }
  prefetch(trpc.environment.list.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        crumbs={[{ label: 'Clusters', href: '/clusters' }, { label: 'new' }]}
        title="Declare a cluster"
        lead="A number of machines that run the same."
      />
      <InPlace fallback={<SkeletonRows rows={6} tall />}>
        <DeclareCluster environment={typeof env === 'string' ? env : undefined} />
      </InPlace>
    </HydrateClient>
  );
}
