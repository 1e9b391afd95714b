'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { LiveStreams } from '@/components/cluster/live-streams';
import { applyToOverview } from '@/components/overview/live-overview';
import { NeedsYou } from '@/components/overview/needs-you';
import { OverviewNumbers } from '@/components/overview/overview-numbers';
import { OverviewPools } from '@/components/overview/overview-pools';
import { RecentActivity } from '@/components/overview/recent-activity';
import { RunningCycles } from '@/components/overview/running-cycles';
import { useTRPC } from '@/components/trpc/client';
import { useLivePause } from '@/components/trpc/use-live';

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
