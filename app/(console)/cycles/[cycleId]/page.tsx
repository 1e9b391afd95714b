import type { Metadata } from 'next';
import { CycleDetails } from '@/components/cycle/cycle-details';
import { HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';

export const metadata: Metadata = { title: 'Cycle' };

export default async function CyclePage({ params }: { params: Promise<{ cycleId: string }> }) {
  const { cycleId } = await params;
  void prefetch(trpc.cycle.history.queryOptions({ cycleId }));
  await prefetchOrNotFound(trpc.cycle.byId.queryOptions({ cycleId }));
  return (
    <HydrateClient>
      <CycleDetails cycleId={cycleId} />
    </HydrateClient>
  );
}
