import type { Metadata } from 'next';
import { SessionDetails } from '@/components/session/session-details';
import { HydrateClient, prefetchOrNotFound, trpc } from '@/components/trpc/server';

export const metadata: Metadata = { title: 'Session' };

export default async function SessionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetchOrNotFound(trpc.session.byId.queryOptions({ sessionId: id }));
  return (
    <HydrateClient>
      <SessionDetails sessionId={id} />
    </HydrateClient>
  );
}
