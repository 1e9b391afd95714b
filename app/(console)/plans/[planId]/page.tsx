import type { Metadata } from 'next';
import { Plan } from '@/components/plan/plan';
import { plansToCompare } from '@/components/plan/plans-to-compare';
import { HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';

export const metadata: Metadata = { title: 'Plan' };

export default async function PlanPage({ params }: { params: Promise<{ planId: string }> }) {
  const { planId } = await params;
  const { clusterId } = await prefetchOrNotFound(trpc.plan.byId.queryOptions({ planId }));
  await prefetch(trpc.plan.list.queryOptions(plansToCompare(clusterId)));
  return (
    <HydrateClient>
      <Plan planId={planId} />
    </HydrateClient>
  );
}
