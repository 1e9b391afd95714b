'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { fleetSentence } from '@/components/cluster/cluster-sentence';
import { applyToSummary } from '@/components/cluster/live-cluster';
import { LiveStreams } from '@/components/cluster/live-streams';
import { useTRPC } from '@/components/trpc/client';
import { useClock } from '@/components/ui/clock';

/** How much of the fleet is outdated, kept up to date. */
export function FleetLead() {
  const query = useTRPC().cluster.summary.queryOptions();
  const { data: fleet } = useSuspenseQuery(query);
  const rest = useClock((now) => fleetSentence(fleet, now).rest);
  return (
    <>
      <LiveStreams cursors={fleet.cursors} queryKey={query.queryKey} reducer={applyToSummary} />
      <b>{fleetSentence(fleet, 0).strong}</b>
      {rest}
    </>
  );
}
