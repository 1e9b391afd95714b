import type { Metadata } from 'next';
import { Plan } from '@/components/plan/plan';
import { HydrateClient, prefetchOrNotFound, trpc } from '@/components/trpc/server';

export const metadata: Metadata = { title: 'Plan' };

export default async function PlanPage({ params }: { params: Promise<{ planId: string }> }) {
  const { planId } = await params;
  await prefetchOrNotFound(trpc.plan.byId.queryOptions({ planId }));
  return (
    <HydrateClient>
      <Plan planId={planId} />
    </HydrateClient>
  );
}
