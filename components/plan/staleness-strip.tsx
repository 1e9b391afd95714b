'use client';

import { useState } from 'react';
import { previewHref } from '@/components/plan/preview-href';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { formatRelative } from '@/components/ui/duration';
import { TextButton } from '@/components/ui/text-link';
import type { PlanView } from '@/server/contract/plan';
import type { PlanChange } from '@/server/domain/approval/staleness';
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
          <b className="font-medium">Changed, harmless.</b> {count(changes.length)} since this was planned; none of it
          concerns what is approved.
          <Changes changes={changes} />
        </Banner>
      );
    case 'material': {
      const material = changes.filter((change) => change.material).length;
      return (
        <Banner
          tone="bad"
          announce
          actions={
            <ButtonLink variant="primary" size="small" href={previewHref(plan.body)}>
              Preview again
            </ButtonLink>
          }
        >
          <b className="font-medium">Changed, and it matters.</b> {count(changes.length)} since this was planned
          {material < changes.length && `, ${material} of which ${material === 1 ? 'matters' : 'matter'}`}, so it cannot
          be approved any more.
          <Changes changes={changes} />
        </Banner>
      );
    }
  }
}

/** The browser's idea of the server's time may be behind the answer by a little. */
function Ago({ at }: { at: number }) {
  return useClock((now) => formatRelative(Math.min(at, now), now));
}

const SHOWN = 4;

function Changes({ changes }: { changes: readonly PlanChange[] }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <ul className="mt-1 grid gap-0.5 text-12">
        {(all ? changes : changes.slice(0, SHOWN)).map((change) => (
          <li key={change.sentence} className={change.material ? 'font-medium' : 'text-ink-2'}>
            {change.sentence}
            {!change.material && <span className="text-ink-3"> (harmless)</span>}
          </li>
        ))}
      </ul>
      {changes.length > SHOWN && (
        <TextButton aria-expanded={all} onClick={() => setAll(!all)} className="text-12">
          {all ? 'Show fewer' : `Show all ${changes.length}`}
        </TextButton>
      )}
    </>
  );
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

function count(changes: number): string {
  return changes === 1 ? 'One thing changed' : `${changes} things changed`;
}
