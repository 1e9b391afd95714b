'use client';

import dynamic from 'next/dynamic';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { Orders } from '@/components/cycle/use-orders';
import { Button } from '@/components/ui/button';
import { ConfirmDialog, loadConfirmation } from '@/components/ui/dialog';
import { laterPart } from '@/components/ui/later-part';
import { ThumbBar } from '@/components/ui/thumb-bar';
import type { CycleView } from '@/server/contract/cycle';
import { type Allowed, isActive } from '@/server/domain/cycle/cycle-state.ts';

const NextPreview = laterPart(
  dynamic(() => import('@/components/cycle/next-preview').then((module) => module.NextPreview)),
);
const AbortDialog = laterPart(
  dynamic(() => import('@/components/cycle/abort-dialog').then((module) => module.AbortDialog)),
);

interface CycleActionsProps {
  cycle: CycleView;
  orders: Orders;
}

/** What is asked before it is ordered; the page's own buttons pause and resume without a question. */
const questions = ['pause', 'resume', 'abort', 'give-up'] as const;

/** What a person may do with the cycle as a whole; one that has ended can only be previewed again. */
export function CycleActions({ cycle, orders }: CycleActionsProps) {
  // In the address, so that a link can open the question; it never orders anything by itself.
  const [asked, setAsked] = useQueryState('ask', parseAsStringLiteral(questions));
  const { actions } = cycle;
  if (!isActive(cycle.state)) return <NextPreview cycle={cycle} />;
  const pending = orders.of(null)?.answer.kind === 'waiting';
  const give = (action: 'pause' | 'resume' | 'abort' | 'stop-now' | 'end-as-failed') =>
    void orders.give(action).then(() => void setAsked(null));
  const mayAbort: Allowed = actions.abort === true || actions['stop-now'] === true ? true : actions['stop-now'];
  return (
    <ThumbBar>
      <Button disabledReason={why(actions.pause)} disabled={pending} onClick={() => give('pause')}>
        Pause
      </Button>
      <Button
        variant={cycle.state === 'paused' ? 'primary' : 'plain'}
        disabledReason={why(actions.resume)}
        disabled={pending}
        onClick={() => give('resume')}
      >
        Resume
      </Button>
      <Button
        variant="danger"
        disabledReason={why(mayAbort)}
        disabled={pending}
        onPointerEnter={() => void loadConfirmation()}
        onFocus={() => void loadConfirmation()}
        onClick={() => void setAsked('abort')}
      >
        Abort…
      </Button>
      {cycle.state === 'paused' && (
        <Button
          variant="danger"
          disabledReason={why(actions['end-as-failed'])}
          disabled={pending}
          onClick={() => void setAsked('give-up')}
        >
          Give up…
        </Button>
      )}
      <ConfirmDialog
        open={asked === 'pause' || asked === 'resume'}
        onOpenChange={(open) => open || void setAsked(null)}
        title={`${asked === 'resume' ? 'Resume' : 'Pause'} the cycle of ${cycle.environmentName}/${cycle.clusterName}`}
        confirmLabel={asked === 'resume' ? 'Resume the cycle' : 'Pause the cycle'}
        disabledReason={why(asked === 'resume' ? actions.resume : actions.pause)}
        pending={pending}
        onConfirm={() => give(asked === 'resume' ? 'resume' : 'pause')}
      >
        {asked === 'resume'
          ? 'It goes on from what it finds then, by the plan that was approved.'
          : 'No new call is sent. What is in work is finished, and then the cycle waits until somebody resumes it.'}
      </ConfirmDialog>
      <AbortDialog
        cycle={cycle}
        open={asked === 'abort'}
        onOpenChange={(open) => void setAsked(open ? 'abort' : null)}
        pending={pending}
        onAbort={(mode) => give(mode === 'stop-now' ? 'stop-now' : 'abort')}
      />
      <ConfirmDialog
        open={asked === 'give-up'}
        onOpenChange={(open) => void setAsked(open ? 'give-up' : null)}
        title={`Give up the cycle of ${cycle.environmentName}/${cycle.clusterName}`}
        confirmLabel="Give up the cycle"
        destructive
        pending={pending}
        onConfirm={() => give('end-as-failed')}
      >
        The cycle ends as <b>failed</b> at once. No further call is sent: instances stay as they are, those that drain
        or have drained out of service. It cannot be taken back.
      </ConfirmDialog>
    </ThumbBar>
  );
}

function why(allowed: Allowed): string | null {
  return allowed === true ? null : allowed;
}
