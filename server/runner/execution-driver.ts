import { isTemporary } from '../domain/errors.ts';
import { type Attempt, attempt, resolve, stateOfFailure } from '../domain/execution/advance.ts';
import type { Controller } from '../domain/execution/controller.ts';
import { exitCodeOf, hasCode } from '../domain/execution/errors.ts';
import {
  type Execution,
  type ExecutionState,
  type ExecutionStatus,
  isTerminal,
} from '../domain/execution/execution.ts';
import { recorded } from '../domain/execution/execution-changes.ts';
import type { Executor } from '../domain/execution/executor.ts';
import { retriesAreSpent, retryDelayMs } from '../domain/execution/retry-delay.ts';
import type { ExecutionChange, ExecutionRecord } from '../domain/session/session-store.ts';
import { Latch } from './latch.ts';

/** How long it waits for another desired state before it looks again. */
const IDLE_MS = 60_000;

export interface DriverPorts {
  readonly executor: Executor;
  readonly store: {
    recordStatus(executionId: string, change: ExecutionChange): Promise<void>;
    recordRemoved(executionId: string, status: ExecutionStatus, orphaned: boolean): Promise<void>;
  };
  /** Resolves when its log and its end are stored, or cannot be had any more. Asked before it is removed. */
  readonly allIsKept: (signal: AbortSignal) => Promise<unknown>;
  readonly clock: () => number;
  /** 0 ≤ x < 1; spreads retries. */
  readonly random: () => number;
}

/**
 * Leads one execution to its desired state, one stored step at a time: the state before a call is stored before the call
 * leaves, so whoever takes over repeats at most that call, and the executor knows what it has done already.
 */
export class ExecutionDriver {
  readonly #ports: DriverPorts;
  readonly #changed = new Latch();
  #execution: ExecutionRecord;
  #step = new AbortController();
  #firstFailureAt: number | null = null;

  constructor(execution: ExecutionRecord, ports: DriverPorts) {
    this.#execution = execution;
    this.#ports = ports;
  }

  /** As it was stored last. */
  get execution(): ExecutionRecord {
    return this.#execution;
  }

