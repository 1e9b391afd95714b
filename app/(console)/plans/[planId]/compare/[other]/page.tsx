import type { Metadata } from 'next';
import { PlanAgainstNow } from '@/components/plan/plan-against-now';
import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';
import { PlansCompared } from '@/components/plan/plans-compared';
import { plansToCompare } from '@/components/plan/plans-to-compare';
import { getContext, HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { hasRole } from '@/server/contract/people';

export const metadata: Metadata = { title: 'Compare plans' };

/** `other` is another plan, or `now` for what would be planned now. */
export default function Page(route: { params: Promise<{ planId: string; other: string }> }) {
  return (
    <InPlace fallback={<PlanPageSkeleton title="Compare plans" />}>
      <ComparePage {...route} />
    </InPlace>
  );
}

async function ComparePage({ params }: { params: Promise<{ planId: string; other: string }> }) {
  const { planId, other } = await params;
  const { viewer } = await getContext();
  const { clusterId, body } = await prefetchOrNotFound(trpc.plan.byId.queryOptions({ planId }));
  await Promise.all([
    prefetch(trpc.plan.list.queryOptions(plansToCompare(clusterId))),
    other === 'now'
      ? prefetch(trpc.cluster.preview.queryOptions({ clusterId, knobs: body.knobs }))
      : prefetchOrNotFound(trpc.plan.byId.queryOptions({ planId: other })),
  ]);
  return (
    <HydrateClient>
      {other === 'now' ? (
        <PlanAgainstNow planId={planId} mayRequest={viewer !== null && hasRole(viewer.role, 'operator')} />
      ) : (
        <PlansCompared first={planId} second={other} />
      )}
    </HydrateClient>
  );
}
