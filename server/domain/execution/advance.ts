import type { DomainErrorCode } from '../errors.ts';
import type { Controller } from './controller.ts';
import { hasCode, isCancelled, isTemporary, ownExitCode } from './errors.ts';
import {
  type Advanceable,
  type ContainerStatus,
  type Execution,
  type ExecutionState,
  type ExecutionStatus,
  isTerminal,
  rank,
} from './execution.ts';
import type { Executor } from './executor.ts';

/** advanced: store the status and call again. noop: nothing will change until the execution is changed. retry: later. */
export type Outcome = 'advanced' | 'noop' | 'retry';

export interface Advance {
  readonly status: ExecutionStatus;
  readonly outcome: Outcome;
}

/** A status keeps only the text of an error: its exit code, where it was wrapped, and its class are here. */
export interface Attempt extends Advance {
  /** What the controller threw; null where it threw nothing. */
  readonly error: unknown;
}

/**
 * Takes an execution one step further by at most one verb of its controller. The status is to be stored before the next
 * call. Never throws: what the controller throws is in the status. Source: docker/swarmkit `Do`.
 * Its signature is fixed, so it reads the clock, for the time of a status that changed.
 */
export async function advance(
  execution: Advanceable,
  controller: Controller,
  signal: AbortSignal,
  now: () => number = Date.now,
): Promise<Advance> {
  const { status, outcome } = await attempt(execution, controller, signal, now);
  return { status, outcome };
}

/** What `advance` does, with the error itself. */
export async function attempt(
  execution: Advanceable,
  controller: Controller,
  signal: AbortSignal,
  now: () => number = Date.now,
): Promise<Attempt> {
  const before = execution.status;
  const step = nextStep(before.state, execution.desiredState);
  const failure = await perform(step, controller, signal);
  const next = decide(before, step, failure, signal);
  const status = await observe(next.status, failure, controller, signal);
  return {
    status: isSame(before, status) ? before : { ...status, timestamp: now() },
    outcome: next.outcome,
    error: failure === null ? null : failure.error,
  };
}

/** One way on: by a verb of the controller, or by deciding it. */
interface Step {
  readonly verb: 'prepare' | 'start' | 'wait' | 'shutdown' | null;
  /** Thrown where an earlier call has done it already. */
  readonly already: DomainErrorCode | null;
  readonly to: ExecutionState;
  readonly message: string;
}

const accept: Step = { verb: null, already: null, to: 'ACCEPTED', message: 'accepted' };
const shutdown: Step = { verb: 'shutdown', already: null, to: 'SHUTDOWN', message: 'shutdown' };

/** The way on from each state while its end is not asked for. */
const ONWARD: Readonly<Record<ExecutionState, Step | null>> = {
  NEW: accept,
  PENDING: accept,
  ASSIGNED: accept,
  ACCEPTED: { verb: null, already: null, to: 'PREPARING', message: 'preparing' },
  PREPARING: { verb: 'prepare', already: 'ALREADY_PREPARED', to: 'READY', message: 'prepared' },
  READY: { verb: null, already: null, to: 'STARTING', message: 'starting' },
  STARTING: { verb: 'start', already: 'ALREADY_STARTED', to: 'RUNNING', message: 'started' },
  RUNNING: { verb: 'wait', already: null, to: 'COMPLETE', message: 'finished' },
  COMPLETE: null,
  SHUTDOWN: null,
  FAILED: null,
  REJECTED: null,
  REMOVE: null,
  ORPHANED: null,
};

/** Null = stay. Whatever end is asked for, an execution is brought to SHUTDOWN and no further. */
function nextStep(state: ExecutionState, desired: ExecutionState): Step | null {
  if (rank(desired) >= rank('SHUTDOWN')) return isTerminal(state) ? null : shutdown;
  const step = ONWARD[state];
  if (step === null || rank(state) > rank(desired)) return null;
  // What has begun is carried through, even beyond the desired state; a pause is left only for a state beyond it.
  return step.verb !== null || rank(state) < rank(desired) ? step : null;
}

/** In an object, because anything can be thrown. `told` is the container's status that the error brought along. */
interface Failure {
  readonly error: unknown;
  readonly told: ContainerStatus | null;
}

