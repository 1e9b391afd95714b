import type { Metadata } from 'next';
import { CycleDetails } from '@/components/cycle/cycle-details';
import { CycleSkeleton } from '@/components/cycle/cycle-skeleton';
import { HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';

export const metadata: Metadata = { title: 'Cycle' };

export default function Page(route: { params: Promise<{ cycleId: string }> }) {
  return (
    <InPlace fallback={<CycleSkeleton />}>
      <CyclePage {...route} />
    </InPlace>
  );
}

async function CyclePage({ params }: { params: Promise<{ cycleId: string }> }) {
  const { cycleId } = await params;
  void prefetch(trpc.cycle.history.queryOptions({ cycleId }));
  await prefetchOrNotFound(trpc.cycle.byId.queryOptions({ cycleId }));
  return (
    <HydrateClient>
      <CycleDetails cycleId={cycleId} />
    </HydrateClient>
  );
}
