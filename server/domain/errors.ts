/**
 * Every failure the domain knows, with what it carries. Two total tables follow this list:
 * `server/api/error-mapping.ts` (tRPC codes) and `components/trpc/error-message.ts` (sentences for a person).
 */
export interface DomainErrorDetails {
  INVALID_TASK_CONFIG: { fields: readonly string[] };
  INVALID_INPUT: { field: string; message: string };
  SIGNED_OUT: Record<string, never>;
  NOT_FOUND: { kind: string; id: string };
  FORBIDDEN: { action: string; needs: string };
  CONFLICT: { kind: string; id: string; message: string };
  CLUSTER_UNKNOWN: { id: string };
  INSTANCE_UNKNOWN: { id: string };
  ENVIRONMENT_UNAVAILABLE: { environment: string; operation: string };
  ENVIRONMENT_THROTTLED: { environment: string; operation: string; retryAfterMs: number };
  ENVIRONMENT_REFUSED: { environment: string; operation: string; message: string };
  CALL_DEADLINE: { operation: string; token: string };
  NOT_SUPPORTED: { environment: string; operation: string };
  FACTS_TOO_OLD: { clusterId: string; ageMs: number; limitMs: number };
  PLAN_STALE: { planId: string; changes: readonly string[] };
  PLAN_EXPIRED: { planId: string; expiredAt: number };
  PLAN_STATE: { planId: string; state: string; action: string };
  PLAN_BLOCKED: { blockers: readonly string[] };
  PLAN_WARNINGS: { unticked: readonly string[] };
  SELF_APPROVAL: { planId: string };
  ALREADY_APPROVED: { planId: string };
  CYCLE_ACTIVE: { clusterId: string; cycleId: string };
  CYCLE_STATE: { cycleId: string; state: string; action: string; why: string };
  INVITATION_INVALID: Record<string, never>;
  LEASE_LOST: { name: string };
  /** A session names a pool that has no machine. */
  POOL_UNKNOWN: { name: string };
  /** The pool has fewer machines than the session needs of it, so it can never run. */
  POOL_CAPACITY: { name: string; requested: number; capacity: number };
  /** Enough machines, but not now. */
  POOL_AVAILABILITY: Record<string, never>;
  SESSION_STATE: { sessionId: string; state: string; action: string; why: string };
  RESERVATION_STATE: { reservationId: string; state: string; action: string; why: string };
  /** The stored value cannot be read: it was encrypted with another key, or its row was changed from outside. */
  SECRET_UNREADABLE: { name: string; why: 'another-key' | 'changed' };
  RUNTIME_UNSUPPORTED: { machine: string; workload: string };
  ALREADY_PREPARED: { executionId: string };
  ALREADY_STARTED: { executionId: string };
  UPDATE_REJECTED: { executionId: string; message: string };
  CONTROLLER_CLOSED: { executionId: string };
}

export type DomainErrorCode = keyof DomainErrorDetails;

/** What a call of a back end came to, in words for its record. Of all other failures the code says it. */
const OUTCOMES: { readonly [Code in DomainErrorCode]?: (details: DomainErrorDetails[Code]) => string } = {
  ENVIRONMENT_UNAVAILABLE: ({ environment }) => `${environment} did not answer`,
  ENVIRONMENT_THROTTLED: ({ environment }) => `${environment} asked for fewer calls`,
  ENVIRONMENT_REFUSED: ({ environment, message }) => `${environment} refused: ${message}`,
  CALL_DEADLINE: () => 'no answer in time',
};

/** The one error class of the product. `message` is for logs and for callers without a table of sentences. */
export class DomainError<Code extends DomainErrorCode = DomainErrorCode> extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: Code,
    readonly details: DomainErrorDetails[Code],
    options: { cause?: unknown; message?: string; temporary?: boolean } = {},
  ) {
    super(options.message ?? OUTCOMES[code]?.(details) ?? `${code} ${JSON.stringify(details)}`, {
      cause: options.cause,
    });
    this.temporary = options.temporary ?? TEMPORARY.has(code);
  }

  /** Whether the same call may succeed when it is made again later. */
  readonly temporary: boolean;
}

const TEMPORARY: ReadonlySet<DomainErrorCode> = new Set<DomainErrorCode>([
  'ENVIRONMENT_UNAVAILABLE',
  'ENVIRONMENT_THROTTLED',
  'CALL_DEADLINE',
]);

/** Recognised by name as well, because bundles may hold the class twice. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError || (error instanceof Error && error.name === 'DomainError' && 'code' in error);
}

/**
 * The one question the runner asks of an error. The first of its causes that has an answer of its own gives it; where
 * none has, it is no. A time limit that ran out is temporary, a call that was given up is not: source, Go's `context`.
 */
export function isTemporary(error: unknown): boolean {
  for (const cause of causes(error)) {
    if ('temporary' in cause && typeof cause.temporary === 'boolean') return cause.temporary;
    if ('name' in cause && cause.name === 'TimeoutError') return true;
  }
  return false;
}

/** The error, what caused it, what caused that, and so on. */
export function causes(error: unknown): readonly object[] {
  const found = new Set<object>();
  // The set ends the walk where an error is its own cause.
  for (let next = error; typeof next === 'object' && next !== null && !found.has(next); ) {
    found.add(next);
    next = 'cause' in next ? next.cause : null;
  }
  return [...found];
}
