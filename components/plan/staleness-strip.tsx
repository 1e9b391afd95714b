'use client';

import { changeCount, PlanChanges } from '@/components/plan/plan-changes';
import { previewHref } from '@/components/plan/preview-href';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { formatRelative } from '@/components/ui/duration';
import type { PlanView } from '@/server/contract/plan';
import { isActive } from '@/server/domain/cycle/cycle-state';

/** Whether the plan still holds, and what became of it. */
export function StalenessStrip({ plan }: { plan: PlanView }) {
  const isOver = useClock((now) => now >= plan.expiresAt);
  switch (plan.state) {
    case 'awaiting-approval':
      return isOver ? <Closed plan={plan} what="This plan has expired." /> : <Compared plan={plan} />;
    case 'approved':
      return <Approved plan={plan} />;
    case 'rejected':
      return <Closed plan={plan} what={`Rejected by ${plan.decidedByName ?? 'somebody'}`} />;
    case 'withdrawn':
      return <Closed plan={plan} what={`Withdrawn by ${plan.decidedByName ?? 'somebody'}`} />;
    case 'expired':
      return <Closed plan={plan} what="This plan has expired. A plan waits for 30 min." />;
  }
}

function Compared({ plan }: { plan: PlanView }) {
  const { verdict, changes } = plan.staleness;
  const checked = (
    <span className="whitespace-nowrap text-ink-3">
      checked <Ago at={plan.checkedAt} />
    </span>
  );
  switch (verdict) {
    case 'fresh':
      return (
        <Banner tone="info" actions={checked}>
          <b className="font-medium">Fresh.</b> The cluster is as it was when this was planned.
        </Banner>
      );
    case 'harmless':
      return (
        <Banner tone="info" actions={checked}>
          <b className="font-medium">Changed, harmless.</b> {changeCount(plan.staleness)} since this was planned; none
          of it concerns what is approved.
          <PlanChanges changes={changes} />
        </Banner>
      );
    case 'material':
      return (
        <Banner
          tone="bad"
          announce
          actions={
            <ButtonLink variant="primary" size="small" href={`/plans/${plan.id}/compare/now`}>
              Preview again
            </ButtonLink>
          }
        >
          <b className="font-medium">Changed, and it matters.</b> {changeCount(plan.staleness)} since this was planned,
          so it cannot be approved any more. The new preview stands beside this plan.
          <PlanChanges changes={changes} />
        </Banner>
      );
  }
}

/** The browser's idea of the server's time may be behind the answer by a little. */
function Ago({ at }: { at: number }) {
  return useClock((now) => formatRelative(Math.min(at, now), now));
}

function Approved({ plan }: { plan: PlanView }) {
  return (
    <Banner
      tone="info"
      actions={
        plan.cycle !== null && (
          <ButtonLink variant="primary" size="small" href={`/cycles/${plan.cycle.id}`}>
            {isActive(plan.cycle.state) ? 'Watch the cycle' : 'See the cycle'}
          </ButtonLink>
        )
      }
    >
      <b className="font-medium">Approved.</b> {plan.cycle !== null && `Its cycle is ${plan.cycle.state}.`}
    </Banner>
  );
}

function Closed({ plan, what }: { plan: PlanView; what: string }) {
  return (
    <Banner
      tone="info"
      actions={
        <ButtonLink size="small" href={previewHref(plan.body)}>
          Preview again
        </ButtonLink>
      }
    >
      {what}
      {plan.decisionNote !== null && plan.decisionNote !== '' && <>: “{plan.decisionNote}”</>}
    </Banner>
  );
}
