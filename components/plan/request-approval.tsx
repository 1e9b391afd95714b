'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Fingerprint } from '@/components/plan/fingerprint';
import { PlanFacts } from '@/components/plan/plan-facts';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { Textarea } from '@/components/ui/input';
import { KeyValues } from '@/components/ui/key-values';
import { Panel } from '@/components/ui/panel';
import { markOf, type Tone, textOf } from '@/components/ui/tone';
import type { PreviewView } from '@/server/contract/plan';

interface RequestApprovalProps {
  view: PreviewView;
  /** The warnings that were ticked. */
  ticked: readonly string[];
  unticked: number;
  isSettling: boolean;
  mayRequest: boolean;
}

/** Freezes the preview into a plan that somebody approves. */
export function RequestApproval({ view, ticked, unticked, isSettling, mayRequest }: RequestApprovalProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [comment, setComment] = useState('');
  const create = useMutation(
    trpc.plan.create.mutationOptions({ onSuccess: (planId) => router.push(`/plans/${planId}`) }),
  );
  const blockers = view.checks.filter((check) => check.level === 'blocker').length;
  const warnings = ticked.length + unticked;
  const isSaving = create.isPending || create.isSuccess;
  const why = whyNot({ mayRequest, blockers, unticked, isSettling, isSaving });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (why !== null) return;
    // What was shown, not what is being typed: the author asks for what the author saw.
    const { cluster, knobs, fingerprint } = view;
    create.mutate({ clusterId: cluster.id, knobs, fingerprint, ticked: [...ticked], comment });
  };
  return (
    <Panel
      title="Request approval"
      className="sticky top-[calc(var(--topbar)+16px)] narrow:static"
      footer={<Fingerprint body={view} fingerprint={view.fingerprint} />}
    >
      <form onSubmit={submit} className="grid gap-3">
        <div className="[&>dl]:grid-cols-[88px_minmax(0,1fr)]">
          <KeyValues>
            <PlanFacts body={view} mayStart />
          </KeyValues>
        </div>
        <ul className="grid gap-1 border-t border-line pt-3">
          <Todo
            tone={blockers > 0 ? 'bad' : 'ok'}
            shape={blockers > 0 ? 'cross' : 'tick'}
            state={blockers > 0 ? `${blockers} left` : 'none'}
          >
            Solve blockers
          </Todo>
          <Todo
            tone={unticked > 0 ? 'warn' : 'ok'}
            shape={unticked > 0 ? 'triangle' : 'tick'}
            state={warnings === 0 ? 'none' : `${ticked.length} of ${warnings} ticked`}
          >
            Tick warnings
          </Todo>
          <Todo tone="neutral" shape="ring" state="0 given">
            {view.approvals.needed === 1 ? '1 approval' : `${view.approvals.needed} approvals`}, {view.environment.name}
          </Todo>
        </ul>
        <Field label="Comment, optional">
          <Textarea rows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} />
        </Field>
        {create.isError && (
          <Banner tone="bad" announce>
            {errorMessage(create.error)}
          </Banner>
        )}
        <div className="min-h-16">
          <Button type="submit" variant="primary" block disabledReason={why}>
            Save plan and request approval
          </Button>
          {why === null && (
            <p className="mt-0.5 text-12 text-pretty text-ink-3">
              {view.approvals.selfApproval
                ? 'Freezes this preview. You may approve it yourself.'
                : 'Freezes this preview. Somebody else must approve it: you will be its author.'}
            </p>
          )}
        </div>
      </form>
    </Panel>
  );
}

function whyNot({
  mayRequest,
  blockers,
  unticked,
  isSettling,
  isSaving,
}: {
  mayRequest: boolean;
  blockers: number;
  unticked: number;
  isSettling: boolean;
  isSaving: boolean;
}): string | null {
  if (!mayRequest) return 'This needs the role operator. An administrator can give it to you.';
  if (isSaving) return 'Requested, waiting for the answer.';
  const left = [
    ...(blockers > 0 ? [blockers === 1 ? 'a blocker is left' : `${blockers} blockers are left`] : []),
    ...(unticked > 0 ? [unticked === 1 ? 'a warning is not ticked' : `${unticked} warnings are not ticked`] : []),
  ];
  if (left.length > 0) return `Not yet: ${left.join(', and ')}.`;
  return isSettling ? 'Recomputing.' : null;
}

function Todo({ tone, shape, state, children }: { tone: Tone; shape: GlyphShape; state: string; children: ReactNode }) {
  return (
    <li className="flex items-center gap-2">
      <Glyph shape={shape} className={markOf[tone]} />
      <span className="flex-1">{children}</span>
      <span className={textOf[tone]}>{state}</span>
    </li>
  );
}