async function perform(step: Step | null, controller: Controller, signal: AbortSignal): Promise<Failure | null> {
  if (step === null || step.verb === null) return null;
  try {
    await controller[step.verb](signal);
    return null;
  } catch (error) {
    if (step.already !== null && hasCode(error, step.already)) return null;
    return { error, told: await statusOfError(error, signal) };
  }
}

function decide(before: ExecutionStatus, step: Step | null, failure: Failure | null, signal: AbortSignal): Advance {
  if (step === null) return { status: before, outcome: 'noop' };
  if (failure === null) {
    return { status: { ...before, state: step.to, message: step.message, err: '' }, outcome: 'advanced' };
  }
  if (isCancelled(failure.error, signal)) return { status: before, outcome: 'retry' };
  const status = { ...before, err: messageOf(failure.error) };
  if (isTemporary(failure.error)) return { status, outcome: 'retry' };
  return { status: { ...status, state: stateOfFailure(before.state) }, outcome: 'advanced' };
}

/** What failed before it was started was rejected by the machine. */
export function stateOfFailure(state: ExecutionState): ExecutionState {
  return rank(state) < rank('STARTING') ? 'REJECTED' : 'FAILED';
}

const NOTHING_KNOWN: ContainerStatus = { id: '', pid: 0, exitCode: 0 };

/** Adds what the error or the controller tells of the container and, where that is known, of the ports. */
async function observe(
  status: ExecutionStatus,
  failure: Failure | null,
  controller: Controller,
  signal: AbortSignal,
): Promise<ExecutionStatus> {
  if (rank(status.state) < rank('STARTING')) return status;
  const told = failure?.told ?? null;
  if (told === null && controller.containerStatus === undefined) return status;
  const container =
    told ?? (await orNull(() => controller.containerStatus?.(signal))) ?? status.container ?? NOTHING_KNOWN;
  // An error that only wraps one with an exit code has none, and 0 says nothing, as in the source: `recorded` keeps both.
  const exitCode = (failure === null ? null : ownExitCode(failure.error)) || container.exitCode;
  const ports =
    controller.portStatus === undefined ? status.ports : await orNull(() => controller.portStatus?.(signal));
  return { ...status, container: { ...container, exitCode }, ports };
}

/** A status without details says more than none: to fail to give them is no failure of the execution. */
async function orNull<T>(details: () => Promise<T | null> | undefined): Promise<T | null> {
  try {
    return (await details()) ?? null;
  } catch {
    return null;
  }
}

/** An error may tell what has become of the container, by the method that a controller has for it. */
async function statusOfError(error: unknown, signal: AbortSignal): Promise<ContainerStatus | null> {
  return tellsStatus(error) ? orNull(() => error.containerStatus(signal)) : null;
}

function tellsStatus(error: unknown): error is Required<Pick<Controller, 'containerStatus'>> {
  return error instanceof Error && 'containerStatus' in error && typeof error.containerStatus === 'function';
}

function isSame(a: ExecutionStatus, b: ExecutionStatus): boolean {
  return (
    a.state === b.state &&
    a.message === b.message &&
    a.err === b.err &&
    a.container?.id === b.container?.id &&
    a.container?.pid === b.container?.pid &&
    a.container?.exitCode === b.container?.exitCode &&
    a.ports?.length === b.ports?.length &&
    (a.ports ?? []).every(({ name, address }, i) => name === b.ports?.[i]?.name && address === b.ports[i].address)
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `status` is to be stored in both cases. */
export type Resolution =
  | { readonly status: ExecutionStatus; readonly controller: Controller; readonly error: null }
  | { readonly status: ExecutionStatus; readonly controller: null; readonly error: unknown };

/**
 * Asks the executor for a controller. Any failure, a temporary one too, ends what has not ended: a caller that would
 * rather try again looks at `error` before it stores the status. Source: docker/swarmkit `Resolve`.
 */
export async function resolve(
  execution: Execution,
  executor: Pick<Executor, 'controller'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Resolution> {
  const before = execution.status;
  try {
    const controller = await executor.controller(execution, signal);
    const isNew = rank(before.state) < rank('ACCEPTED');
    const status: ExecutionStatus = isNew ? { ...before, state: 'ACCEPTED', message: 'accepted', err: '' } : before;
    return { status, controller, error: null };
  } catch (error) {
    const state = isTerminal(before.state) ? before.state : stateOfFailure(before.state);
    const status = { ...before, state, message: 'resolving controller failed', err: messageOf(error) };
    return { status, controller: null, error };
  }
}
