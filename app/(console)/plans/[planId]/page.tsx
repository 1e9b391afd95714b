import type { Metadata } from 'next';
import { Plan } from '@/components/plan/plan';
import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';
import { plansToCompare } from '@/components/plan/plans-to-compare';
import { HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';

export const metadata: Metadata = { title: 'Plan' };

export default function Page(route: { params: Promise<{ planId: string }> }) {
  return (
    <InPlace fallback={<PlanPageSkeleton title="Plan" />}>
      <PlanPage {...route} />
    </InPlace>
  );
}

async function PlanPage({ params }: { params: Promise<{ planId: string }> }) {
  const { planId } = await params;
  const { clusterId } = await prefetchOrNotFound(trpc.plan.byId.queryOptions({ planId }));
  await prefetch(trpc.plan.list.queryOptions(plansToCompare(clusterId)));
  return (
    <HydrateClient>
      <Plan planId={planId} />
    </HydrateClient>
  );
}