  /** Is asked for by the session; interrupts what the present step waits for. */
  desire(desiredState: ExecutionState): void {
    if (desiredState === this.#execution.desiredState) return;
    this.#execution = { ...this.#execution, desiredState };
    this.#step.abort(new DOMException('another state is desired', 'AbortError'));
    this.#step = new AbortController();
    this.#changed.open();
  }

  /** Returns when nothing is left of it. Throws where it cannot store, and when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let controller: Controller | null = null;
    try {
      while (!this.#execution.removed) {
        signal.throwIfAborted();
        if (await this.#removeWhenDue(signal)) return;
        controller ??= await this.#resolve(signal);
        if (controller !== null) await this.#advance(controller, signal);
        else await this.#changed.wait(IDLE_MS, signal);
      }
    } finally {
      await controller?.close();
    }
  }

  /** Null = it has ended without one. */
  async #resolve(signal: AbortSignal): Promise<Controller | null> {
    if (isTerminal(this.#execution.status.state)) return null;
    for (;;) {
      const { status, controller, error } = await resolve(this.#execution, this.#ports.executor, signal);
      signal.throwIfAborted();
      if (isTemporary(error) && !this.#spent()) {
        await this.#again(this.#execution.status, error, signal);
        continue;
      }
      await this.#record(status, error);
      return controller;
    }
  }

  async #advance(controller: Controller, signal: AbortSignal): Promise<void> {
    const interrupted = this.#step.signal;
    const tried = await attempt(this.#execution, controller, AbortSignal.any([signal, interrupted]), this.#ports.clock);
    signal.throwIfAborted();
    // What an interrupted call found out counts all the same, unless it only found out that it was interrupted.
    if (interrupted.aborted && tried.outcome === 'retry') return;
    switch (tried.outcome) {
      case 'advanced':
        return this.#record(tried.status, tried.error);
      case 'noop':
        if (isNews(this.#execution.status, tried.status)) await this.#record(tried.status, null);
        await this.#changed.wait(IDLE_MS, signal);
        return;
      case 'retry':
        return this.#spent() ? this.#giveUp(tried) : this.#again(tried.status, tried.error, signal);
    }
  }

  #spent(): boolean {
    const since = this.#firstFailureAt === null ? 0 : this.#ports.clock() - this.#firstFailureAt;
    return retriesAreSpent(this.#execution.attempt, since);
  }

  /** The machine has not answered for too long: what is left on it is looked for when it answers again. */
  async #giveUp({ status, error }: Attempt): Promise<void> {
    const { state } = status;
    const lost = this.#execution.desiredState === 'RUNNING' ? stateOfFailure(state) : 'ORPHANED';
    const message = `gave up in ${state} after ${this.#execution.attempt} attempts`;
    await this.#record({ ...status, state: lost, message, timestamp: this.#ports.clock() }, error);
  }

  async #again(status: ExecutionStatus, error: unknown, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#ports;
    this.#firstFailureAt ??= clock();
    const tries = this.#execution.attempt + 1;
    const delayMs = retryDelayMs(tries, random());
    const err = error instanceof Error ? error.message : String(error);
    await this.#store({ ...this.#execution, status: { ...status, err }, attempt: tries, retryAt: clock() + delayMs });
    await this.#changed.wait(delayMs, signal);
  }

  async #record(status: ExecutionStatus, error: unknown): Promise<void> {
    this.#firstFailureAt = null;
    const after = recorded(this.#execution, status, error === null ? null : exitCodeOf(error));
    await this.#store({ ...this.#execution, ...after, attempt: 0, retryAt: null });
  }

  async #store(next: ExecutionRecord): Promise<void> {
    const { status, exitCode, attempt: tries, retryAt } = next;
    await this.#ports.store.recordStatus(next.id, { status, exitCode, attempt: tries, retryAt });
    // Another state may have been asked for meanwhile.
    this.#execution = { ...next, desiredState: this.#execution.desiredState };
  }

  /** Once it has ended and is to go: nothing of it stays on its machine, and its log is kept. */
  async #removeWhenDue(signal: AbortSignal): Promise<boolean> {
    const { desiredState, status } = this.#execution;
    if (desiredState !== 'REMOVE' || !isTerminal(status.state)) return false;
    await this.#ports.allIsKept(signal);
    for (;;) {
      const failure = await removeFrom(this.#ports.executor, this.#execution, signal);
      if (failure === null) break;
      if (isTemporary(failure) && !this.#spent()) {
        await this.#again(status, failure, signal);
        continue;
      }
      const err = failure instanceof Error ? failure.message : String(failure);
      await this.#removed({ ...status, state: 'ORPHANED', message: 'could not be removed', err }, true);
      return true;
    }
    await this.#removed({ ...status, message: 'removed' }, false);
    return true;
  }

  async #removed(status: ExecutionStatus, orphaned: boolean): Promise<void> {
    const stored = { ...status, timestamp: this.#ports.clock() };
    await this.#ports.store.recordRemoved(this.#execution.id, stored, orphaned);
    this.#execution = { ...this.#execution, status: stored, removed: true };
  }
}

/** Null = nothing of it is left; else why it could not be removed. */
export async function removeFrom(executor: Executor, execution: Execution, signal: AbortSignal): Promise<unknown> {
  try {
    const controller = await executor.controller(execution, signal);
    await controller.remove(signal);
    await controller.close();
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return isGone(error) ? null : error;
  }
}

/** What is over is not stored again for being looked at again. */
function isNews(before: ExecutionStatus, after: ExecutionStatus): boolean {
  return after !== before && !isTerminal(before.state);
}

/** What was never prepared, or whose machine is gone, has nothing to be removed. */
function isGone(error: unknown): boolean {
  return hasCode(error, 'INSTANCE_UNKNOWN') || hasCode(error, 'RUNTIME_UNSUPPORTED');
}
