'use client';

import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { cycleLanes, cycleTimeline } from '@/components/cycle/cycle-timeline';
import { windowOf, windowSearch } from '@/components/cycle/cycle-view-search';
import { LanesPlaceholder } from '@/components/cycle/lanes-placeholder';
import { usePictureNow } from '@/components/cycle/use-picture-now';
import { laterPart } from '@/components/ui/later-part';
import type { CycleView } from '@/server/contract/cycle';
import type { CycleHistory } from '@/server/domain/cycle/cycle-history';

const Swimlanes = laterPart(
  dynamic(() => import('@/components/chart/swimlanes').then((module) => module.Swimlanes)),
  <LanesPlaceholder />,
);

interface CycleLanesProps {
  cycle: CycleView;
  history: CycleHistory;
  /** The moment that the page shows; null = now. */
  cursor: number | null;
  onCursor: (at: number) => void;
  selected: string | null;
  onSelect: (instanceId: string) => void;
}

/** What each instance of the cycle went through. */
export function CycleLanes({ cycle, history, ...rest }: CycleLanesProps) {
  const now = usePictureNow(cycle);
  const [asked, ask] = useQueryStates(windowSearch);
  const lanes = useMemo(() => cycleLanes(cycle, history), [cycle, history]);
  const timeline = useMemo(() => cycleTimeline(cycle, history, lanes, now), [cycle, history, lanes, now]);
  const window = useMemo(() => windowOf(asked, timeline, now), [asked, timeline, now]);
  return (
    <Swimlanes
      title="Timeline"
      fileName={`${cycle.id}-timeline`}
      window={window}
      onWindow={(range) => void ask(range && { from: Math.round(range.from), to: Math.round(range.to) })}
      {...{ timeline, ...rest }}
    />
  );
}
