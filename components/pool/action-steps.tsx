import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { GivenAction } from '@/components/pool/use-actions';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { Glyph } from '@/components/ui/glyph';
import { AbsoluteTime } from '@/components/ui/relative-time';

interface ActionStepsProps {
  action: GivenAction;
  /** The page shows what was asked for. */
  isSeen: boolean;
  onDismiss: () => void;
}

/** How far an action is: requested, accepted, in effect. Nothing is shown as done before it was seen. */
export function ActionSteps({ action: { name, requestedAt, answer }, isSeen, onDismiss }: ActionStepsProps) {
  const close = (
    <Button variant="quiet" size="small" onClick={onDismiss} aria-label={`Dismiss: ${name}`}>
      <Glyph shape="close" />
    </Button>
  );
  if (answer.kind === 'unanswered') {
    return (
      <Banner tone="warn" announce actions={close}>
        <b className="font-medium">No answer came to “{name}”.</b> It may have been accepted all the same: see here what
        holds before you ask again.
      </Banner>
    );
  }
  if (answer.kind === 'refused') {
    return (
      <Banner tone="bad" announce actions={close}>
        <b className="font-medium">{name}: refused.</b> {answer.message}
        {answer.requestId !== null && (
          <>
            {' '}
            Request <CopyId value={answer.requestId} short={answer.requestId.slice(0, 8)} />
          </>
        )}
      </Banner>
    );
  }
  const accepted = answer.kind === 'accepted';
  return (
    <div
      role="status"
      className="flex items-start gap-3 rounded-panel border border-line bg-panel px-4 py-1.5 shadow-[inset_2px_0_0_var(--accent)]"
    >
      <b className="pt-0.5 font-medium">{name}</b>
      <ol className="flex min-w-0 flex-1 flex-wrap gap-x-5 gap-y-0.5 phone:grid">
        <Step done>
          requested <AbsoluteTime at={requestedAt} />
        </Step>
        <Step done={accepted}>
          {accepted ? (
            <>
              accepted <AbsoluteTime at={answer.at} />, request{' '}
              <CopyId value={answer.requestId} short={answer.requestId.slice(0, 8)} />
            </>
          ) : (
            'waiting to be accepted'
          )}
        </Step>
        <Step done={accepted && isSeen}>{accepted && isSeen ? 'in effect' : 'then in effect'}</Step>
      </ol>
      {close}
    </div>
  );
}

function Step({ done, children }: { done: boolean; children: ReactNode }) {
  return (
    <li className={clsx('flex min-h-6 items-center gap-1.5', !done && 'text-ink-2')}>
      <Glyph shape={done ? 'tick' : 'ring-dashed'} className={done ? 'text-mark-started' : 'text-mark-starting'} />
      <span>{children}</span>
    </li>
  );
}
