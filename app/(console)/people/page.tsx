import type { Metadata } from 'next';
import { Invitations } from '@/components/people/invitations';
import { PeopleList } from '@/components/people/people-list';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { SkeletonRows } from '@/components/ui/skeleton';

export const metadata: Metadata = { title: 'People' };

export default async function PeoplePage() {
  const { viewer } = await getContext();
  if (viewer === null) return null; // the layout sends them to the sign-in
  const isAdministrator = viewer.role === 'administrator';
  prefetch(trpc.people.list.queryOptions());
  if (isAdministrator) prefetch(trpc.people.invitations.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        title="People"
        lead="Viewers see everything; operators preview, approve and steer cycles; administrators also edit clusters and invite others."
      />
      <div className="grid gap-4">
        <InPlace fallback={<Loading title="People" />}>
          <PeopleList viewer={viewer} />
        </InPlace>
        {isAdministrator && (
          <InPlace fallback={<Loading title="Invitations" />}>
            <Invitations />
          </InPlace>
        )}
      </div>
    </HydrateClient>
  );
}

function Loading({ title }: { title: string }) {
  return (
    <Panel flush title={title}>
      <SkeletonRows rows={3} tall />
    </Panel>
  );
}
