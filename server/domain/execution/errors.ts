import { causes, DomainError, isDomainError, isTemporary } from '../errors.ts';

export { isTemporary };

/** Says of an error that the same call may succeed later, and leaves its text as it is. */
class TemporaryError extends Error {
  override readonly name = 'TemporaryError';
  readonly temporary = true;
}

/** The same object where it is temporary already. Source: docker/swarmkit `MakeTemporary`. */
export function makeTemporary<Thrown>(error: Thrown): Thrown | TemporaryError {
  if (isTemporary(error)) return error;
  return new TemporaryError(error instanceof Error ? error.message : String(error), { cause: error });
}

/** The workload ended by itself, with something else than it should have. */
export class ExitError extends Error {
  override readonly name = 'ExitError';

  constructor(
    readonly exitCode: number,
    options: { cause?: unknown } = {},
  ) {
    super(`exit code=${exitCode}`, options);
  }
}

/** The exit code that this very error carries, whatever its class. */
export function ownExitCode(error: unknown): number | null {
  const carries = error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
  return carries ? Number(error.exitCode) : null;
}

/** The exit code of the error, or of what caused it. */
export function exitCodeOf(error: unknown): number | null {
  for (const cause of causes(error)) {
    const exitCode = ownExitCode(cause);
    if (exitCode !== null) return exitCode;
  }
  return null;
}

/** The call was given up, by this signal or by a limit of its own: nothing is known of the workload. */
export function isCancelled(error: unknown, signal: AbortSignal): boolean {
  // A reason can be anything, so it is not always one of the causes.
  if (signal.aborted && error === signal.reason) return true;
  return causes(error).some(
    (cause) =>
      cause === signal.reason ||
      (cause instanceof Error && (cause.name === 'AbortError' || cause.name === 'TimeoutError')),
  );
}

/** Whether it is this very error. One that wraps it is another: source, docker/swarmkit `Do`. */
export function hasCode(error: unknown, code: DomainError['code']): boolean {
  return isDomainError(error) && error.code === code;
}

// The errors of a controller, with the texts of the source.

export function runtimeUnsupported(machine: string, workload: string): DomainError<'RUNTIME_UNSUPPORTED'> {
  return new DomainError('RUNTIME_UNSUPPORTED', { machine, workload }, { message: 'exec: unsupported runtime' });
}

export function alreadyPrepared(executionId: string): DomainError<'ALREADY_PREPARED'> {
  return new DomainError('ALREADY_PREPARED', { executionId }, { message: 'exec: task already prepared' });
}

export function alreadyStarted(executionId: string): DomainError<'ALREADY_STARTED'> {
  return new DomainError('ALREADY_STARTED', { executionId }, { message: 'exec: task already started' });
}

export function updateRejected(executionId: string, message: string): DomainError<'UPDATE_REJECTED'> {
  return new DomainError('UPDATE_REJECTED', { executionId, message }, { message: 'exec: task update rejected' });
}

export function controllerClosed(executionId: string): DomainError<'CONTROLLER_CLOSED'> {
  return new DomainError('CONTROLLER_CLOSED', { executionId }, { message: 'exec: controller closed' });
}

/** To be thrown where an outcome `retry` cannot be returned. Out of a controller it is an error like any other. */
export class RetryError extends Error {
  override readonly name = 'RetryError';
  override readonly message = 'exec: task retry';
}

/** To be thrown where an outcome `noop` cannot be returned. Out of a controller it is an error like any other. */
export class NoopError extends Error {
  override readonly name = 'NoopError';
  override readonly message = 'exec: task noop';
}
