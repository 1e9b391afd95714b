import type { Metadata } from 'next';
import { PoolSkeleton } from '@/components/pool/pool-skeleton';
import { ReservationPage } from '@/components/pool/reservation-page';
import { HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';

export const metadata: Metadata = { title: 'Reservation' };

export default function Page(route: { params: Promise<{ reservationId: string }> }) {
  return (
    <InPlace fallback={<PoolSkeleton />}>
      <Content {...route} />
    </InPlace>
  );
}

async function Content({ params }: { params: Promise<{ reservationId: string }> }) {
  const { reservationId } = await params;
  // First, so that no change falls between the number that the pools are as of and the reservation.
  await prefetch(trpc.pool.list.queryOptions());
  await prefetchOrNotFound(trpc.reservation.byId.queryOptions({ reservationId }));
  return (
    <HydrateClient>
      <ReservationPage reservationId={reservationId} />
    </HydrateClient>
  );
}
