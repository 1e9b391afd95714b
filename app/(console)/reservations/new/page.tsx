import type { Metadata } from 'next';
import { createLoader, parseAsString, type SearchParams } from 'nuqs/server';
import { ReserveForm } from '@/components/pool/reserve-form';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { SkeletonRows } from '@/components/ui/skeleton';
import { hasRole } from '@/server/contract/people.ts';

export const metadata: Metadata = { title: 'Reserve machines' };

const loadSearch = createLoader({ pool: parseAsString });

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { viewer } = await getContext();
  const { pool } = await loadSearch(searchParams);
  if (viewer === null || !hasRole(viewer.role, 'operator')) {
    return (
      <EmptyState
        title="You may not reserve machines"
        level={1}
        actions={<ButtonLink href="/pools">Go to pools</ButtonLink>}
      >
        Only operators and administrators do. An administrator can change your role under People.
      </EmptyState>
    );
  }
  prefetch(trpc.pool.list.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        crumbs={[
          { label: 'Pools', href: '/pools' },
          { label: 'Reservations', href: '/reservations' },
        ]}
        title="Reserve machines"
        lead="Machines of one pool or of several, for you alone and for a time."
      />
      <InPlace fallback={<SkeletonRows rows={6} tall />}>
        <ReserveForm pool={pool} />
      </InPlace>
    </HydrateClient>
  );
}
