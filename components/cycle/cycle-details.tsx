'use client';

import { clsx } from 'clsx';
import { useQueryState } from 'nuqs';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { clusterHref } from '@/components/cluster/cluster-href';
import { inWorkSentence } from '@/components/cycle/abort-outcome';
import { CycleActions } from '@/components/cycle/cycle-actions';
import { cycleAt } from '@/components/cycle/cycle-at';
import { CycleCalls } from '@/components/cycle/cycle-calls';
import { CycleCapacity } from '@/components/cycle/cycle-capacity';
import { CycleInstances } from '@/components/cycle/cycle-instances';
import { CycleLanes } from '@/components/cycle/cycle-lanes';
import { cycleLook } from '@/components/cycle/cycle-look';
import { CycleNotes } from '@/components/cycle/cycle-notes';
import { CycleProgress } from '@/components/cycle/cycle-progress';
import { CycleScrubber } from '@/components/cycle/cycle-scrubber';
import { CycleSettings } from '@/components/cycle/cycle-settings';
import { CycleSkeleton } from '@/components/cycle/cycle-skeleton';
import { CycleSteps } from '@/components/cycle/cycle-steps';
import { type CycleViewName, cycleSearch, cycleViews } from '@/components/cycle/cycle-view-search';
import { behindMs, expectedEnd } from '@/components/cycle/deviation';
import { InstanceInspector } from '@/components/cycle/instance-inspector';
import { LanesPlaceholder } from '@/components/cycle/lanes-placeholder';
import { OrderSteps } from '@/components/cycle/order-steps';
import { placeSentence } from '@/components/cycle/place-sentence';
import { TravelBanner } from '@/components/cycle/travel-banner';
import { useCycleHistory } from '@/components/cycle/use-cycle-history';
import { useLiveCycle } from '@/components/cycle/use-live-cycle';
import { type Orders, useOrders } from '@/components/cycle/use-orders';
import { type TimeTravel, useTimeTravel } from '@/components/cycle/use-time-travel';
import { errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { MomentClock, useClock, useZone } from '@/components/ui/clock';
import { Glyph } from '@/components/ui/glyph';
import { PageHead } from '@/components/ui/page-head';
import { RelativeTime } from '@/components/ui/relative-time';
import { Segmented } from '@/components/ui/segmented';
import { markOf } from '@/components/ui/tone';
import { formatSecond } from '@/components/ui/zoned-time';
import type { CycleView } from '@/server/contract/cycle';
import type { CycleHistory } from '@/server/domain/cycle/cycle-history';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

/** As many calls as are sent; where there are as many, earlier ones may be missing. */
const CALLS_SENT = 500;

const viewLabels = { timeline: 'Timeline', chart: 'Chart', steps: 'Steps', log: 'Log' } satisfies Record<
  CycleViewName,
  string
>;

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

interface CycleViewsProps {
  live: CycleView;
  /** As it is shown: now, or as it was at `at`. */
  cycle: CycleView;
  history: CycleHistory | null;
  travel: TimeTravel;
  at: number | null;
  selected: string | null;
  onSelect: (instanceId: string) => void;
}

/** Four looks at one cycle, and the one moment that all of them show. */
function CycleViews({ live, cycle, history, travel, at, selected, onSelect }: CycleViewsProps) {
  const [view, setView] = useQueryState('view', cycleSearch.view);
  const isPast = cycle !== live;
  const { at: cursor, moveTo } = travel;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <Segmented
          label="View"
          options={cycleViews.map((value) => ({ value, label: viewLabels[value] }))}
          value={view}
          onChange={(value) => void setView(value)}
        />
        <CycleScrubber cycle={live} travel={travel} ready={history !== null} />
      </div>
      {view === 'timeline' &&
        (history === null ? (
          <LanesPlaceholder />
        ) : (
          <CycleLanes cycle={live} onCursor={moveTo} {...{ history, cursor, selected, onSelect }} />
        ))}
      {(view === 'timeline' || view === 'chart') && <CycleCapacity cycle={live} cursor={cursor} onCursor={moveTo} />}
      <MomentClock at={at}>
        {(view === 'timeline' || view === 'chart') && (
          <CycleInstances cycle={cycle} past={isPast} selected={selected} onSelect={onSelect} />
        )}
        {view === 'steps' && <CycleSteps intents={cycle.intents} onSelect={onSelect} />}
        {view === 'log' && <CycleCalls calls={cycle.calls} keptFrom={keptFrom(live)} />}
      </MomentClock>
    </div>
  );
}

function keptFrom({ calls }: CycleView): number | null {
  return calls.length < CALLS_SENT ? null : (calls.at(-1)?.at ?? null);
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
