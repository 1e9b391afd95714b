import type { LogLine } from '../execution/controller.ts';
import type { Execution, ExecutionStatus } from '../execution/execution.ts';
import type { Json } from '../instance/plugin.ts';
import type { LogLevel } from './log-level.ts';
import type { PlannedExecution, SessionStep } from './plan-session.ts';
import type { ComponentHealth } from './session.ts';
import type { ExecutionFacts, SessionFacts } from './session-facts.ts';

/** Who may write a session: its worker, by the fencing token of its lease. Every later owner has a higher one. */
export interface SessionFence {
  readonly sessionId: string;
  readonly owner: string;
  readonly token: bigint;
}

/** An execution as it is stored: what decisions rest on, and what only its leaders need. Times are epoch milliseconds. */
export interface ExecutionRecord extends Execution, Omit<ExecutionFacts, 'status'> {
  /** Temporary failures in a row of the present step. */
  readonly attempt: number;
  readonly retryAt: number | null;
  /** How many lines of its log are stored. */
  readonly logLines: number;
}

export interface SessionRecord extends SessionFacts {
  readonly id: string;
  readonly name: string;
  /** Failures of ours in a row, and when it is tried again. */
  readonly retries: number;
  readonly retryAt: number | null;
  readonly executions: readonly ExecutionRecord[];
}

/** What one turn of a session decided, written in one transaction. A verdict that is null leaves the stored one. */
export interface SessionChange extends Omit<SessionStep, 'create' | 'wakeAt'> {
  readonly create: readonly NewExecution[];
  /** What was known of a person's wish to keep it. Where that has changed, nothing is written: decide again. */
  readonly seen: Pick<SessionRecord, 'keepForMs' | 'keepUntil'>;
  /** What the driver reported; undefined = as it is. */
  readonly results?: Json;
}

export interface NewExecution extends PlannedExecution {
  readonly id: string;
}

/** One step of an execution, or one attempt at it that failed for a while. */
export interface ExecutionChange {
  readonly status: ExecutionStatus;
  readonly exitCode: number | null;
  readonly attempt: number;
  readonly retryAt: number | null;
}

/** What became of a component's process. An exit code that is null leaves the stored one. */
export type ProcessRecord = Pick<ExecutionRecord, 'startedAt' | 'exitedAt' | 'signal' | 'exitCode'>;

/** What was seen of a component. */
export interface HealthChange {
  readonly health: ComponentHealth;
  readonly reason: string;
  readonly at: number;
}

/** All writes throw LEASE_LOST where the fence is no longer the session's. */
export interface SessionStore {
  load(fence: SessionFence): Promise<SessionRecord>;
  recordChange(fence: SessionFence, change: SessionChange): Promise<void>;
  recordStatus(fence: SessionFence, executionId: string, change: ExecutionChange): Promise<void>;
  /** `orphaned`: its machine gave no answer, so something of it may be left there. */
  recordRemoved(fence: SessionFence, executionId: string, status: ExecutionStatus, orphaned: boolean): Promise<void>;
  recordHealth(fence: SessionFence, executionId: string, changes: readonly HealthChange[]): Promise<void>;
  recordProcess(fence: SessionFence, executionId: string, process: ProcessRecord): Promise<void>;
  appendLog(
    fence: SessionFence,
    executionId: string,
    lines: readonly (LogLine & { readonly level: LogLevel })[],
  ): Promise<void>;
  backOff(fence: SessionFence, retries: number, retryAt: number | null): Promise<void>;
}

/** What could not be removed from machines that gave no answer, though its session went on without it. */
export interface OrphanStore {
  /** Those of this host that are due to be tried again; nobody else gets them for a while. */
  takeOrphans(hostId: string): Promise<readonly Execution[]>;
  /** Nothing of it is left. */
  orphanRemoved(executionId: string): Promise<void>;
}
