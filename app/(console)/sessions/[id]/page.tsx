import type { Metadata } from 'next';
import { SessionDetails } from '@/components/session/session-details';
import { SessionSkeleton } from '@/components/session/session-skeleton';
import { HydrateClient, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';

export const metadata: Metadata = { title: 'Session' };

export default function Page(route: { params: Promise<{ id: string }> }) {
  return (
    <InPlace fallback={<SessionSkeleton />}>
      <SessionPage {...route} />
    </InPlace>
  );
}

async function SessionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetchOrNotFound(trpc.session.byId.queryOptions({ sessionId: id }));
  return (
    <HydrateClient>
      <SessionDetails sessionId={id} />
    </HydrateClient>
  );
}
