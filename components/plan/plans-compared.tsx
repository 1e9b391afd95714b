'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { CompareHead } from '@/components/plan/compare-head';
import type { ComparedPlan } from '@/components/plan/plan-comparison';
import { useTRPC } from '@/components/trpc/client';
import { useZone } from '@/components/ui/clock';
import { EmptyState } from '@/components/ui/empty-state';
import { laterPart } from '@/components/ui/later-part';
import { TextLink } from '@/components/ui/text-link';
import { formatSecond } from '@/components/ui/zoned-time';
import type { PlanView } from '@/server/contract/plan';

const PlanComparison = laterPart(
  dynamic(() => import('@/components/plan/plan-comparison').then((module) => module.PlanComparison)),
);

/** Two frozen plans of one cluster, side by side. What was frozen never changes, so nothing here is live. */
export function PlansCompared({ first, second }: { first: string; second: string }) {
  const trpc = useTRPC();
  const { data: before } = useSuspenseQuery(trpc.plan.byId.queryOptions({ planId: first }));
  const { data: after } = useSuspenseQuery(trpc.plan.byId.queryOptions({ planId: second }));
  const { zone } = useZone();
  return (
    <>
      <CompareHead
        plan={before}
        lead={`The plan of ${planTime(before, zone)} by ${before.author.name}, and that of ${planTime(after, zone)} by ${after.author.name}.`}
        other={second}
        actions={<TextLink href={`/plans/${second}/compare/${first}`}>The other way round</TextLink>}
      />
      {before.clusterId === after.clusterId ? (
        <div className="grid gap-4">
          <PlanComparison before={compared(before, zone)} after={compared(after, zone)} />
        </div>
      ) : (
        <EmptyState title="These plans are of different clusters">
          What one decides about its instances says nothing of the other’s. Choose another plan to compare with.
        </EmptyState>
      )}
    </>
  );
}

/** A plan at the head of its column. */
export function compared(plan: PlanView, zone: string): ComparedPlan {
  const name = `Plan of ${planTime(plan, zone)}`;
  return {
    name,
    head: (
      <TextLink href={`/plans/${plan.id}`} className="min-h-0!">
        {name}
      </TextLink>
    ),
    body: plan.body,
    fileName: plan.id,
    live: false,
  };
}

/** To the second: two plans are often made within a minute. */
export function planTime({ createdAt }: Pick<PlanView, 'createdAt'>, zone: string): string {
  return formatSecond(createdAt, zone);
}
