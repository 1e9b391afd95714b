import type { Metadata } from 'next';
import { Configuration } from '@/components/settings/configuration';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { EmptyState } from '@/components/ui/empty-state';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { SkeletonRows } from '@/components/ui/skeleton';

export const metadata: Metadata = { title: 'Configuration' };

export default async function ConfigurationPage() {
  const { viewer } = await getContext();
  if (viewer === null) return null; // the layout sends them to the sign-in
  const isAdministrator = viewer.role === 'administrator';
  if (isAdministrator) prefetch(trpc.installation.configured.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        crumbs={[{ label: 'Settings' }]}
        title="Configuration"
        lead="Environments, clusters and policies as one file, roundhouse.yaml: see what it changes, then apply just that."
      />
      {isAdministrator ? (
        <InPlace fallback={<Loading />}>
          <Configuration />
        </InPlace>
      ) : (
        <Panel flush>
          <EmptyState title="This is for administrators">
            A file declares environments and clusters, so it needs the role administrator. An administrator can change
            your role under People.
          </EmptyState>
        </Panel>
      )}
    </HydrateClient>
  );
}

function Loading() {
  return (
    <Panel flush title="File">
      <SkeletonRows rows={8} />
    </Panel>
  );
}
