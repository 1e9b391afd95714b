import type { Metadata } from 'next';
import { EnvironmentList } from '@/components/environment/environment-list';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { hasRole } from '@/server/contract/people';

export const metadata: Metadata = { title: 'Environments' };

export default async function EnvironmentsPage() {
  const { viewer } = await getContext();
  prefetch(trpc.environment.overview.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        title="Environments"
        lead="What a plan needs to be approved, how many cycles run at once, and how each back end is reached."
      />
      <InPlace
        fallback={
          <Panel flush title="Environments">
            <SkeletonRows rows={2} tall />
          </Panel>
        }
      >
        <EnvironmentList mayChange={viewer !== null && hasRole(viewer.role, 'administrator')} />
      </InPlace>
    </HydrateClient>
  );
}
