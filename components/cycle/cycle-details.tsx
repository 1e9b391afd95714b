'use client';

import { clsx } from 'clsx';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback } from 'react';
import { clusterHref } from '@/components/cluster/cluster-href';
import { inWorkSentence } from '@/components/cycle/abort-outcome';
import { CycleActions } from '@/components/cycle/cycle-actions';
import { CycleCalls } from '@/components/cycle/cycle-calls';
import { CycleCapacity } from '@/components/cycle/cycle-capacity';
import { CycleInstances } from '@/components/cycle/cycle-instances';
import { cycleLook } from '@/components/cycle/cycle-look';
import { CycleNotes } from '@/components/cycle/cycle-notes';
import { CycleProgress } from '@/components/cycle/cycle-progress';
import { CycleSteps } from '@/components/cycle/cycle-steps';
import { behindMs, expectedEnd } from '@/components/cycle/deviation';
import { InstanceInspector } from '@/components/cycle/instance-inspector';
import { OrderSteps } from '@/components/cycle/order-steps';
import { placeSentence } from '@/components/cycle/place-sentence';
import { useLiveCycle } from '@/components/cycle/use-live-cycle';
import { useOrders } from '@/components/cycle/use-orders';
import { useClock, useZone } from '@/components/ui/clock';
import { Glyph } from '@/components/ui/glyph';
import { PageHead } from '@/components/ui/page-head';
import { RelativeTime } from '@/components/ui/relative-time';
import { markOf } from '@/components/ui/tone';
import { formatSecond } from '@/components/ui/zoned-time';
import type { CycleView } from '@/server/contract/cycle';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

/** One cycle: how it stands, what it does, and what a person may do about it. */
export function CycleDetails({ cycleId }: { cycleId: string }) {
  const cycle = useLiveCycle(cycleId);
  const orders = useOrders(cycle);
  const [selected, setSelected] = useQueryState('sel', parseAsString);
  const select = useCallback((instanceId: string) => void setSelected(instanceId), [setSelected]);
  const close = () => {
    const row = [...document.querySelectorAll<HTMLElement>('[data-instance] button')].find(
      (button) => button.textContent === selected,
    );
    void setSelected(null);
    row?.focus({ preventScroll: true });
  };
  const name = `${cycle.environmentName}/${cycle.clusterName}`;
  const look = cycleLook[cycle.state];
  const order = orders.of(null);
  return (
    <>
      <p role="status" className="sr-only">
        Cycle of {name}: {cycle.state}
      </p>
      <PageHead
        crumbs={[
          { label: 'Cycles', href: '/cycles' },
          { label: name, href: clusterHref(cycle.environmentName, cycle.clusterName) },
          { label: <span className="font-mono tracking-tight">{cycle.id}</span> },
        ]}
        mark={<Glyph shape={look.shape} className={markOf[look.tone]} />}
        title={name}
        lead={
          // Its room is kept for the longest sentence, so that nothing below moves while it changes.
          <div className={clsx(isActive(cycle.state) && 'min-h-10 phone:min-h-15')}>
            <Lead cycle={cycle} />
          </div>
        }
        actions={<CycleActions cycle={cycle} orders={orders} />}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {order !== null && <OrderSteps order={order} cycle={cycle} onDismiss={() => orders.dismiss(null)} />}
        <CycleNotes cycle={cycle} onSelect={select} />
        <CycleProgress cycle={cycle} onSelect={select} />
        <div
          className={clsx(
            'grid items-start gap-4',
            selected === null
              ? 'grid-cols-[minmax(0,1fr)]'
              : 'grid-cols-[minmax(0,1fr)_312px] narrow:grid-cols-[minmax(0,1fr)]',
          )}
        >
          <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
            <CycleCapacity cycle={cycle} />
            <CycleInstances cycle={cycle} selected={selected} onSelect={select} />
            <CycleSteps intents={cycle.intents} onSelect={select} />
            <CycleCalls calls={cycle.calls} />
          </div>
          {selected !== null && (
            <InstanceInspector cycle={cycle} instanceId={selected} orders={orders} onClose={close} />
          )}
        </div>
      </div>
    </>
  );
}

/** The state in words, what happens now, what is next and when. */
function Lead({ cycle }: { cycle: CycleView }) {
  const { state, progress, abortMode, summary, endedAt } = cycle;
  const sentence = summary?.sentence ?? `${cycleLook[state].word}: no count of what remains was made.`;
  const ends = sentence.indexOf(':') + 1;
  const word = <b>{cycleLook[state].word}.</b>;
  switch (state) {
    case 'approved':
      return (
        <>
          {word} {placeSentence(cycle)} It checks that the plan still holds before it begins.
        </>
      );
    case 'running':
      return (
        <>
          {word} {progress === null ? 'The first facts are being read.' : `${progress.sentence} ${progress.next}`}{' '}
          <Ending cycle={cycle} />
        </>
      );
    case 'pausing':
      return (
        <>
          {word} Nothing new begins; what is in work ends first. {progress?.sentence}
        </>
      );
    case 'paused':
      return (
        <>
          {word} {inWorkSentence(cycle)} It goes on when somebody resumes it.
        </>
      );
    case 'aborting':
      return (
        <>
          {word}{' '}
          {abortMode === 'stop-now' ? 'No further call is sent.' : 'Nothing new begins; what is in work ends first.'}{' '}
          {progress?.sentence}
        </>
      );
    default:
      return (
        <>
          <b>{sentence.slice(0, ends)}</b>
          {sentence.slice(ends)}{' '}
          {endedAt !== null && (
            <>
              Ended <RelativeTime at={endedAt} />.
            </>
          )}
          {summary !== null && summary.notOurs > 0 && (
            <> {summary.notOurs} were not part of this cycle and were left alone.</>
          )}
        </>
      );
  }
}

function Ending({ cycle: { startedAt, body, samples } }: { cycle: CycleView }) {
  const { zone } = useZone();
  const now = useClock((at) => Math.floor(at / 5_000) * 5_000);
  if (startedAt === null) return null;
  const { p50, p90 } = expectedEnd(body.forecast, startedAt, behindMs(body.forecast, samples, startedAt, now), now);
  return (
    <>
      Ends about <b>{formatSecond(p50, zone)}</b> (p90 {formatSecond(p90, zone)}).
    </>
  );
}
