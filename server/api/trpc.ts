import { initTRPC } from '@trpc/server';
import { ZodError } from 'zod';
import type { Services } from '../compose.ts';
import { hasRole, type Role, type Viewer } from '../contract/people.ts';
import { DomainError, isDomainError } from '../domain/errors.ts';
import { domainErrorOf, toTrpcError } from './error-mapping.ts';

/** What a procedure may rely on: who asks is read from the session, never from the input. */
export interface Context {
  readonly viewer: Viewer | null;
  /** The session that the viewer was read from; null without one. */
  readonly sessionId: string | null;
  readonly requestId: string;
  readonly services: Services;
  readonly now: number;
}

const t = initTRPC.context<Context>().create({
  errorFormatter: ({ shape, error, ctx }) => {
    const domainError = domainErrorOf(error);
    return {
      ...shape,
      // What an unexpected error says is for the log: it may name hosts, statements or secrets.
      message: error.code === 'INTERNAL_SERVER_ERROR' ? 'Something went wrong on the server.' : shape.message,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        requestId: ctx?.requestId ?? null,
        domain: domainError && { code: domainError.code, details: domainError.details },
        fields: error.cause instanceof ZodError ? fieldErrors(error.cause) : null,
      },
    };
  },
  sse: {
    // The live service sends its own beat, which carries the server's clock and checks the session.
    ping: { enabled: false },
    client: { reconnectAfterInactivityMs: 30_000 },
  },
});

/** The first message of each field, by its dotted path. */
function fieldErrors(error: ZodError): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const issue of error.issues) messages[issue.path.join('.')] ??= issue.message;
  return messages;
}

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Anybody, signed in or not. Failures of the domain become tRPC's here and nowhere else. */
export const publicProcedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok && isDomainError(result.error.cause)) throw toTrpcError(result.error.cause);
  return result;
});

const procedureOf = (needed: Role) =>
  publicProcedure.use(({ ctx, path, next }) => {
    const { viewer, sessionId } = ctx;
    if (viewer === null || sessionId === null) throw new DomainError('SIGNED_OUT', {});
    if (!hasRole(viewer.role, needed)) throw new DomainError('FORBIDDEN', { action: path, needs: needed });
    return next({ ctx: { viewer, sessionId } });
  });

export const viewerProcedure = procedureOf('viewer');
export const operatorProcedure = procedureOf('operator');
export const administratorProcedure = procedureOf('administrator');
