import type { Metadata } from 'next';
import { Suspense } from 'react';
import { PoolSkeleton } from '@/components/pool/pool-skeleton';
import { ReservationPage } from '@/components/pool/reservation-page';
import { HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';

export const metadata: Metadata = { title: 'Reservation' };

export default async function Page({ params }: { params: Promise<{ reservationId: string }> }) {
  const { reservationId } = await params;
  // First, so that no change falls between the number that the pools are as of and the reservation.
  await prefetch(trpc.pool.list.queryOptions());
  await prefetchOrNotFound(trpc.reservation.byId.queryOptions({ reservationId }));
  return (
    <HydrateClient>
      <Suspense fallback={<PoolSkeleton />}>
        <ReservationPage reservationId={reservationId} />
      </Suspense>
    </HydrateClient>
  );
}
