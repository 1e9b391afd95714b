'use client';

import { createTRPCClient, type TRPCClient } from '@trpc/client';
import { httpBatchLink } from '@trpc/client/links/httpBatchLink';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@/server/api/app-router.ts';

/** `useTRPC` gives the options of a query or mutation; `useTRPCClient` calls a procedure where there are no such options. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** For queries and mutations: what follows a log is `followLog`. */
export function makeTrpcClient(): TRPCClient<AppRouter> {
  return createTRPCClient({ links: [httpBatchLink({ url: '/api/trpc' })] });
}
