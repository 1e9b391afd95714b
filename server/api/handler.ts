import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Services } from '../compose.ts';
import { appRouter } from './app-router.ts';
import { createContext } from './context.ts';
import { wholeEvents } from './whole-events.ts';

/** Answers a request to `/api/trpc/…`. */
export async function handleTrpc(request: Request, services: Services): Promise<Response> {
  const response = await fetchRequestHandler({
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
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  return isStream && response.body !== null ? new Response(wholeEvents(response.body), response) : response;
}
