import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { reserveHref } from '@/components/pool/pool-search';
import { reservationListInput, reservationPages, reservationSearch } from '@/components/pool/reservation-query';
import { ReservationsLead } from '@/components/pool/reservations-lead';
import { ReservationsPage } from '@/components/pool/reservations-page';
import { getContext, HydrateClient, prefetch, prefetchInfinite, trpc } from '@/components/trpc/server';
import { ButtonLink } from '@/components/ui/button';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';
import { hasRole } from '@/server/contract/people.ts';

const loadReservationSearch = createLoader(reservationSearch);

export const metadata: Metadata = { title: 'Reservations' };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadReservationSearch(searchParams);
  const { viewer } = await getContext();
  const canOperate = viewer !== null && hasRole(viewer.role, 'operator');
  prefetch(trpc.pool.list.queryOptions());
  prefetchInfinite(trpc.reservation.list.infiniteQueryOptions(reservationListInput(search), reservationPages));
  return (
    <HydrateClient>
      <PageHead
        crumbs={[{ label: 'Pools', href: '/pools' }]}
        title="Reservations"
        lead={
          <InPlace fallback={<Skeleton className="my-1.25 w-80" />}>
            <ReservationsLead />
          </InPlace>
        }
        actions={
          canOperate && (
            <ButtonLink variant="primary" href={reserveHref()}>
              Reserve machines
            </ButtonLink>
          )
        }
      />
      <InPlace
        fallback={
          <Panel label="Reservations" flush>
            <SkeletonRows rows={6} tall />
          </Panel>
        }
      >
        <ReservationsPage canOperate={canOperate} />
      </InPlace>
    </HydrateClient>
  );
}
