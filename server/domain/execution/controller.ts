import type { ContainerStatus, Execution, PortStatus } from './execution.ts';

/**
 * The verbs on one workload. Source: docker/swarmkit `exec.Controller`. Each may be called again after a crash:
 * `prepare` then throws ALREADY_PREPARED and `start` ALREADY_STARTED, which count as success.
 */
export interface Controller {
  /** The desired state or the definition changed. Throws UPDATE_REJECTED where that cannot be followed. */
  update(execution: Execution, signal: AbortSignal): Promise<void>;
  /** Makes everything ready to start, and starts nothing. */
  prepare(signal: AbortSignal): Promise<void>;
  start(signal: AbortSignal): Promise<void>;
  /** Blocks until the workload has ended. Throws an `ExitError` where it did not end with 0. */
  wait(signal: AbortSignal): Promise<void>;
  /** Asks it to end, and blocks until it has; the grace time is the executor's. */
  shutdown(signal: AbortSignal): Promise<void>;
  /** Ends it at once. */
  terminate(signal: AbortSignal): Promise<void>;
  /** Frees all that it occupied. Of what has gone already: no error. */
  remove(signal: AbortSignal): Promise<void>;
  /** Frees what this controller holds in this process. The workload goes on. Later calls throw CONTROLLER_CLOSED. */
  close(): Promise<void>;
  /** What the workload is now, where the executor can tell. */
  containerStatus?(signal: AbortSignal): Promise<ContainerStatus | null>;
  portStatus?(signal: AbortSignal): Promise<readonly PortStatus[] | null>;
}

/** One line of what a workload wrote. */
export interface LogLine {
  /** 0, 1, 2 … within the execution. */
  readonly line: number;
  /** When the executor read it, epoch milliseconds. */
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Source: docker/swarmkit `api.LogSubscriptionOptions`. */
export interface LogSubscription {
  /** Go on with what comes later, until the workload has ended and everything was read. */
  readonly follow: boolean;
  /** Only the last n of what is there; null = all. */
  readonly tail: number | null;
  /** Only what was written at or after; null = all. */
  readonly since: number | null;
  /** Empty = both. */
  readonly streams: readonly LogLine['stream'][];
}

/** What an executor tells of a workload beyond its controller: never an order, so it may be asked at any time. */
export interface WorkloadObservation {
  /** Null before it was started. */
  readonly startedAt: number | null;
  readonly exitedAt: number | null;
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: string | null;
  /** By the probe, or running where there is none; `reason` says why not. */
  readonly ready: boolean | null;
  readonly reason: string;
  /** Each change of the two so far, oldest first, so that who looks now and then misses none; at most the last 200. */
  readonly changes: readonly { readonly at: number; readonly ready: boolean; readonly reason: string }[];
  readonly ports: readonly PortStatus[];
  /** What it left in its results file, once it has ended; at most 256 KiB. */
  readonly results: string | null;
}
