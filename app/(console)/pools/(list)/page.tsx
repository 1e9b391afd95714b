import type { Metadata } from 'next';
import { reserveHref } from '@/components/pool/pool-search';
import { PoolsLead } from '@/components/pool/pools-lead';
import { PoolsPage } from '@/components/pool/pools-page';
import { PoolsSkeleton } from '@/components/pool/pools-skeleton';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { ButtonLink } from '@/components/ui/button';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Skeleton } from '@/components/ui/skeleton';
import { hasRole } from '@/server/contract/people.ts';

export const metadata: Metadata = { title: 'Pools' };

export default async function Page() {
  const { viewer } = await getContext();
  const canOperate = viewer !== null && hasRole(viewer.role, 'operator');
  prefetch(trpc.pool.list.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        title="Pools"
        lead={
          <InPlace fallback={<Skeleton className="my-1.25 w-[min(384px,80vw)]" />}>
            <PoolsLead />
          </InPlace>
        }
        actions={
          <>
            <ButtonLink href="/reservations">Reservations</ButtonLink>
            {canOperate && (
              <ButtonLink variant="primary" href={reserveHref()}>
                Reserve machines
              </ButtonLink>
            )}
          </>
        }
      />
      <InPlace fallback={<PoolsSkeleton />}>
        <PoolsPage />
      </InPlace>
    </HydrateClient>
  );
}
