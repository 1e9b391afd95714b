import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Services } from '../compose.ts';
import { appRouter } from './app-router.ts';
import { createContext } from './context.ts';

/** Answers a request to `/api/trpc/…`. */
export function handleTrpc(request: Request, services: Services): Promise<Response> {
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: () => createContext(request.method, request.headers, services),
    responseMeta: ({ ctx }) => ({ headers: ctx ? { 'x-request-id': ctx.requestId } : {} }),
    onError: ({ error, path, ctx }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR')
        console.error(`request ${ctx?.requestId} to ${path} failed`, error.cause ?? error);
    },
  });
}
