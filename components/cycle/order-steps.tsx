import { clsx } from 'clsx';
import { inWorkCount } from '@/components/cycle/abort-outcome';
import { ORDER_WORDS, type Order, orderEffect } from '@/components/cycle/order';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { Glyph } from '@/components/ui/glyph';
import { AbsoluteTime } from '@/components/ui/relative-time';
import type { CycleView } from '@/server/contract/cycle';

interface OrderStepsProps {
  order: Order;
  cycle: CycleView;
  onDismiss: () => void;
}

/** How far an order is: requested, accepted, in effect. Nothing is shown as done before it was seen. */
export function OrderSteps({ order, cycle, onDismiss }: OrderStepsProps) {
  const { answer } = order;
  const close = (
    <Button variant="quiet" size="small" onClick={onDismiss} aria-label={`Dismiss: ${ORDER_WORDS[order.action]}`}>
      <Glyph shape="close" />
    </Button>
  );
  if (answer.kind === 'unanswered') {
    return (
      <Banner tone="warn" announce actions={close}>
        <b className="font-medium">No answer came to {ORDER_WORDS[order.action]}.</b> It may have been accepted all the
        same: see here what the cycle does before you ask again.
      </Banner>
    );
  }
  if (answer.kind === 'refused') {
    return (
      <Banner tone="bad" announce actions={close}>
        <b className="font-medium">{ORDER_WORDS[order.action]} was refused.</b> {answer.message}
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
  const effect = accepted ? orderEffect(order, cycle) : 'open';
  return (
    <div
      role="status"
      className="flex items-start gap-3 rounded-panel border border-line bg-panel px-4 py-1.5 shadow-[inset_2px_0_0_var(--accent)]"
    >
      <b className="pt-0.5 font-medium whitespace-nowrap">{ORDER_WORDS[order.action]}</b>
      <ol className="flex min-w-0 flex-1 flex-wrap gap-x-5 gap-y-0.5 phone:grid">
        <Step done>
          requested <AbsoluteTime at={order.requestedAt} />
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
        <Step done={effect === 'observed'}>{effectInWords(order, cycle, effect, accepted)}</Step>
      </ol>
      {close}
    </div>
  );
}

function Step({ done, children }: { done: boolean; children: React.ReactNode }) {
  return (
    <li className={clsx('flex min-h-6 items-center gap-1.5', !done && 'text-ink-2')}>
      <Glyph shape={done ? 'tick' : 'ring-dashed'} className={done ? 'text-mark-started' : 'text-mark-starting'} />
      <span>{children}</span>
    </li>
  );
}

function effectInWords(
  { action }: Order,
  cycle: CycleView,
  effect: 'open' | 'observed' | 'overtaken',
  accepted: boolean,
): string {
  if (effect === 'observed') return 'in effect';
  if (effect === 'overtaken') return `overtaken: the cycle is ${cycle.state}`;
  if (!accepted) return 'then in effect';
  // The runner takes no turn of a paused cycle.
  if (cycle.state === 'paused') return 'in effect when the cycle is resumed';
  const inWork = inWorkCount(cycle);
  if ((action === 'pause' || action === 'abort') && inWork > 0)
    return `in effect when the ${inWork} in work have finished`;
  return 'in effect with the next turn of the worker';
}
