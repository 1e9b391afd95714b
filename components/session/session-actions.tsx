'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Actions } from '@/components/pool/use-actions';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import type { SessionView } from '@/server/contract/session';
import type { SessionAction } from '@/server/domain/session/session-actions';

/** How long "keep for triage" keeps. */
const KEEP_MS = 2 * 3_600_000;

interface SessionActionsProps {
  session: SessionView;
  actions: Actions<SessionView>;
}

/** What may be done with a session now; what may not says why. */
export function SessionActions({ session, actions }: SessionActionsProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [asked, setAsked] = useState<'cancel' | 'finish' | null>(null);
  const cancel = useMutation(trpc.session.cancel.mutationOptions());
  const finish = useMutation(trpc.session.finish.mutationOptions());
  const keep = useMutation(trpc.session.keep.mutationOptions());
  const stopKeeping = useMutation(trpc.session.stopKeeping.mutationOptions());
  const runAgain = useMutation(
    trpc.session.runAgain.mutationOptions({ onSuccess: (id) => router.push(`/sessions/${id}`) }),
  );
  const { id: sessionId, name, outcome, state, spec } = session;
  const why = (action: SessionAction) => (session.actions[action] === true ? null : session.actions[action]);
  const disabled = actions.isWaiting;
  const isOver = outcome !== null || state === 'ended';

  const order = (action: 'cancel' | 'finish') => {
    const seen = (view: SessionView) => view.outcome !== null || view.ordered?.action === action;
    const send = () => (action === 'cancel' ? cancel : finish).mutateAsync({ sessionId });
    void actions.give(action === 'cancel' ? `Cancel ${name}` : `Finish ${name}`, seen, send).then(() => setAsked(null));
  };
  const keepOn = () =>
    void actions.give(
      'Keep for triage, 2 h',
      (view) => view.keepForMs > 0,
      () => keep.mutateAsync({ sessionId, forMs: KEEP_MS }),
    );
  const cleanUp = () =>
    void actions.give(
      'Clean up now',
      (view) => view.state !== 'keeping',
      () => stopKeeping.mutateAsync({ sessionId }),
    );
  const keepButton = (
    <Button disabledReason={why('keep')} disabled={disabled} onClick={keepOn}>
      {state === 'keeping' ? 'Keep 2 h from now' : 'Keep for triage, 2 h'}
    </Button>
  );
  if (isOver) {
    return (
      <>
        {keepButton}
        {state === 'keeping' && (
          <Button disabledReason={why('stop-keeping')} disabled={disabled} onClick={cleanUp}>
            Clean up now
          </Button>
        )}
        <Button
          variant="primary"
          disabledReason={why('run-again')}
          disabled={runAgain.isPending}
          onClick={() => runAgain.mutate({ sessionId })}
        >
          {runAgain.isPending ? 'Submitting' : 'Run again'}
        </Button>
        {runAgain.error !== null && (
          <Banner tone="bad" announce>
            {errorMessage(runAgain.error)}
          </Banner>
        )}
      </>
    );
  }
  return (
    <>
      {keepButton}
      <Button disabledReason={why('finish')} disabled={disabled} onClick={() => setAsked('finish')}>
        Finish…
      </Button>
      <Button variant="danger" disabledReason={why('cancel')} disabled={disabled} onClick={() => setAsked('cancel')}>
        Cancel session…
      </Button>
      <ConfirmDialog
        open={asked === 'finish'}
        onOpenChange={(open) => setAsked(open ? 'finish' : null)}
        title={`Finish ${name}`}
        confirmLabel="Finish 1 session"
        pending={disabled}
        onConfirm={() => order('finish')}
      >
        The driver is asked to end now, and the session ends as <b>finished</b> with what it has measured so far.
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === 'cancel'}
        onOpenChange={(open) => setAsked(open ? 'cancel' : null)}
        title={`Cancel ${name}`}
        confirmLabel="Cancel 1 session"
        destructive
        pending={disabled}
        onConfirm={() => order('cancel')}
      >
        {state === 'queued' ? (
          'It leaves the queue and never runs.'
        ) : (
          <>
            Its <b>{spec.components.length} components</b> are ended and its machines go back to their pools. Logs and
            events stay.
          </>
        )}
      </ConfirmDialog>
    </>
  );
}
