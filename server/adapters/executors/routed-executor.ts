import type { Controller, LogLine, LogSubscription, WorkloadObservation } from '../../domain/execution/controller.ts';
import type { Execution, MachineRef } from '../../domain/execution/execution.ts';
import type { Executor, MachineDescription, NetworkKey } from '../../domain/execution/executor.ts';

/** Gives each call to the executor of its machine. Network keys are for machines of the one that keeps them. */
export class RoutedExecutor implements Executor {
  readonly #keysFor: Executor;
  readonly #executorOf: (machine: MachineRef) => Promise<Executor>;

  constructor(keysFor: Executor, executorOf: (machine: MachineRef) => Promise<Executor>) {
    this.#keysFor = keysFor;
    this.#executorOf = executorOf;
  }

  async describe(machine: MachineRef, signal: AbortSignal): Promise<MachineDescription> {
    return (await this.#executorOf(machine)).describe(machine, signal);
  }

  async configure(machine: MachineRef, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    await (await this.#executorOf(machine)).configure(machine, labels, signal);
  }

  async setNetworkKeys(keys: readonly NetworkKey[]): Promise<void> {
    await this.#keysFor.setNetworkKeys(keys);
  }

  async controller(execution: Execution, signal: AbortSignal): Promise<Controller> {
    return (await this.#executorOf(execution.machine)).controller(execution, signal);
  }

  async observe(execution: Execution, signal: AbortSignal): Promise<WorkloadObservation | null> {
    return (await this.#executorOf(execution.machine)).observe(execution, signal);
  }

  async *logs(
    execution: Execution,
    from: number,
    subscription: LogSubscription,
    signal: AbortSignal,
  ): AsyncIterable<readonly LogLine[]> {
    yield* (await this.#executorOf(execution.machine)).logs(execution, from, subscription, signal);
  }

  async list(machine: MachineRef, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.#executorOf(machine)).list(machine, signal);
  }
}
