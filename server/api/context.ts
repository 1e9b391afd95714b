import { randomUUID } from 'node:crypto';
import type { Services } from '../compose.ts';
import { DomainError } from '../domain/errors.ts';
import { isOwnOrigin } from '../domain/people/own-origin.ts';
import { toTrpcError } from './error-mapping.ts';
import type { Context } from './trpc.ts';

/** Who asks, from the session in the headers. Refuses a POST that no page of this console sent. */
export async function createContext(method: string, headers: Headers, services: Services): Promise<Context> {
  if (method !== 'GET' && !isOwnOrigin(headers.get('origin'), headers.get('host'), services.publicOrigins)) {
    throw toTrpcError(
      new DomainError('FORBIDDEN', { action: 'a change from another site', needs: 'a page of this console' }),
    );
  }
  const signedIn = await services.identity.signedIn(headers);
  return {
    viewer: signedIn?.viewer ?? null,
    sessionId: signedIn?.sessionId ?? null,
    requestId: randomUUID(),
    services,
    now: Date.now(),
  };
}
