'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { LiveStreams } from '@/components/cluster/live-streams';
import { applyToOverview } from '@/components/overview/live-overview';
import { NeedsYou } from '@/components/overview/needs-you';
import { OverviewNumbers } from '@/components/overview/overview-numbers';
import { useTRPC } from '@/components/trpc/client';
import { useLivePause } from '@/components/trpc/use-live';
import { laterPart } from '@/components/ui/later-part';

const OverviewPools = laterPart(
  dynamic(() => import('@/components/overview/overview-pools').then((module) => module.OverviewPools)),
);
const RecentActivity = laterPart(
  dynamic(() => import('@/components/overview/recent-activity').then((module) => module.RecentActivity)),
);
const RunningCycles = laterPart(
  dynamic(() => import('@/components/overview/running-cycles').then((module) => module.RunningCycles)),
);

/** Time alone makes a lease end soon, and no event tells that. */
const LOOK_AGAIN_MS = 30_000;

/** What needs a person now, and what goes on. */
export function Overview() {
  const { isPaused } = useLivePause();
  const query = useTRPC().overview.read.queryOptions();
  const { data } = useSuspenseQuery({ ...query, refetchInterval: isPaused ? false : LOOK_AGAIN_MS });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <LiveStreams cursors={data.cursors} queryKey={query.queryKey} reducer={applyToOverview} />
      <OverviewNumbers numbers={data.numbers} />
      <NeedsYou view={data} />
      <RunningCycles view={data} />
      <div className="grid grid-cols-2 items-start gap-4 narrow:grid-cols-[minmax(0,1fr)]">
        <OverviewPools pools={data.pools} />
        <RecentActivity activity={data.activity} />
      </div>
    </div>
  );
}
