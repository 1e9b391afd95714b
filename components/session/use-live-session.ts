'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import type { SessionView } from '@/server/contract/session';

/** The session as it is now: its own events keep it so. */
export function useLiveSession(sessionId: string): SessionView {
  const query = useTRPC().session.byId.queryOptions({ sessionId });
  const { data: session } = useSuspenseQuery(query);
  useLive(`session:${sessionId}`, session.seq, query.queryKey, () => 'refetch');
  return session;
}
