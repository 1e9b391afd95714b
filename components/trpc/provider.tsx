'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { makeTrpcClient, TRPCProvider } from '@/components/trpc/client';
import { LiveStream } from '@/components/trpc/live-stream';
import { makeQueryClient } from '@/components/trpc/query-client';
import { Refetcher } from '@/components/trpc/refetcher';
import { LiveContext } from '@/components/trpc/use-live';
import { useSyncClock } from '@/components/ui/clock';

/** After the code of the stream could not be loaded. */
const LOAD_AGAIN_MS = 5_000;

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
    let stop: (() => void) | null = null;
    let isOver = false;
    // Loaded when the page is alive: what stands on it is not older for that, since the stream goes on from there.
    const start = () =>
      import('@/components/trpc/live-source').then(
        ({ liveSource }) => {
          if (!isOver) stop = stream.start(liveSource);
        },
        () => setTimeout(() => !isOver && start(), LOAD_AGAIN_MS),
      );
    void start();
    const onVisibility = () => stream.setVisible(document.visibilityState === 'visible');
    const onOnline = () => stream.retryNow();
    onVisibility();
    document.addEventListener('visibilitychange', onVisibility);
    window.addEventListener('online', onOnline);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('online', onOnline);
      isOver = true;
      stop?.();
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

let isLeaving = false;

/** Never signs anybody out: the sign-in page sends those back who are signed in after all. */
function goToSignIn(): void {
  if (isLeaving) return;
  isLeaving = true;
  const next = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(next)}`);
}
