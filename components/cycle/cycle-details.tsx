'use client';

import { clsx } from 'clsx';
import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { clusterHref } from '@/components/cluster/cluster-href';
import { inWorkSentence } from '@/components/cycle/abort-outcome';
import { cycleAt } from '@/components/cycle/cycle-at';
import { cycleLook } from '@/components/cycle/cycle-look';
import { CycleSkeleton } from '@/components/cycle/cycle-skeleton';
import { cycleSearch } from '@/components/cycle/cycle-view-search';
import { placeSentence } from '@/components/cycle/place-sentence';
import { useCycleHistory } from '@/components/cycle/use-cycle-history';
import { useLiveCycle } from '@/components/cycle/use-live-cycle';
import { type Orders, useOrders } from '@/components/cycle/use-orders';
import { useTimeTravel } from '@/components/cycle/use-time-travel';
import { errorMessage } from '@/components/trpc/error-message';
import { alive } from '@/components/ui/alive';
import { Banner } from '@/components/ui/banner';
import { MomentClock } from '@/components/ui/clock';
import { Glyph } from '@/components/ui/glyph';
import { PageHead } from '@/components/ui/page-head';
import { RelativeTime } from '@/components/ui/relative-time';
import { markOf } from '@/components/ui/tone';
import type { CycleView } from '@/server/contract/cycle';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

const CycleActions = dynamic(
  () => import('@/components/cycle/cycle-actions').then((module) => alive(module.CycleActions)),
  { loading: () => null },
);

const CycleEnding = dynamic(() => import('@/components/cycle/cycle-ending').then((module) => module.CycleEnding), {
  loading: () => null,
});
const CycleProgress = dynamic(
  () => import('@/components/cycle/cycle-progress').then((module) => alive(module.CycleProgress)),
  { loading: () => null },
);
const CycleViews = dynamic(() => import('@/components/cycle/cycle-views').then((module) => alive(module.CycleViews)), {
  loading: () => null,
});
const CycleNotes = dynamic(() => import('@/components/cycle/cycle-notes').then((module) => alive(module.CycleNotes)), {
  loading: () => null,
});
const TravelBanner = dynamic(
  () => import('@/components/cycle/travel-banner').then((module) => alive(module.TravelBanner)),
  {
    loading: () => null,
  },
);
const CycleSettings = dynamic(
  () => import('@/components/cycle/cycle-settings').then((module) => module.CycleSettings),
  { loading: () => null },
);
const InstanceInspector = dynamic(
  () => import('@/components/cycle/instance-inspector').then((module) => alive(module.InstanceInspector)),
  { loading: () => null },
);
const OrderSteps = dynamic(() => import('@/components/cycle/order-steps').then((module) => module.OrderSteps), {
  loading: () => null,
});

/** One cycle: how it stands or stood at a moment, what it does, and what a person may do about it. */
export function CycleDetails({ cycleId }: { cycleId: string }) {
  const live = useLiveCycle(cycleId);
  const { history, error } = useCycleHistory(cycleId, live.clusterId);
  const travel = useTimeTravel(history);
  const orders = useOrders(live);
  const [selected, setSelected] = useQueryState('sel', cycleSearch.sel);
  const select = useCallback((instanceId: string) => void setSelected(instanceId), [setSelected]);
  // While the scrubber is moved, the pictures follow it at once and the tables as they can.
  const at = useDeferredValue(travel.at);
  const past = useMemo(
    () => (history === null || at === null ? null : cycleAt(live, history, at)),
    [live, history, at],
  );
  // Else an address of the past would show the present first.
  if (travel.isAsked && history === null && error === null) return <CycleSkeleton />;
  const cycle = past ?? live;
  const close = () => {
    const row = [...document.querySelectorAll<HTMLElement>('[data-instance] button')].find(
      (button) => button.textContent === selected,
    );
    void setSelected(null);
    row?.focus({ preventScroll: true });
  };
  const name = `${cycle.environmentName}/${cycle.clusterName}`;
  const order = orders.of(null);
  return (
    <>
      <p role="status" className="sr-only">
        Cycle of {name}: {live.state}
      </p>
      <MomentClock at={at}>
        <CycleHead cycle={cycle} orders={orders} />
      </MomentClock>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {order !== null && <OrderSteps order={order} cycle={live} onDismiss={() => orders.dismiss(null)} />}
        <TravelBanner travel={travel} />
        {error !== null && <Banner tone="warn">The history could not be read: {errorMessage(error)}</Banner>}
        <MomentClock at={at}>
          <CycleNotes cycle={cycle} onSelect={select} />
          <CycleProgress cycle={cycle} history={history} onSelect={select} />
        </MomentClock>
        <div
          className={clsx(
            'grid items-start gap-4',
            selected === null
              ? 'grid-cols-[minmax(0,1fr)]'
              : 'grid-cols-[minmax(0,1fr)_312px] narrow:grid-cols-[minmax(0,1fr)]',
          )}
        >
          <CycleViews {...{ live, cycle, history, travel, at, selected }} onSelect={select} />
          {selected !== null && (
            <MomentClock at={at}>
              <InstanceInspector
                cycle={cycle}
                instanceId={selected}
                orders={orders}
                past={past !== null}
                onClose={close}
              />
            </MomentClock>
          )}
        </div>
        <CycleSettings cycle={cycle} />
      </div>
    </>
  );
}

function CycleHead({ cycle, orders }: { cycle: CycleView; orders: Orders }) {
  const name = `${cycle.environmentName}/${cycle.clusterName}`;
  const look = cycleLook[cycle.state];
  return (
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
          <CycleEnding cycle={cycle} />
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
          {abortMode === 'finish-in-flight'
            ? 'Nothing new begins; what is in work ends first.'
            : 'No further call is sent.'}{' '}
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
