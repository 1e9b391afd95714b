import { defaultShouldDehydrateQuery, MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { failureOf } from '@/components/trpc/error-message';

/**
 * `onSignedOut` is told when an answer says that the session has ended. While the live view `isPaused`, old data is not
 * read again for the mere reason that somebody looks at it again.
 */
export function makeQueryClient(
  onSignedOut: () => void = () => undefined,
  isPaused: () => boolean = () => false,
): QueryClient {
  const onError = (error: unknown) => {
    if (failureOf(error)?.domain?.code === 'SIGNED_OUT') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // Live events say when data is old; this is for what has none.
      queries: {
        staleTime: 30_000,
        // On the server the whole page waits for it, and the browser asks again.
        retry: (failures, error) => typeof window !== 'undefined' && failures < 2 && isWorthRetrying(error),
        refetchOnWindowFocus: () => !isPaused(),
        refetchOnReconnect: () => !isPaused(),
      },
      dehydrate: {
        // A query that is still on the way is streamed to the browser.
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === 'pending',
      },
    },
  });
}

/** A refusal would be the same the next time; a broken connection or a failed server may not. */
function isWorthRetrying(error: unknown): boolean {
  const status = failureOf(error)?.httpStatus;
  return status === undefined || status >= 500;
}
