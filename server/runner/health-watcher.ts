import { isTemporary } from '../domain/errors.ts';
import type { WorkloadObservation } from '../domain/execution/controller.ts';
import { isTerminal, rank } from '../domain/execution/execution.ts';
import type { Executor } from '../domain/execution/executor.ts';
import { healthOf } from '../domain/session/health.ts';
import type { ExecutionRecord, HealthChange, ProcessRecord } from '../domain/session/session-store.ts';
import { Latch } from './latch.ts';

export interface HealthPorts {
  readonly executor: Pick<Executor, 'observe'>;
  readonly store: {
    recordHealth(executionId: string, changes: readonly HealthChange[]): Promise<void>;
    recordProcess(executionId: string, process: ProcessRecord): Promise<void>;
  };
  /** Something was stored that the session may act on. */
  readonly changed: () => void;
  readonly clock: () => number;
}

/** Others wait for a component that is not ready. */
const LOOK_WHILE_NOT_READY_MS = 150;
const LOOK_MS = 400;

/** A machine that gives no answer for so long leaves the health of its components unknown. */
const SILENCE_MS = 5_000;

/**
 * Follows how well one component is, and stores each change with its reason. What it knows is what is stored, so
 * another worker goes on where this one stopped; a machine that gives no answer is asked again.
 */
export class HealthWatcher {
  readonly #ports: HealthPorts;
  /** Of this moment, as the driver has it. */
  readonly #execution: () => ExecutionRecord;
  readonly #look = new Latch();
  readonly #ended = new Latch();
  /** As it was stored last. */
  #health: HealthChange;
  #process: Omit<ProcessRecord, 'exitCode'>;
  #answeredAt: number;
  #over = false;

  constructor(execution: () => ExecutionRecord, ports: HealthPorts) {
    const { health, healthReason, healthSince, startedAt, exitedAt, signal } = execution();
    this.#execution = execution;
    this.#ports = ports;
    this.#health = { health, reason: healthReason, at: healthSince ?? 0 };
    this.#process = { startedAt, exitedAt, signal };
    this.#answeredAt = ports.clock();
  }

  /** Returns when the component has ended, or is gone. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#execution().removed) {
      if (rank(this.#execution().status.state) >= rank('STARTING') && (await this.#lookOnce(signal))) break;
      await this.#look.wait(this.#health.health === 'ready' ? LOOK_MS : LOOK_WHILE_NOT_READY_MS, signal);
    }
    this.#over = true;
    this.#ended.open();
  }

  /** Resolves when the end of a component that has ended is stored, or when it could not be seen in time. */
  async kept(limitMs: number, signal: AbortSignal): Promise<void> {
    if (this.#over) return;
    this.#look.open();
    await this.#ended.wait(limitMs, signal);
  }

  /** Whether there will be nothing new. */
  async #lookOnce(signal: AbortSignal): Promise<boolean> {
    const found = await this.#observe(signal);
    const { id, status, desiredState } = this.#execution();
    if (found === 'silent') {
      if (this.#ports.clock() - this.#answeredAt >= SILENCE_MS)
        await this.#note({ health: 'unknown', reason: 'its machine gives no answer', at: this.#ports.clock() });
      return false;
    }
    this.#answeredAt = this.#ports.clock();
    if (found === null) return isTerminal(status.state);
    const { startedAt, exitedAt, signal: endedBy } = found;
    const known = this.#process;
    if (startedAt !== known.startedAt || exitedAt !== known.exitedAt || endedBy !== known.signal) {
      this.#process = { startedAt, exitedAt, signal: endedBy };
      await this.#ports.store.recordProcess(id, { ...this.#process, exitCode: found.exitCode });
      this.#ports.changed();
    }
    // What we end ourselves is not ill.
    const endedByItself = status.state === 'COMPLETE' || status.state === 'FAILED';
    if (desiredState === 'RUNNING' || endedByItself) await this.#note(...this.#changesOf(found));
    return exitedAt !== null || (startedAt === null && isTerminal(status.state));
  }

  async #observe(signal: AbortSignal): Promise<WorkloadObservation | null | 'silent'> {
    try {
      return await this.#ports.executor.observe(this.#execution(), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isTemporary(error)) return 'silent';
      const reason = error instanceof Error ? error.message : String(error);
      await this.#note({ health: 'failed', reason, at: this.#ports.clock() });
      return null;
    }
  }

  /** All that was seen since the last look, not only what is true now. */
  #changesOf(found: WorkloadObservation): readonly HealthChange[] {
    const probed = found.changes
      .filter(({ at }) => at >= this.#health.at)
      .map(({ at, ready, reason }): HealthChange => ({ health: ready ? 'ready' : 'not-ready', reason, at }));
    return [...probed, { ...healthOf(found), at: found.exitedAt ?? this.#ports.clock() }];
  }

  async #note(...seen: readonly HealthChange[]): Promise<void> {
    const changes: HealthChange[] = [];
    for (const one of seen) {
      if (one.health === this.#health.health && one.reason === this.#health.reason) continue;
      this.#health = one;
      changes.push(one);
    }
    if (changes.length === 0) return;
    await this.#ports.store.recordHealth(this.#execution().id, changes);
    this.#ports.changed();
  }
}
