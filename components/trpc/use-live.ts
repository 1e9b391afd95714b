'use client';

import { type DataTag, hashKey, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react';
import { type LiveStatus, type LiveStream, type LiveView, refetchSoon } from '@/components/trpc/live-stream';
import type { Refetcher } from '@/components/trpc/refetcher';
import type { LiveEvent } from '@/server/contract/live.ts';

export interface Live {
  readonly stream: LiveStream;
  readonly refetcher: Refetcher;
}

export const LiveContext = createContext<Live | null>(null);

function useLiveContext(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('There is no AppProvider around this component');
  return live;
}

/** The new data, or that the event does not carry enough and the query is to be read again. */
export type LiveReducer<Data> = (data: Data, event: LiveEvent) => Data | 'refetch';

/**
 * Keeps the cached answer of a query up to date by the events of a stream. `seq` is the number that the answer came with,
 * undefined while there is none.
 * `reducer` is pure, and is given each event once, in order; where it changes the data it sets its `seq` to the event's.
 */
export function useLive<Data, Failure>(
  stream: string,
  seq: string | undefined,
  queryKey: DataTag<QueryKey, Data, Failure>,
  reducer: LiveReducer<Data>,
): void {
  const live = useLiveContext();
  const queryClient = useQueryClient();
  const key = hashKey(queryKey);
  const view = useRef<LiveView | null>(null);

  const apply = useEffectEvent((event: LiveEvent) => {
    const data = queryClient.getQueryData<Data>(queryKey);
    const next = data === undefined ? 'refetch' : reducer(data, event);
    if (next === 'refetch') refetchSoon({ refetch });
    else queryClient.setQueryData<Data>(queryKey, next);
  });
  const refetch = useEffectEvent(() => live.refetcher.refetch(queryKey));
  const readSeq = useEffectEvent(() => seq);

  const isRead = seq !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another key is another view
  useEffect(() => {
    if (!isRead) return;
    view.current = { seq: readSeq() ?? '0', apply, refetch };
    return live.stream.register(stream, view.current);
  }, [live, stream, key, isRead]);

  useEffect(() => {
    const current = view.current;
    if (current === null || seq === undefined || current.seq === seq) return;
    // An answer older than an event that was applied already has overwritten it.
    if (BigInt(seq) < BigInt(current.seq)) refetchSoon(current);
    else current.seq = seq;
  }, [seq]);
}

const catchingUp: LiveStatus = { kind: 'catching-up' };

export function useLiveStatus(): LiveStatus {
  const { stream } = useLiveContext();
  return useSyncExternalStore(stream.subscribe, stream.status, () => catchingUp);
}

/** Whether a person has paused this tab, and how to do so or to go on. */
export function useLivePause(): { isPaused: boolean; toggle: () => void } {
  const { stream } = useLiveContext();
  const isPaused = useSyncExternalStore(stream.subscribe, stream.isPaused, () => false);
  const toggle = useCallback(() => (stream.isPaused() ? stream.resume() : stream.pause()), [stream]);
  return { isPaused, toggle };
}
