'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { placeSentence } from '@/components/cycle/place-sentence';
import { actionReason } from '@/components/plan/action-reason';
import { Emphasis } from '@/components/plan/emphasis';
import { PlanFacts } from '@/components/plan/plan-facts';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { KeyValues } from '@/components/ui/key-values';
import type { PlanView } from '@/server/contract/plan';
import type { PlanAction } from '@/server/domain/approval/plan-state';

interface DecisionDialogProps {
  plan: PlanView;
  /** Which decision is asked for; null where none is. */
  asked: PlanAction | null;
  onClose: () => void;
}

/** Asks once more before a decision, which cannot be taken back. */
export function DecisionDialog({ plan, asked, onClose }: DecisionDialogProps) {
  return (
    <>
      <ApproveDialog plan={plan} open={asked === 'approve'} onClose={onClose} />
      <CloseDialog plan={plan} action="reject" open={asked === 'reject'} onClose={onClose} />
      <CloseDialog plan={plan} action="withdraw" open={asked === 'withdraw'} onClose={onClose} />
    </>
  );
}

interface OneDialogProps {
  plan: PlanView;
  open: boolean;
  onClose: () => void;
}

function ApproveDialog({ plan, open, onClose }: OneDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const { readAgain, comment, field, decision } = useDecision(plan, 'Comment, optional');
  const approve = useMutation(
    trpc.plan.approve.mutationOptions({
      onSuccess({ cycleId }) {
        if (cycleId !== null) return router.push(`/cycles/${cycleId}`);
        onClose();
        return readAgain();
      },
      // What stands in the way may be new, and is then said on the page as well.
      onError: readAgain,
    }),
  );
  const name = `${plan.body.environment.name}/${plan.body.cluster.name}`;
  const isLast = plan.approvals.length + 1 >= plan.approvalsNeeded;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Approve this plan for ${name}?`}
      confirmLabel={approveLabel(plan)}
      typeToConfirm={plan.approvalsNeeded > 1 ? name : undefined}
      disabledReason={approve.isSuccess ? 'Accepted, opening the cycle.' : actionReason(plan.actions.approve)}
      pending={approve.isPending}
      error={approve.isError ? errorMessage(approve.error) : null}
      onConfirm={() => approve.mutate({ ...decision, comment })}
    >
      <div className="grid gap-3">
        <p>
          <Emphasis sentence={plan.body.sentence} />{' '}
          {isLast ? startSentence(plan) : 'It starts when the last approval is given.'}
        </p>
        <KeyValues>
          <PlanFacts body={plan.body} mayStart />
        </KeyValues>
        {field}
      </div>
    </ConfirmDialog>
  );
}

const closing = {
  reject: {
    title: 'Reject this plan?',
    what: 'It can then not be approved any more. Its author sees why.',
    label: 'Reject plan',
    field: 'Why',
  },
  withdraw: {
    title: 'Withdraw this plan?',
    what: 'It can then not be approved any more. Nothing has been started.',
    label: 'Withdraw plan',
    field: 'Comment, optional',
  },
} as const;

function CloseDialog({ plan, action, open, onClose }: OneDialogProps & { action: 'reject' | 'withdraw' }) {
  const trpc = useTRPC();
  const words = closing[action];
  const { readAgain, comment, field, decision } = useDecision(plan, words.field);
  const settled = {
    onSuccess() {
      onClose();
      return readAgain();
    },
    onError: readAgain,
  };
  const reject = useMutation(trpc.plan.reject.mutationOptions(settled));
  const withdraw = useMutation(trpc.plan.withdraw.mutationOptions(settled));
  const close = action === 'reject' ? reject : withdraw;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={words.title}
      confirmLabel={words.label}
      disabledReason={
        actionReason(plan.actions[action]) ?? (action === 'reject' && comment.trim() === '' ? 'Say why first.' : null)
      }
      pending={close.isPending}
      error={close.isError ? errorMessage(close.error) : null}
      onConfirm={() => close.mutate({ ...decision, comment })}
    >
      <div className="grid gap-3">
        <p>{words.what}</p>
        {field}
      </div>
    </ConfirmDialog>
  );
}

/** What every decision needs: the plan that was seen, a comment, and the plan read again after it. */
function useDecision(plan: PlanView, label: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [comment, setComment] = useState('');
  const field: ReactNode = (
    <Field label={label}>
      <Textarea rows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} />
    </Field>
  );
  return {
    comment,
    field,
    decision: { planId: plan.id, fingerprint: plan.fingerprint },
    readAgain: () => queryClient.invalidateQueries(trpc.plan.byId.queryFilter({ planId: plan.id })),
  };
}

function startSentence({ nextPlace, body }: PlanView): string {
  if (nextPlace === null) return 'It starts at once.';
  return placeSentence({ waitsForPlace: nextPlace, environmentName: body.environment.name });
}

function approveLabel({ body }: PlanView): string {
  const { touched } = body.basis;
  const isReplacing = touched.length > 0 && touched.every((one) => one.decision === 'replace');
  const word = isReplacing ? 'replacement' : 'termination';
  return touched.length === 0 ? 'Approve' : `Approve ${touched.length} ${word}${touched.length === 1 ? '' : 's'}`;
}
