import type { ExecutionStatus } from './execution.ts';

/** What is kept of an execution's observations. */
export interface StoredExecution {
  readonly status: ExecutionStatus;
  /** What the workload ended with; null = it has not ended, or nobody knows. */
  readonly exitCode: number | null;
}

/**
 * What to store after a step. Here are the two mends of what `advance` tells, which is what its source tells:
 * an exit code that was seen once is never lost, and what the machine rejected shows no container.
 * `exitCode` is what the step's error or the executor said of it (`exitCodeOf`), null where they said nothing.
 */
export function recorded(before: StoredExecution, after: ExecutionStatus, exitCode: number | null): StoredExecution {
  return {
    status: after.state === 'REJECTED' ? { ...after, container: null } : after,
    exitCode: exitCode ?? exitCodeOfStatus(before.status, after) ?? before.exitCode,
  };
}

/** A container's 0 means that nothing is known, but to have finished is to have ended with 0. */
function exitCodeOfStatus(before: ExecutionStatus, after: ExecutionStatus): number | null {
  if (after.container !== null && after.container.exitCode !== 0) return after.container.exitCode;
  return after.state === 'COMPLETE' && before.state !== 'COMPLETE' ? 0 : null;
}
