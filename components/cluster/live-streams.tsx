'use client';

import type { DataTag, QueryKey } from '@tanstack/react-query';
import { type LiveReducer, useLive } from '@/components/trpc/use-live';

interface LiveStreamsProps<Data, Failure> {
  /** For each stream, the number that the answer is as of. */
  cursors: Readonly<Record<string, string>>;
  queryKey: DataTag<QueryKey, Data, Failure>;
  reducer: LiveReducer<Data>;
}

/** Keeps one answer up to date by several streams. Draws nothing. */
export function LiveStreams<Data, Failure>({ cursors, ...rest }: LiveStreamsProps<Data, Failure>) {
  return Object.entries(cursors).map(([stream, seq]) => <OneStream key={stream} stream={stream} seq={seq} {...rest} />);
}

function OneStream<Data, Failure>({
  stream,
  seq,
  queryKey,
  reducer,
}: Omit<LiveStreamsProps<Data, Failure>, 'cursors'> & { stream: string; seq: string }) {
  useLive(stream, seq, queryKey, reducer);
  return null;
}
