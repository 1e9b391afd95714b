import type { Controller, LogLine, LogSubscription, WorkloadObservation } from './controller.ts';
import type { Execution, MachineRef } from './execution.ts';

/** What an executor says of a machine. Source: docker/swarmkit `api.NodeDescription`. */
export interface MachineDescription {
  readonly hostname: string;
  readonly platform: { readonly os: string; readonly architecture: string };
}

/** A key of an overlay network. Kept by the executor; on processes it changes nothing. */
export interface NetworkKey {
  readonly subsystem: string;
  readonly key: Uint8Array;
}

/** What gives a controller for an execution. Source: docker/swarmkit `exec.Executor`. */
export interface Executor {
  describe(machine: MachineRef, signal: AbortSignal): Promise<MachineDescription>;
  /** Labels of the machine, for executors that act on them. */
  configure(machine: MachineRef, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  setNetworkKeys(keys: readonly NetworkKey[]): Promise<void>;
  /** Throws RUNTIME_UNSUPPORTED where it cannot run such a workload. Finds a workload that an earlier process started. */
  controller(execution: Execution, signal: AbortSignal): Promise<Controller>;
  /** What the workload is now; null where the machine knows of none. Throws a temporary error if the machine gives no answer. */
  observe(execution: Execution, signal: AbortSignal): Promise<WorkloadObservation | null>;
  /** Lines from number `from` on, as they come, under the options of the subscription. */
  logs(
    execution: Execution,
    from: number,
    subscription: LogSubscription,
    signal: AbortSignal,
  ): AsyncIterable<readonly LogLine[]>;
  /** The ids of all executions that the machine still holds anything of. */
  list(machine: MachineRef, signal: AbortSignal): Promise<readonly string[]>;
}

/** Values that an execution names. Source: docker/swarmkit `exec.SecretsManager` and `exec.ConfigsManager`. */
export interface DependencyManager {
  get(name: string): Promise<Uint8Array | null>;
  add(values: ReadonlyMap<string, Uint8Array>): void;
  remove(names: readonly string[]): void;
  /** Forgets all, then adds these. */
  reset(values: ReadonlyMap<string, Uint8Array>): void;
}
