'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { WorkloadName } from '@/components/cluster/workload-name';
import { partInWords } from '@/components/cycle/cycle-instances';
import { Deadline } from '@/components/cycle/deadline';
import { instanceAllowed } from '@/components/cycle/instance-allowed';
import { ExtendDrainDialog, ForceDrainDialog } from '@/components/cycle/instance-dialogs';
import { InstanceStateBadge } from '@/components/cycle/instance-state';
import { OrderSteps } from '@/components/cycle/order-steps';
import { outcomeInWords } from '@/components/cycle/steps';
import type { Orders } from '@/components/cycle/use-orders';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Glyph } from '@/components/ui/glyph';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import { AbsoluteTime, RelativeTime } from '@/components/ui/relative-time';
import type { CycleInstanceView, CycleView } from '@/server/contract/cycle';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

interface InstanceInspectorProps {
  cycle: CycleView;
  instanceId: string;
  orders: Orders;
  /** Whether the cycle is shown as it once was. What blocked a drain then is not known. */
  past: boolean;
  onClose: () => void;
}

/** One instance of the cycle: what is with it, what blocks it, and what may be done with it. Escape closes it. */
export function InstanceInspector({ cycle, instanceId, orders, past, onClose }: InstanceInspectorProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const instance = cycle.instances.find((one) => one.instanceId === instanceId);
  // Selecting moves there, so that what is selected far down is seen and can be acted on.
  useEffect(() => {
    if (instanceId === '') return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, [instanceId]);
  return (
    <aside
      aria-label={`Instance ${instanceId}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        // One layer at a time: the page may have another.
        event.preventDefault();
        onClose();
      }}
      className="sticky top-[calc(var(--topbar)+20px)] max-h-[calc(100vh-var(--topbar)-40px)] min-w-0 overflow-y-auto rounded-panel border border-line bg-panel narrow:static narrow:-order-1 narrow:max-h-none"
    >
      <header className="flex min-h-10 items-center gap-2 border-b border-line py-1.75 pr-2 pl-4">
        <h2 ref={heading} tabIndex={-1} className="min-w-0 flex-1 scroll-mt-20 outline-none">
          <CopyId value={instanceId} />
        </h2>
        {instance !== undefined && <InstanceStateBadge instance={instance} />}
        <Button variant="quiet" size="small" aria-label="Close" onClick={onClose}>
          <Glyph shape="close" />
        </Button>
      </header>
      {instance === undefined ? (
        <Part title={past ? 'Not there yet' : 'Not part of this cycle'}>
          {past
            ? 'At this moment it was no part of the cycle.'
            : 'This instance is neither in the plan nor started by this cycle, so it is never touched.'}
        </Part>
      ) : (
        <InstanceFacts key={instanceId} {...{ cycle, instance, orders, past }} />
      )}
    </aside>
  );
}

const drainRules = { pause: 'pause and ask', skip: 'put it back in service', force: 'terminate it' };

interface InstanceFactsProps {
  cycle: CycleView;
  instance: CycleInstanceView;
  orders: Orders;
  past: boolean;
}

function InstanceFacts({ cycle, instance, orders, past }: InstanceFactsProps) {
  const { instanceId, stateSince, health, version, skipped, forced, drainDeadline, blockers, failures } = instance;
  const decision = cycle.body.explanation.decisions.find((one) => one.instanceId === instanceId);
  const calls = cycle.intents.filter((intent) => intent.instanceId === instanceId);
  const rule = drainRules[cycle.body.policy.onDrainTimeout ?? 'force'];
  return (
    <>
      <Part>
        <KeyValues>
          <KeyValue term="Part">{partInWords(instance)}</KeyValue>
          {decision !== undefined && <KeyValue term="In the plan">{decision.reason}</KeyValue>}
          {stateSince !== null && (
            <KeyValue term={instance.state === 'gone' ? 'Gone' : 'Since'}>
              <AbsoluteTime at={stateSince} />, <RelativeTime at={stateSince} />
            </KeyValue>
          )}
          <KeyValue term="Version">{version === null ? 'not known' : `v${version}`}</KeyValue>
          {health !== null && <KeyValue term="Health">{health}</KeyValue>}
          {drainDeadline !== null && (
            <>
              <KeyValue term="Deadline">
                <b className="font-medium">
                  <AbsoluteTime at={drainDeadline} />
                </b>
                , <Deadline at={drainDeadline} />
              </KeyValue>
              <KeyValue term="Then">{rule}</KeyValue>
            </>
          )}
          {skipped !== null && (
            <KeyValue term="Skipped">
              by {skipped.byName}, <AbsoluteTime at={skipped.at} />
            </KeyValue>
          )}
          {forced !== null && (
            <KeyValue term="Forced">
              by {forced.byName}, <AbsoluteTime at={forced.at} />
            </KeyValue>
          )}
        </KeyValues>
      </Part>
      {failures.length > 0 && (
        <Part title={`What failed, ${failures.length}`}>
          <ul className="grid gap-2">
            {failures.map((failure) => (
              <li key={`${failure.kind} ${failure.at}`} className="flex items-start gap-2">
                <Glyph shape="cross" className="mt-1 text-mark-bad" />
                <span className="min-w-0 flex-1 wrap-anywhere">
                  {failure.kind.replaceAll('-', ' ')}: {failure.evidence}
                </span>
                <AbsoluteTime at={failure.at} className="text-12 text-ink-3" />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {instance.state === 'draining' && !past && (
        <Part title={`What blocks it, ${blockers.length}`}>
          {blockers.length === 0 ? (
            <p className="text-12 text-ink-2">The back end names no work; it says that it has not drained yet.</p>
          ) : (
            <ul className="grid gap-1">
              {blockers.map((blocker) => (
                <li key={blocker.name} className="flex items-start gap-2">
                  <Glyph shape="disc-half" className="mt-1 text-mark-draining" />
                  <span className="min-w-0 flex-1 wrap-anywhere">
                    <WorkloadName workload={blocker} />
                  </span>
                  {blocker.since !== null && <RelativeTime at={blocker.since} className="text-12 text-ink-3" />}
                </li>
              ))}
            </ul>
          )}
        </Part>
      )}
      {isActive(cycle.state) && (instance.state !== 'gone' || failures.length > 0) && (
        <InstanceActions cycle={cycle} instance={instance} orders={orders} />
      )}
      {calls.length > 0 && (
        <Part title="Its calls">
          <ul className="grid gap-1">
            {calls.map((call) => (
              <li key={call.id} className="text-12">
                <span className="flex justify-between gap-2">
                  <span>
                    {call.kind}: {outcomeInWords(call)}
                  </span>
                  <AbsoluteTime at={call.createdAt} className="text-ink-3" />
                </span>
                <span className="block text-ink-2">{call.because}</span>
                {call.error !== null && <span className="block wrap-anywhere text-bad">{call.error.message}</span>}
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

function InstanceActions({
  cycle,
  instance,
  orders,
}: {
  cycle: CycleView;
  instance: CycleInstanceView;
  orders: Orders;
}) {
  const [asked, setAsked] = useState<'extend' | 'force' | 'skip' | null>(null);
  const { instanceId } = instance;
  const order = orders.of(instanceId);
  const pending = order?.answer.kind === 'waiting';
  const why = (action: Parameters<typeof instanceAllowed>[0]) => {
    const allowed = instanceAllowed(action, instance, cycle);
    return allowed === true ? null : allowed;
  };
  const give = (action: Parameters<typeof instanceAllowed>[0], byMs?: number) =>
    void orders.give(action, instanceId, byMs).then(() => setAsked(null));
  const open = (dialog: typeof asked) => ({
    instance,
    pending,
    open: asked === dialog,
    onOpenChange: (isOpen: boolean) => setAsked(isOpen ? dialog : null),
  });
  return (
    <Part title="For this instance">
      <div className="grid grid-cols-2 gap-x-2 gap-y-2.5">
        <Button block disabledReason={why('retry-instance')} disabled={pending} onClick={() => give('retry-instance')}>
          Retry
        </Button>
        <Button block disabledReason={why('skip-instance')} disabled={pending} onClick={() => setAsked('skip')}>
          Skip…
        </Button>
        <Button block disabledReason={why('extend-drain')} disabled={pending} onClick={() => setAsked('extend')}>
          Extend drain…
        </Button>
        <Button
          block
          variant="danger"
          disabledReason={why('force-drain')}
          disabled={pending}
          onClick={() => setAsked('force')}
        >
          Force drain…
        </Button>
      </div>
      {order !== null && (
        <div className="mt-3">
          <OrderSteps order={order} cycle={cycle} onDismiss={() => orders.dismiss(instanceId)} />
        </div>
      )}
      <ExtendDrainDialog {...open('extend')} onExtend={(byMs) => give('extend-drain', byMs)} />
      <ForceDrainDialog {...open('force')} onForce={() => give('force-drain')} />
      <ConfirmDialog
        {...open('skip')}
        title={
          <>
            Skip <span className="font-mono">{instanceId}</span>
          </>
        }
        confirmLabel="Skip 1 instance"
        onConfirm={() => give('skip-instance')}
      >
        This cycle leaves it alone from now on: it stays <b>outdated</b>, and counts for the floor and the ceiling as
        before.
        {instance.state === 'draining' && ' Its drain is taken back, so it serves again.'}
        {instance.state === 'drained' && ' It has drained already, and stays out of service.'}
      </ConfirmDialog>
    </Part>
  );
}

function Part({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="border-b border-line px-4 py-3 last:border-b-0">
      {title !== undefined && <h3 className="mb-2 font-medium">{title}</h3>}
      {children}
    </section>
  );
}
