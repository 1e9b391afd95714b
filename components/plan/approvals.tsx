'use client';

import { clsx } from 'clsx';
import { useState } from 'react';
import { actionReason } from '@/components/plan/action-reason';
import { DecisionDialog } from '@/components/plan/decision-dialog';
import { Fingerprint } from '@/components/plan/fingerprint';
import { PlanFacts } from '@/components/plan/plan-facts';
import { Button } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { Glyph } from '@/components/ui/glyph';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime, Timer } from '@/components/ui/relative-time';
import { ThumbBar } from '@/components/ui/thumb-bar';
import type { PlanView } from '@/server/contract/plan';
import type { PlanAction } from '@/server/domain/approval/plan-state';

/** Who has approved, who may, and the buttons for it. */
export function Approvals({ plan }: { plan: PlanView }) {
  const { approvals, approvalsNeeded, author, actions } = plan;
  const [asked, setAsked] = useState<PlanAction | null>(null);
  const waits = plan.state === 'awaiting-approval';
  return (
    <Panel
      title="Approval"
      note={`${approvals.length} of ${approvalsNeeded}`}
      className="sticky top-[calc(var(--topbar)+16px)] narrow:static"
      footer={<Fingerprint body={plan.body} fingerprint={plan.fingerprint} />}
    >
      <div className="grid gap-3">
        <div className="[&>dl]:grid-cols-[88px_minmax(0,1fr)]">
          <KeyValues>
            <PlanFacts body={plan.body} mayStart={waits} />
            {waits && <Expiry at={plan.expiresAt} />}
          </KeyValues>
        </div>
        <ol aria-label="Approvals" className="grid gap-1.5 border-t border-line pt-3">
          <Person
            shape="tick"
            className="text-ink-3"
            name={author.name}
            what="asked"
            at={plan.createdAt}
            comment={plan.comment}
          />
          {approvals.map((one) => (
            <Person
              key={one.userId}
              shape="diamond-full"
              className="text-mark-started"
              name={one.userName}
              what="approved"
              at={one.at}
              comment={one.comment}
            />
          ))}
          {waits && (
            <li className="flex items-start gap-2 text-ink-2">
              <Glyph shape="diamond" className="mt-1 text-accent" />
              <span>{missing(plan)}</span>
            </li>
          )}
        </ol>
        {waits && (
          <div className="grid gap-2 border-t border-line pt-3 phone:border-0 phone:pt-0">
            <ThumbBar>
              <Button
                variant="primary"
                block
                disabledReason={actionReason(actions.approve)}
                onClick={() => setAsked('approve')}
              >
                Approve…
              </Button>
              <div className="flex gap-2 empty:hidden">
                {actions.reject === true && <Button onClick={() => setAsked('reject')}>Reject…</Button>}
                {actions.withdraw === true && <Button onClick={() => setAsked('withdraw')}>Withdraw…</Button>}
              </div>
            </ThumbBar>
          </div>
        )}
      </div>
      <DecisionDialog plan={plan} asked={asked} onClose={() => setAsked(null)} />
    </Panel>
  );
}

interface PersonProps {
  shape: 'tick' | 'diamond-full';
  className: string;
  name: string;
  what: string;
  at: number;
  comment: string;
}

function Person({ shape, className, name, what, at, comment }: PersonProps) {
  return (
    <li className="flex items-start gap-2">
      <Glyph shape={shape} className={clsx('mt-1', className)} />
      <span className="min-w-0 flex-1">
        <b className="font-medium">{name}</b> {what}
        {comment !== '' && <span className="block text-12 wrap-anywhere text-ink-2">“{comment}”</span>}
      </span>
      <AbsoluteTime at={at} className="text-12 text-ink-3" />
    </li>
  );
}

const NEAR_MS = 5 * 60_000;

/** Counts down; amber near the end. */
function Expiry({ at }: { at: number }) {
  const phase = useClock((now) => (now >= at ? 'over' : at - now < NEAR_MS ? 'near' : 'far'));
  return (
    <KeyValue term="Expires in">
      {phase === 'over' ? (
        'expired'
      ) : (
        <b className={clsx('font-medium', phase === 'near' && 'text-warn')}>
          <Timer until={at} />
        </b>
      )}
    </KeyValue>
  );
}

function missing({ approvals, approvalsNeeded, selfApproval }: PlanView): string {
  const left = approvalsNeeded - approvals.length;
  const what = left === 1 ? 'One approval is missing.' : `${left} approvals are missing.`;
  return selfApproval ? what : `${what} The author may not approve.`;
}
