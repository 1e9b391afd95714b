import {
  dehydrate,
  type FetchInfiniteQueryOptions,
  type FetchQueryOptions,
  HydrationBoundary,
  type QueryKey,
} from '@tanstack/react-query';
import { TRPCError } from '@trpc/server';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { cache, type ReactNode } from 'react';
import { makeQueryClient } from '@/components/trpc/query-client';
import { Alive } from '@/components/ui/alive';
import { appRouter } from '@/server/api/app-router.ts';
import { createContext } from '@/server/api/context.ts';
import { web } from '@/server/compose.ts';

/** Who asks for this page, read once for all that is drawn of it. */
export const getContext = cache(async () => createContext('GET', await headers(), web()));

const getQueryClient = cache(() => makeQueryClient());

/** As `useTRPC()`, for pages: the procedures are called here, without HTTP. */
export const trpc = createTRPCOptionsProxy({ ctx: getContext, router: appRouter, queryClient: getQueryClient });

/**
 * Starts a query, whose answer is streamed to the browser. A failure is left to the component that asks for the data.
 * Who waits for it draws the same on the server as the browser does.
 */
export function prefetch<Data, Failure, Selected, Key extends QueryKey>(
  options: FetchQueryOptions<Data, Failure, Selected, Key>,
): Promise<void> {
  return getQueryClient().prefetchQuery(options);
}

/** As `prefetch`, and waits for the answer: where the object of the page does not exist, `not-found.tsx` stands instead. */
export async function prefetchOrNotFound<Data, Failure, Selected, Key extends QueryKey>(
  options: FetchQueryOptions<Data, Failure, Selected, Key>,
): Promise<Selected> {
  try {
    return await getQueryClient().fetchQuery({ ...options, retry: false });
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') notFound();
    throw error;
  }
}

export function prefetchInfinite<Data, Failure, Selected, Key extends QueryKey, Page>(
  options: FetchInfiniteQueryOptions<Data, Failure, Selected, Key, Page>,
): void {
  void getQueryClient().prefetchInfiniteQuery(options);
}

/** Gives the components within what was prefetched; nothing in them can be pressed before they are alive. */
export function HydrateClient({ children }: { children: ReactNode }) {
  return (
    <HydrationBoundary state={dehydrate(getQueryClient())}>
      <Alive>{children}</Alive>
    </HydrationBoundary>
  );
}
