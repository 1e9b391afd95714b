'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { canShare } from '@/components/trpc/can-share';
import { makeTrpcClient, TRPCProvider } from '@/components/trpc/client';
import { LiveConnection, type OpenStream } from '@/components/trpc/live-connection';
import { LiveStream } from '@/components/trpc/live-stream';
import { type Connect, ownSource, sharedSource } from '@/components/trpc/live-tabs';
import { makeQueryClient } from '@/components/trpc/query-client';
import { Refetcher } from '@/components/trpc/refetcher';
import { LiveContext } from '@/components/trpc/use-live';
import { useSyncClock } from '@/components/ui/clock';

/** Data for those who are signed in: queries, and the one stream that keeps them up to date. Stands within ClockProvider. */
export function AppProvider({ children }: { children: ReactNode }) {
  const syncClock = useSyncClock();
  const [{ queryClient, trpcClient, live }] = useState(() => {
    const stream = new LiveStream({ onServerTime: syncClock, onSignedOut: goToSignIn });
    const queryClient = makeQueryClient(goToSignIn, stream.isPaused);
    return { queryClient, trpcClient: makeTrpcClient(), live: { stream, refetcher: new Refetcher(queryClient) } };
  });

  useEffect(() => {
    const { stream } = live;
    const connect: Connect = (handlers) => new LiveConnection(openStream, handlers);
    const stop = stream.start((handlers) =>
      canShare() ? sharedSource(connect, handlers, crypto.randomUUID(), navigator.locks) : ownSource(connect, handlers),
    );
    const onVisibility = () => stream.setVisible(document.visibilityState === 'visible');
    const onOnline = () => stream.retryNow();
    onVisibility();
    document.addEventListener('visibilitychange', onVisibility);
    window.addEventListener('online', onOnline);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('online', onOnline);
      stop();
    };
  }, [live]);

  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <LiveContext value={live}>{children}</LiveContext>
      </TRPCProvider>
    </QueryClientProvider>
  );
}

const openStream: OpenStream = (cursors, { onFrame, onEnd }) => {
  const source = new EventSource(`/api/live?${new URLSearchParams({ cursors: JSON.stringify(cursors) })}`);
  const end = (signedOut: boolean) => {
    source.close();
    onEnd(signedOut);
  };
  source.onmessage = ({ data }) => onFrame(String(data));
  source.addEventListener('signed-out', () => end(true));
  // The browser would try again by itself; the connection does it, so that it can say so and wait longer each time.
  source.onerror = () => end(false);
  return () => source.close();
};

let isLeaving = false;

/** Never signs anybody out: the sign-in page sends those back who are signed in after all. */
function goToSignIn(): void {
  if (isLeaving) return;
  isLeaving = true;
  const next = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(next)}`);
}
