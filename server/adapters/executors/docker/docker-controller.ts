import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../../domain/errors.ts';
import type { Controller } from '../../../domain/execution/controller.ts';
import {
  alreadyPrepared,
  alreadyStarted,
  controllerClosed,
  ExitError,
  updateRejected,
} from '../../../domain/execution/errors.ts';
import type { ContainerStatus, Execution, PortStatus } from '../../../domain/execution/execution.ts';
import { canonical } from '../../../domain/instance/canonical.ts';
import { type Component, type ComponentContainers, type ComponentOrder, unknown } from './component-containers.ts';

/** As shells tell it: a process that was ended by signal n exited with 128 + n. */
const SIGNAL_BASE = 128;
const LOOK_MS = 50;

export interface DockerControllerOptions {
  readonly containers: ComponentContainers;
  /** All that the component is given. Asked for when it is prepared, so that values are held no longer. */
  readonly order: () => Promise<ComponentOrder>;
  readonly graceMs: number;
}

/** The verbs on one component of a Docker machine. */
export class DockerController implements Controller {
  readonly #execution: Execution;
  readonly #options: DockerControllerOptions;
  readonly #closing = new AbortController();

  constructor(execution: Execution, options: DockerControllerOptions) {
    this.#execution = execution;
    this.#options = options;
  }

  /** The desired state is none of its concern. */
  async update(execution: Execution, signal: AbortSignal): Promise<void> {
    this.#within(signal);
    if (canonical(execution.workload) === canonical(this.#execution.workload)) return;
    throw updateRejected(this.#execution.id, 'A container cannot become another one. Make a new execution.');
  }

  async prepare(signal: AbortSignal): Promise<void> {
    const { id, machine } = this.#execution;
    const within = this.#within(signal);
    const order = await this.#options.order();
    const prepared = await this.#options.containers.prepare(machine, id, order, { signal: within });
    if (prepared === 'already') throw alreadyPrepared(id);
    if (prepared === 'removed') {
      const message = 'It was removed, and an execution runs once.';
      throw new DomainError('CONFLICT', { kind: 'component', id, message }, { message });
    }
  }

  async start(signal: AbortSignal): Promise<void> {
    const { id, workload } = this.#execution;
    const started = await this.#options.containers.start(id, workload.command, { signal: this.#within(signal) });
    if (!started) throw alreadyStarted(id);
  }

  async wait(signal: AbortSignal): Promise<void> {
    const within = this.#within(signal);
    const ended = await this.#whenever(isOver, within, null);
    // What ran on a machine that was ended tells nothing by its end.
    await this.#options.containers.machineImage(this.#execution.machine, { signal: within });
    if (!ended) throw unknown(this.#execution.id);
    const exitCode = ended.State.ExitCode;
    if (exitCode !== 0) throw new ExitError(exitCode, { cause: new Error(endOf(ended)) });
  }

  async shutdown(signal: AbortSignal): Promise<void> {
    const within = this.#within(signal);
    const found = await this.#find(within);
    if (!found || isQuiet(found)) return;
    await this.#options.containers.signal(found, 'SIGTERM', { signal: within });
    const then = await this.#whenever(isQuiet, within, this.#options.graceMs);
    if (!then || isQuiet(then)) return;
    await this.#kill(then, within);
  }

  async terminate(signal: AbortSignal): Promise<void> {
    const within = this.#within(signal);
    const found = await this.#find(within);
    if (found && !isQuiet(found)) await this.#kill(found, within);
  }

  async remove(signal: AbortSignal): Promise<void> {
    await this.#options.containers.remove(this.#execution.id, { signal: this.#within(signal) });
  }

  async close(): Promise<void> {
    this.#closing.abort(controllerClosed(this.#execution.id));
  }

  async containerStatus(signal: AbortSignal): Promise<ContainerStatus | null> {
    const found = await this.#find(this.#within(signal));
    return found && { id: this.#execution.id, pid: found.State.Pid, exitCode: found.State.ExitCode };
  }

  async portStatus(signal: AbortSignal): Promise<readonly PortStatus[] | null> {
    const found = await this.#find(this.#within(signal));
    return found && this.#options.containers.portsOf(found);
  }

  /** Throws CONTROLLER_CLOSED once it is closed, in the middle of a call too. */
  #within(signal: AbortSignal): AbortSignal {
    this.#closing.signal.throwIfAborted();
    signal.throwIfAborted();
    return AbortSignal.any([signal, this.#closing.signal]);
  }

  #find(signal: AbortSignal): Promise<Component | null> {
    return this.#options.containers.find(this.#execution.id, { signal });
  }

  async #kill(component: Component, signal: AbortSignal): Promise<void> {
    await this.#options.containers.signal(component, 'SIGKILL', { signal });
    await this.#whenever(isQuiet, signal, null);
  }

  /** What it is once it is so, or after `limitMs` where that is not null. Null where the engine knows of none. */
  async #whenever(
    isSo: (found: Component) => boolean,
    signal: AbortSignal,
    limitMs: number | null,
  ): Promise<Component | null> {
    const until = limitMs === null ? Number.POSITIVE_INFINITY : performance.now() + limitMs;
    for (;;) {
      const found = await this.#find(signal);
      if (!found || isSo(found) || performance.now() >= until) return found;
      if (limitMs === null && found.State.StartedAt !== null) {
        await this.#options.containers.waitAWhile(found, { signal });
      } else {
        await sleep(LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  }
}

/** It ran, and does no longer. */
export function isOver({ State }: Component): boolean {
  return State.StartedAt !== null && (State.Status === 'exited' || State.Status === 'dead');
}

/** Nothing of it runs. */
function isQuiet(found: Component): boolean {
  return isOver(found) || found.State.StartedAt === null;
}

/** The signal that ended it, as far as an exit code tells; null where it tells of none. */
export function signalOf({ State }: Component): string | null {
  const names = Object.entries(constants.signals);
  return names.find(([, number]) => SIGNAL_BASE + number === State.ExitCode)?.[0] ?? null;
}

export function endOf(component: Component): string {
  const signal = signalOf(component);
  return signal === null ? `exited ${component.State.ExitCode}` : `ended by ${signal}`;
}
