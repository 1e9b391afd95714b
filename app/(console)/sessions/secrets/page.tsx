import type { Metadata } from 'next';
import { Configs, Secrets } from '@/components/session/dependencies';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { hasRole } from '@/server/contract/people.ts';

export const metadata: Metadata = { title: 'Secrets and configs' };

export default async function SecretsPage() {
  const { viewer } = await getContext();
  const canSet = viewer !== null && hasRole(viewer.role, 'operator');
  prefetch(trpc.secret.list.queryOptions());
  prefetch(trpc.config.list.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        crumbs={[{ label: 'Sessions', href: '/sessions' }]}
        title="Secrets and configs"
        lead="What components of sessions are given as files, by name."
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <InPlace fallback={<Loading title="Secrets" />}>
          <Secrets canSet={canSet} />
        </InPlace>
        <InPlace fallback={<Loading title="Configs" />}>
          <Configs canSet={canSet} />
        </InPlace>
      </div>
    </HydrateClient>
  );
}

function Loading({ title }: { title: string }) {
  return (
    <Panel title={title} flush>
      <SkeletonRows rows={3} />
    </Panel>
  );
}
