import { constants } from 'node:os';
import { DomainError, isDomainError } from '../../../domain/errors.ts';
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
import { type ComponentObservation, type ComponentOrder, type MachineLink, unknown } from './machine-link.ts';

/** As shells tell it: a process that was ended by signal n exited with 128 + n. */
const SIGNAL_BASE = 128;

export interface ProcessControllerOptions {
  readonly link: MachineLink;
  /** All that the machine needs to prepare it. Asked for when it is prepared, so that values are held no longer. */
  readonly order: () => Promise<ComponentOrder>;
  readonly graceMs: number;
}

/** The verbs on one component of a local machine. */
export class ProcessController implements Controller {
  readonly #execution: Execution;
  readonly #options: ProcessControllerOptions;
  readonly #closing = new AbortController();

  constructor(execution: Execution, options: ProcessControllerOptions) {
    this.#execution = execution;
    this.#options = options;
  }

  /** The desired state is none of its concern. */
  async update(execution: Execution, signal: AbortSignal): Promise<void> {
    this.#within(signal);
    if (canonical(execution.workload) === canonical(this.#execution.workload)) return;
    throw updateRejected(this.#execution.id, 'A process cannot become another one. Make a new execution.');
  }

  async prepare(signal: AbortSignal): Promise<void> {
    const { id, machine } = this.#execution;
    const within = this.#within(signal);
    const prepared = await this.#options.link.prepare(machine, id, await this.#options.order(), within);
    if (prepared === 'already') throw alreadyPrepared(id);
    if (prepared === 'removed') {
      const message = 'It was removed, and an execution runs once.';
      throw new DomainError('CONFLICT', { kind: 'component', id, message }, { message });
    }
  }

  async start(signal: AbortSignal): Promise<void> {
    const { id, machine } = this.#execution;
    if (!(await this.#options.link.start(machine, id, this.#within(signal)))) throw alreadyStarted(id);
  }

  async wait(signal: AbortSignal): Promise<void> {
    const ended = await this.#whenever(isOver, this.#within(signal), null);
    if (!ended) throw unknown(this.#execution.id);
    if (ended.lost !== null) throw this.#lost(ended);
    const exitCode = exitCodeOf(ended);
    if (exitCode !== 0) throw new ExitError(exitCode, { cause: new Error(ended.reason) });
  }

  async shutdown(signal: AbortSignal): Promise<void> {
    const within = this.#within(signal);
    await this.#unlessGone(within, async () => {
      await this.#signal('TERM', within);
      const found = await this.#whenever(isQuiet, within, this.#options.graceMs);
      if (!found || isQuiet(found)) return;
      await this.#signal('KILL', within);
      await this.#whenever(isQuiet, within, null);
    });
  }

  async terminate(signal: AbortSignal): Promise<void> {
    const within = this.#within(signal);
    await this.#unlessGone(within, async () => {
      await this.#signal('KILL', within);
      await this.#whenever(isQuiet, within, null);
    });
  }

  async remove(signal: AbortSignal): Promise<void> {
    const { id, machine } = this.#execution;
    const within = this.#within(signal);
    await this.#unlessGone(within, () => this.#options.link.remove(machine, id, within));
  }

  async close(): Promise<void> {
    this.#closing.abort(controllerClosed(this.#execution.id));
  }

  async containerStatus(signal: AbortSignal): Promise<ContainerStatus | null> {
    const found = await this.#observe(this.#within(signal));
    return found && { id: this.#execution.id, pid: found.pid ?? 0, exitCode: exitCodeOf(found) };
  }

  async portStatus(signal: AbortSignal): Promise<readonly PortStatus[] | null> {
    return (await this.#observe(this.#within(signal)))?.ports ?? null;
  }

  /** Throws CONTROLLER_CLOSED once it is closed, in the middle of a call too. */
  #within(signal: AbortSignal): AbortSignal {
    this.#closing.signal.throwIfAborted();
    signal.throwIfAborted();
    return AbortSignal.any([signal, this.#closing.signal]);
  }

  #observe(signal: AbortSignal): Promise<ComponentObservation | null> {
    return this.#options.link.observe(this.#execution.machine, this.#execution.id, signal);
  }

  #signal(name: 'TERM' | 'KILL', signal: AbortSignal): Promise<ComponentObservation | null> {
    return this.#options.link.signal(this.#execution.machine, this.#execution.id, name, signal);
  }

  /** What it is once it is so, or after `limitMs` where that is not null. `null` where the machine knows of none. */
  async #whenever(
    isSo: (found: ComponentObservation) => boolean,
    signal: AbortSignal,
    limitMs: number | null,
  ): Promise<ComponentObservation | null> {
    const { link } = this.#options;
    const { id, machine } = this.#execution;
    const until = limitMs === null ? Number.POSITIVE_INFINITY : performance.now() + limitMs;
    for (let found = await this.#observe(signal); ; ) {
      const waitMs = Math.ceil(until - performance.now());
      if (!found || isSo(found) || waitMs <= 0) return found;
      found = await link.observe(machine, id, signal, { version: found.version, waitMs });
    }
  }

  /** A machine that is gone has ended what ran on it; where only its supervisor has died, that is ended by us. */
  async #unlessGone(signal: AbortSignal, end: () => Promise<void>): Promise<void> {
    const { id, machine } = this.#execution;
    try {
      await end();
    } catch (error) {
      if (isDomainError(error) && error.code === 'INSTANCE_UNKNOWN') return;
      if (signal.aborted || (await this.#options.link.isSupervised(machine))) throw error;
      await this.#options.link.endUnsupervised(machine, id, signal);
    }
  }

  #lost({ reason }: ComponentObservation): DomainError {
    const { environmentId } = this.#execution.machine;
    const message = `${this.#execution.name}: ${reason}.`;
    return new DomainError(
      'ENVIRONMENT_REFUSED',
      { environment: environmentId, operation: 'wait for a component', message },
      { message },
    );
  }
}

function isOver({ exitedAt }: ComponentObservation): boolean {
  return exitedAt !== null;
}

/** Nothing of it runs. */
function isQuiet(found: ComponentObservation): boolean {
  return isOver(found) || found.startedAt === null;
}

function exitCodeOf({ exitCode, signal }: ComponentObservation): number {
  if (signal === null) return exitCode ?? 0;
  return SIGNAL_BASE + (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0);
}
