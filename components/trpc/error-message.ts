import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '@/server/api/app-router.ts';
import type { DomainErrorCode, DomainErrorDetails } from '@/server/domain/errors.ts';

type Sentences = { readonly [Code in DomainErrorCode]: (details: DomainErrorDetails[Code]) => string };

/** What failed, and what the person can do next. */
const SENTENCES: Sentences = {
  INVALID_TASK_CONFIG: ({ fields }) =>
    `The sizes do not fit together: ${fields.join(', ')}. Correct them and try again.`,
  INVALID_INPUT: ({ field, message }) => `${field}: ${message}.`,
  SIGNED_OUT: () => 'Your session has ended. Sign in again.',
  NOT_FOUND: ({ kind, id }) => `There is no ${kind} ${id}, or no longer. What was done to it is kept under Activity.`,
  FORBIDDEN: ({ needs }) => `This needs: ${needs}. An administrator can change your role under People.`,
  CONFLICT: ({ message }) => `Not possible now: ${message}.`,
  CLUSTER_UNKNOWN: ({ id }) => `There is no cluster ${id}, or no longer. Go back to the list of clusters.`,
  INSTANCE_UNKNOWN: ({ id }) => `The instance ${id} is no longer there. Nothing has to be done to it.`,
  ENVIRONMENT_UNAVAILABLE: ({ environment, operation }) =>
    `${environment} did not answer (${operation}). Nothing was changed; it is tried again by itself.`,
  ENVIRONMENT_THROTTLED: ({ environment, retryAfterMs }) =>
    `${environment} asks for fewer calls. Try again in ${seconds(retryAfterMs)}.`,
  ENVIRONMENT_REFUSED: ({ environment, operation, message }) =>
    `${environment} refused to ${operation}: ${message}. Correct that at the back end, then try again.`,
  CALL_DEADLINE: ({ operation }) =>
    `No answer in time (${operation}). What happened is read from the back end before anything else is done.`,
  NOT_SUPPORTED: ({ environment, operation }) => `${environment} cannot ${operation}.`,
  FACTS_TOO_OLD: ({ ageMs, limitMs }) =>
    `What is known of the cluster is ${seconds(ageMs)} old, and may be ${seconds(limitMs)} at most. Check that a worker runs, then try again.`,
  PLAN_STALE: ({ changes }) =>
    `The cluster has changed since this plan was made: ${changes.join('; ')}. Preview again and make a new plan.`,
  PLAN_EXPIRED: () => 'This plan has expired. Preview again and make a new plan.',
  PLAN_STATE: ({ state, action }) =>
    `This plan is ${words(state)}, so you cannot ${words(action)} it. Reload the page to see what was decided.`,
  PLAN_BLOCKED: ({ blockers }) => `A cycle cannot start: ${blockers.join('; ')}. Solve this in the preview first.`,
  PLAN_WARNINGS: ({ unticked }) => `Tick each warning before you go on: ${unticked.join('; ')}.`,
  SELF_APPROVAL: () => 'You made this plan, so somebody else has to approve it.',
  ALREADY_APPROVED: () => 'You have approved this plan. It waits for somebody else.',
  CYCLE_ACTIVE: () => 'A cycle of this cluster is active. Watch it, or abort it, before another one starts.',
  CYCLE_STATE: ({ why }) => `Not possible now: ${why}.`,
  INVITATION_INVALID: () =>
    'This link does not work: it was used, revoked, is too old, or was not copied whole. Ask an administrator for a new one; on a new installation, start the console again.',
  LEASE_LOST: () => 'Another worker took this over in the middle. Reload the page to see how it stands.',
  POOL_UNKNOWN: ({ name }) =>
    `There is no pool ${name}. Correct the name, or give machines the label pool=${name} under Clusters.`,
  POOL_CAPACITY: ({ name, requested, capacity }) =>
    `Pool ${name} has ${capacity} ${capacity === 1 ? 'machine' : 'machines'} and ${requested} are needed at once, so it could never run. Ask for fewer, or make the pool larger.`,
  POOL_AVAILABILITY: () => 'Not enough machines are free now. It waits in the queue, and starts when they are.',
  SESSION_STATE: ({ why }) => `Not possible now: ${why}.`,
  RESERVATION_STATE: ({ why }) => `Not possible now: ${why}.`,
  SECRET_UNREADABLE: ({ name, why }) =>
    why === 'another-key'
      ? `The secret ${name} was encrypted with another ROUNDHOUSE_KEY. Give every process the key that it was set with, or set the secret again.`
      : `The secret ${name} is not what was stored: somebody changed the database. Set it again, and find out who did.`,
  RUNTIME_UNSUPPORTED: ({ machine, workload }) =>
    `${machine} cannot run ${workload}. Use a pool of local machines, and a command or one of the bundled programs.`,
  ALREADY_PREPARED: () => 'It is prepared already. Nothing has to be done.',
  ALREADY_STARTED: () => 'It is started already. Nothing has to be done.',
  UPDATE_REJECTED: ({ message }) => `The change was refused: ${message}. Cancel the session and submit it again.`,
  CONTROLLER_CLOSED: () => 'The worker has let go of this component. It is taken up again by itself.',
};

/** What an answer says about a failure beyond its message; null where no answer came. */
export function failureOf(error: unknown) {
  if (!(error instanceof TRPCClientError)) return null;
  const { data }: TRPCClientError<AppRouter> = error;
  return data ?? null;
}

/** One sentence or two for the person: what failed and what to do next. */
export function errorMessage(error: unknown): string {
  const failure = failureOf(error);
  if (failure === null)
    return 'The console could not be reached. Check your connection; it is tried again when you do.';
  if (failure.domain) return domainSentence(failure.domain.code, failure.domain.details);
  if (failure.fields) return 'Correct the marked fields.';
  return 'Something failed on the server, and nothing is known to have changed. Try again; if it stays, give the request id to support.';
}

/** What is wrong with each field of a form, by its name. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  const failure = failureOf(error);
  if (failure?.domain?.code === 'INVALID_INPUT' && 'field' in failure.domain.details) {
    return { [failure.domain.details.field]: failure.domain.details.message };
  }
  return failure?.fields ?? {};
}

/** The sentence of one failure of the domain. */
export function domainSentence<Code extends DomainErrorCode>(code: Code, details: DomainErrorDetails[Code]): string {
  return SENTENCES[code](details);
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))} s`;
}

function words(code: string): string {
  return code.replaceAll('-', ' ');
}
