'use client';

import { clsx } from 'clsx';
import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { clusterHref } from '@/components/cluster/cluster-href';
import { cycleAt } from '@/components/cycle/cycle-at';
import { cycleLook } from '@/components/cycle/cycle-look';
import { CycleSkeleton } from '@/components/cycle/cycle-skeleton';
import { cycleSearch } from '@/components/cycle/cycle-view-search';
import { useCycleHistory } from '@/components/cycle/use-cycle-history';
import { useLiveCycle } from '@/components/cycle/use-live-cycle';
import { type Orders, useOrders } from '@/components/cycle/use-orders';
import { useTimeTravel } from '@/components/cycle/use-time-travel';
import { errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { MomentClock } from '@/components/ui/clock';
import { Glyph } from '@/components/ui/glyph';
import { laterPart } from '@/components/ui/later-part';
import { PageHead } from '@/components/ui/page-head';
import { markOf } from '@/components/ui/tone';
import type { CycleView } from '@/server/contract/cycle';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

const CycleActions = laterPart(
  dynamic(() => import('@/components/cycle/cycle-actions').then((module) => module.CycleActions)),
);

const CycleLead = laterPart(dynamic(() => import('@/components/cycle/cycle-lead').then((module) => module.CycleLead)));
const CycleProgress = laterPart(
  dynamic(() => import('@/components/cycle/cycle-progress').then((module) => module.CycleProgress)),
);
const CycleViews = laterPart(
  dynamic(() => import('@/components/cycle/cycle-views').then((module) => module.CycleViews)),
);
const CycleNotes = laterPart(
  dynamic(() => import('@/components/cycle/cycle-notes').then((module) => module.CycleNotes)),
);
const TravelBanner = laterPart(
  dynamic(() => import('@/components/cycle/travel-banner').then((module) => module.TravelBanner)),
);
const CycleSettings = laterPart(
  dynamic(() => import('@/components/cycle/cycle-settings').then((module) => module.CycleSettings)),
);
const InstanceInspector = laterPart(
  dynamic(() => import('@/components/cycle/instance-inspector').then((module) => module.InstanceInspector)),
);
const OrderSteps = laterPart(
  dynamic(() => import('@/components/cycle/order-steps').then((module) => module.OrderSteps)),
);

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
          <CycleNotes cycle={cycle} order={past === null ? order : null} onSelect={select} />
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
          <CycleLead cycle={cycle} />
        </div>
      }
      actions={<CycleActions cycle={cycle} orders={orders} />}
    />
  );
}
