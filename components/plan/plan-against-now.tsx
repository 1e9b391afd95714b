'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { Checks } from '@/components/plan/checks';
import { CompareHead } from '@/components/plan/compare-head';
import { storedKnobs, withKnobs } from '@/components/plan/knobs';
import { PlanSkeleton } from '@/components/plan/plan-skeleton';
import { compared, planTime } from '@/components/plan/plans-compared';
import { previewHref } from '@/components/plan/preview-href';
import { useLivePlan } from '@/components/plan/use-live-plan';
import { usePreview } from '@/components/plan/use-preview';
import { useTicks } from '@/components/plan/use-ticks';
import { errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { useZone } from '@/components/ui/clock';
import { laterPart } from '@/components/ui/later-part';
import type { PlanView, PreviewView } from '@/server/contract/plan';

const PlanComparison = laterPart(
  dynamic(() => import('@/components/plan/plan-comparison').then((module) => module.PlanComparison)),
);

const RequestApproval = laterPart(
  dynamic(() => import('@/components/plan/request-approval').then((module) => module.RequestApproval)),
);

interface PlanAgainstNowProps {
  planId: string;
  /** Whether the viewer may ask for an approval. */
  mayRequest: boolean;
}

/** A plan beside what would be planned now with the same knobs, from where that is saved as a new plan. */
export function PlanAgainstNow({ planId, mayRequest }: PlanAgainstNowProps) {
  const plan = useLivePlan(planId);
  const { zone } = useZone();
  const raw = useMemo(() => withKnobs(storedKnobs, plan.body.knobs), [plan.body.knobs]);
  const { view, isSettling, error, retry } = usePreview(plan.clusterId, raw);
  return (
    <>
      <CompareHead
        plan={plan}
        lead={`The plan of ${planTime(plan, zone)} by ${plan.author.name}, and what would be planned now with the same knobs.`}
        other="now"
        actions={<ButtonLink href={previewHref(plan.body)}>Change knobs</ButtonLink>}
      />
      <div className="grid gap-4">
        {error !== null && (
          <Banner
            tone="bad"
            announce
            actions={
              <Button size="small" onClick={retry}>
                Try again
              </Button>
            }
          >
            {errorMessage(error)} {view !== null && 'What is shown is from before.'}
          </Banner>
        )}
        {view === null ? (
          error === null && <PlanSkeleton />
        ) : (
          <Panels plan={plan} view={view} isSettling={isSettling} mayRequest={mayRequest} />
        )}
      </div>
    </>
  );
}

interface PanelsProps {
  plan: PlanView;
  view: PreviewView;
  isSettling: boolean;
  mayRequest: boolean;
}

function Panels({ plan, view, isSettling, mayRequest }: PanelsProps) {
  const { zone } = useZone();
  const { isTicked, tick } = useTicks();
  const warnings = view.checks.filter((check) => check.level === 'warning');
  const now = { name: 'Now', head: 'Now', body: view, fileName: `${plan.id}-now`, live: true };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_312px] items-start gap-4 narrow:grid-cols-1">
      <div className="grid min-w-0 gap-4 narrow:row-start-2">
        {view.checks.length > 0 && (
          <Checks
            body={view}
            isTicked={isTicked}
            onTick={tick}
            onFix={null}
            activeCycleId={view.activeCycle?.id ?? null}
          />
        )}
        <PlanComparison before={compared(plan, zone)} after={now} />
      </div>
      <RequestApproval
        view={view}
        ticked={warnings.filter(isTicked).map((check) => check.id)}
        unticked={warnings.filter((check) => !isTicked(check)).length}
        isSettling={isSettling}
        mayRequest={mayRequest}
      />
    </div>
  );
}
