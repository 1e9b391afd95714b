import type { Metadata } from 'next';
import { Suspense } from 'react';
import { CycleDetails } from '@/components/cycle/cycle-details';
import { CycleSkeleton } from '@/components/cycle/cycle-skeleton';
import { HydrateClient, prefetch, trpc } from '@/components/trpc/server';

export const metadata: Metadata = { title: 'Cycle' };

export default async function CyclePage({ params }: { params: Promise<{ cycleId: string }> }) {
  const { cycleId } = await params;
  prefetch(trpc.cycle.byId.queryOptions({ cycleId }));
  return (
    <HydrateClient>
      <Suspense fallback={<CycleSkeleton />}>
        <CycleDetails cycleId={cycleId} />
      </Suspense>
    </HydrateClient>
  );
}
