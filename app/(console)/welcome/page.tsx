import type { Metadata } from 'next';
import { Welcome } from '@/components/overview/welcome';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { SkeletonRows } from '@/components/ui/skeleton';
import { hasRole } from '@/server/contract/people.ts';

export const metadata: Metadata = { title: 'Welcome' };

export default async function WelcomePage() {
  const { viewer } = await getContext();
  if (viewer === null) return null; // the layout sends them to the sign-in
  const canDeclare = hasRole(viewer.role, 'administrator');
  prefetch(trpc.environment.list.queryOptions());
  prefetch(trpc.people.list.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        title="Welcome to Roundhouse"
        lead="Roundhouse replaces the instances of clusters with new ones: it shows what would happen, asks for an approval, and keeps enough in service all the while."
      />
      <InPlace fallback={<SkeletonRows rows={4} tall />}>
        <Welcome canDeclare={canDeclare} />
      </InPlace>
    </HydrateClient>
  );
}
