'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { countSessions } from '@/components/session/session-sentence';
import { activeSessions, lastSessions } from '@/components/session/sessions-query';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';

/** How many run, who waits for how long, and how the last ones ended; whatever the list is filtered by. */
export function SessionsLead() {
  const trpc = useTRPC();
  const activeQuery = trpc.session.list.queryOptions(activeSessions);
  const lastQuery = trpc.session.list.queryOptions(lastSessions);
  const { data: active } = useSuspenseQuery(activeQuery);
  const { data: last } = useSuspenseQuery(lastQuery);
  useLive('sessions', active.cursors.sessions, activeQuery.queryKey, () => 'refetch');
  useLive('sessions', last.cursors.sessions, lastQuery.queryKey, () => 'refetch');
  const { running, waiting, waitingSince, kept, failed, ended } = countSessions(active.rows, last.rows);
  const longest = useClock((now) => (waitingSince === null ? '' : formatDuration(now - waitingSince)));
  if (active.total === 0 && ended === 0) return 'There has been no session yet.';
  return (
    <>
      {running === 0 ? 'None runs' : <b>{running} running</b>}
      {waiting > 0 && (
        <>
          , <b>{waiting}</b> {waiting === 1 ? 'waits' : 'wait'}
          {waiting > 1 && ', the longest'} {longest}
        </>
      )}
      {kept > 0 && (
        <>
          , <b>{kept}</b> kept for triage
        </>
      )}
      {ended > 0 && (
        <>
          ; {failed === 0 ? 'none' : <b>{failed}</b>} of the last {ended} failed
        </>
      )}
      .
    </>
  );
}
