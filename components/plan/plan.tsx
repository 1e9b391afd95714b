'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { FrozenChecks } from '@/components/plan/checks';
import { Emphasis } from '@/components/plan/emphasis';
import { PlanStateBadge } from '@/components/plan/plan-state-badge';
import { PlannedWith } from '@/components/plan/planned-with';
import { StalenessStrip } from '@/components/plan/staleness-strip';
import { useLivePlan } from '@/components/plan/use-live-plan';
import { laterPart } from '@/components/ui/later-part';
import { PageHead } from '@/components/ui/page-head';

const Approvals = laterPart(dynamic(() => import('@/components/plan/approvals').then((module) => module.Approvals)));
const PlanParts = laterPart(dynamic(() => import('@/components/plan/plan-parts').then((module) => module.PlanParts)));
const CompareWith = laterPart(
  dynamic(() => import('@/components/plan/compare-with').then((module) => module.CompareWith)),
);

/** A frozen preview, as its author saw it, and whether it still holds. */
export function Plan({ planId }: { planId: string }) {
  const plan = useLivePlan(planId);
  // Each check brings a new view; what was frozen never changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the body of one plan is always the same
  const body = useMemo(() => plan.body, [plan.id]);
  const name = `${body.environment.name}/${body.cluster.name}`;
  const fileName = `${body.environment.name}-${body.cluster.name}-${plan.id}`;
  return (
    <>
      <PageHead
        crumbs={[
          { label: 'Clusters', href: '/clusters' },
          { label: name, href: `/clusters/${name}` },
        ]}
        title="Plan"
        lead={<Emphasis sentence={body.sentence} />}
        actions={
          <>
            <PlanStateBadge state={plan.state} />
            <CompareWith plan={plan} />
          </>
        }
      />
      <div className="grid gap-4">
        <StalenessStrip plan={plan} />
        <div className="grid grid-cols-[minmax(0,1fr)_312px] items-start gap-4 narrow:grid-cols-1">
          <div className="grid min-w-0 gap-4 narrow:row-start-2">
            <FrozenChecks body={body} />
            <PlannedWith body={body} />
            <PlanParts body={body} live={false} fileName={fileName} />
          </div>
          <Approvals plan={plan} />
        </div>
      </div>
    </>
  );
}
