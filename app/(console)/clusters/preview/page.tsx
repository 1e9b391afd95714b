import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { createLoader, type SearchParams } from 'nuqs/server';
import { FleetPreview } from '@/components/plan/fleet-preview';
import { fleetInput, fleetSearch } from '@/components/plan/fleet-search';
import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { hasRole } from '@/server/contract/people';

const loadFleetSearch = createLoader(fleetSearch);

export const metadata: Metadata = { title: 'Fleet preview' };

/** Of the clusters that the address names or filters. Without either it is where an environment of this name would be. */
export default function Page(route: { searchParams: Promise<SearchParams> }) {
  return (
    <InPlace fallback={<PlanPageSkeleton title="Fleet preview" />}>
      <FleetPreviewPage {...route} />
    </InPlace>
  );
}

async function FleetPreviewPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadFleetSearch(searchParams);
  const input = fleetInput(search);
  const { viewer, services } = await getContext();
  if (input.clusterIds.length === 0 && input.q === '') {
    const environments = await services.clusters.environments();
    redirect(environments.some(({ name }) => name === 'preview') ? '/clusters?env=preview' : '/clusters');
  }
  // Awaited, so that the page comes with its numbers. A failure is left to the component, which asks again.
  await prefetch(trpc.plan.previewMany.queryOptions(input));
  return (
    <HydrateClient>
      <FleetPreview input={input} mayRequest={viewer !== null && hasRole(viewer.role, 'operator')} />
    </HydrateClient>
  );
}
