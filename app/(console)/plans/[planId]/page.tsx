import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Plan } from '@/components/plan/plan';
import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';
import { HydrateClient, prefetch, trpc } from '@/components/trpc/server';

export const metadata: Metadata = { title: 'Plan' };

export default async function PlanPage({ params }: { params: Promise<{ planId: string }> }) {
  const { planId } = await params;
  prefetch(trpc.plan.byId.queryOptions({ planId }));
  return (
    <HydrateClient>
      <Suspense fallback={<PlanPageSkeleton title="Plan" />}>
        <Plan planId={planId} />
      </Suspense>
    </HydrateClient>
  );
}
