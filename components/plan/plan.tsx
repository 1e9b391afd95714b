'use client';

import { useMemo } from 'react';
import { Approvals } from '@/components/plan/approvals';
import { FrozenChecks } from '@/components/plan/checks';
import { CompareWith } from '@/components/plan/compare-with';
import { ConfigurationChanges } from '@/components/plan/configuration-changes';
import { Decisions } from '@/components/plan/decisions';
import { Emphasis } from '@/components/plan/emphasis';
import { ForecastPanels } from '@/components/plan/forecast-panels';
import { NextTasks } from '@/components/plan/next-tasks';
import { PlanStateBadge } from '@/components/plan/plan-state-badge';
import { PlannedWith } from '@/components/plan/planned-with';
import { StalenessStrip } from '@/components/plan/staleness-strip';
import { useLivePlan } from '@/components/plan/use-live-plan';
import { namedWaves } from '@/components/plan/waves';
import { PageHead } from '@/components/ui/page-head';

/** A frozen preview, as its author saw it, and whether it still holds. */
export function Plan({ planId }: { planId: string }) {
  const plan = useLivePlan(planId);
  const { body } = plan;
  // Each check brings a new view; what was frozen never changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the body of one plan is always the same
  const waves = useMemo(() => namedWaves(body), [plan.id]);
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
            <NextTasks body={body} title="What happens first" />
            <ForecastPanels body={body} waves={waves} live={false} fileName={`${fileName}-forecast`} />
            <ConfigurationChanges body={body} />
            <Decisions body={body} waves={waves} fileName={`${fileName}-instances`} />
          </div>
          <Approvals plan={plan} />
        </div>
      </div>
    </>
  );
}
