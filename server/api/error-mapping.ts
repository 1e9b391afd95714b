import { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import { type DomainError, type DomainErrorCode, isDomainError } from '../domain/errors.ts';

const TRPC_CODES = {
  INVALID_TASK_CONFIG: 'BAD_REQUEST',
  INVALID_INPUT: 'BAD_REQUEST',
  SIGNED_OUT: 'UNAUTHORIZED',
  NOT_FOUND: 'NOT_FOUND',
  FORBIDDEN: 'FORBIDDEN',
  CONFLICT: 'CONFLICT',
  CLUSTER_UNKNOWN: 'NOT_FOUND',
  INSTANCE_UNKNOWN: 'NOT_FOUND',
  ENVIRONMENT_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  ENVIRONMENT_THROTTLED: 'TOO_MANY_REQUESTS',
  ENVIRONMENT_REFUSED: 'BAD_GATEWAY',
  CALL_DEADLINE: 'TIMEOUT',
  NOT_SUPPORTED: 'NOT_IMPLEMENTED',
  FACTS_TOO_OLD: 'PRECONDITION_FAILED',
  PLAN_STALE: 'PRECONDITION_FAILED',
  PLAN_EXPIRED: 'PRECONDITION_FAILED',
  PLAN_STATE: 'CONFLICT',
  PLAN_BLOCKED: 'PRECONDITION_FAILED',
  PLAN_WARNINGS: 'PRECONDITION_FAILED',
  SELF_APPROVAL: 'FORBIDDEN',
  ALREADY_APPROVED: 'CONFLICT',
  CYCLE_ACTIVE: 'CONFLICT',
  CYCLE_STATE: 'CONFLICT',
  INVITATION_INVALID: 'BAD_REQUEST',
  LEASE_LOST: 'CONFLICT',
} as const satisfies Record<DomainErrorCode, TRPC_ERROR_CODE_KEY>;

export function toTrpcError(error: DomainError): TRPCError {
  return new TRPCError({ code: TRPC_CODES[error.code], message: error.message, cause: error });
}

/** The domain error that a tRPC error was made of, if it was. */
export function domainErrorOf(error: TRPCError): DomainError | null {
  return isDomainError(error.cause) ? error.cause : null;
}
