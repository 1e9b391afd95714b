'use client';

import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { memo, useDeferredValue } from 'react';
import { CycleCapacity } from '@/components/cycle/cycle-capacity';
import { CycleInstances } from '@/components/cycle/cycle-instances';
import { CycleLanes } from '@/components/cycle/cycle-lanes';
import { CycleScrubber } from '@/components/cycle/cycle-scrubber';
import { type CycleViewName, cycleSearch, cycleViews } from '@/components/cycle/cycle-view-search';
import { LanesPlaceholder } from '@/components/cycle/lanes-placeholder';
import type { TimeTravel } from '@/components/cycle/use-time-travel';
import { MomentClock } from '@/components/ui/clock';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { SkeletonRows } from '@/components/ui/skeleton';
import type { CycleView } from '@/server/contract/cycle';
import type { CycleHistory } from '@/server/domain/cycle/cycle-history';

const CycleCalls = laterPart(
  dynamic(() => import('@/components/cycle/cycle-calls').then((module) => module.CycleCalls)),
  <ListSkeleton title="Calls" />,
);
const CycleSteps = laterPart(
  dynamic(() => import('@/components/cycle/cycle-steps').then((module) => module.CycleSteps)),
  <ListSkeleton title="Steps" />,
);

/** As many calls as are sent; where there are as many, earlier ones may be missing. */
const CALLS_SENT = 500;

const viewLabels = { timeline: 'Timeline', chart: 'Chart', steps: 'Steps', log: 'Log' } satisfies Record<
  CycleViewName,
  string
>;

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
export function CycleViews(props: CycleViewsProps) {
  const { live, history, travel } = props;
  const [view, setView] = useQueryState('view', cycleSearch.view);
  // What was pressed shows at once, and what it brings when that is drawn.
  const shown = useDeferredValue(view);
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
      <View view={shown} {...props} />
    </div>
  );
}

const View = memo(function View({ view, ...props }: CycleViewsProps & { view: CycleViewName }) {
  const { live, cycle, history, travel, at, selected, onSelect } = props;
  const { at: cursor, moveTo } = travel;
  return (
    <>
      {view === 'timeline' &&
        (history === null ? (
          <LanesPlaceholder />
        ) : (
          <CycleLanes cycle={live} onCursor={moveTo} {...{ history, cursor, selected, onSelect }} />
        ))}
      {(view === 'timeline' || view === 'chart') && <CycleCapacity cycle={live} cursor={cursor} onCursor={moveTo} />}
      <MomentClock at={at}>
        {(view === 'timeline' || view === 'chart') && (
          <CycleInstances cycle={cycle} past={cycle !== live} selected={selected} onSelect={onSelect} />
        )}
        {view === 'steps' && <CycleSteps intents={cycle.intents} onSelect={onSelect} />}
        {view === 'log' && <CycleCalls calls={cycle.calls} keptFrom={keptFrom(live)} />}
      </MomentClock>
    </>
  );
});

/** As high as what comes mostly is, so that what stands below is moved once, by the click itself. */
function ListSkeleton({ title }: { title: string }) {
  return (
    <Panel title={title} flush>
      <SkeletonRows rows={20} />
    </Panel>
  );
}

function keptFrom({ calls }: CycleView): number | null {
  return calls.length < CALLS_SENT ? null : (calls.at(-1)?.at ?? null);
}
