import { isTemporary } from '../domain/errors.ts';
import type { WorkloadObservation } from '../domain/execution/controller.ts';
import { rank } from '../domain/execution/execution.ts';
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

const LOOK_EVERY_MS = 400;

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
  #health: Pick<HealthChange, 'health' | 'reason'>;
  #process: Omit<ProcessRecord, 'exitCode'>;
  #answeredAt: number;

  constructor(execution: () => ExecutionRecord, ports: HealthPorts) {
    const { health, healthReason, startedAt, exitedAt, signal } = execution();
    this.#execution = execution;
    this.#ports = ports;
    this.#health = { health, reason: healthReason };
    this.#process = { startedAt, exitedAt, signal };
    this.#answeredAt = ports.clock();
  }

  /** Returns when the component has ended, or is gone. */
  async run(signal: AbortSignal): Promise<void> {
    const pause = new Latch();
    while (!signal.aborted && !this.#execution().removed) {
      const { status } = this.#execution();
      if (rank(status.state) >= rank('STARTING') && (await this.#look(signal))) return;
      await pause.wait(LOOK_EVERY_MS, signal);
    }
  }

  /** Whether there will be nothing new. */
  async #look(signal: AbortSignal): Promise<boolean> {
    const found = await this.#observe(signal);
    if (found === 'silent') {
      if (this.#ports.clock() - this.#answeredAt >= SILENCE_MS)
        await this.#note({ health: 'unknown', reason: 'its machine gives no answer', at: this.#ports.clock() });
      return false;
    }
    this.#answeredAt = this.#ports.clock();
    if (found === null) return false;
    const { startedAt, exitedAt, signal: endedBy } = found;
    const known = this.#process;
    if (startedAt !== known.startedAt || exitedAt !== known.exitedAt || endedBy !== known.signal) {
      this.#process = { startedAt, exitedAt, signal: endedBy };
      await this.#ports.store.recordProcess(this.#execution().id, { ...this.#process, exitCode: found.exitCode });
      this.#ports.changed();
    }
    // What we end ourselves is not ill.
    if (this.#execution().desiredState === 'RUNNING')
      await this.#note({ ...healthOf(found), at: exitedAt ?? this.#ports.clock() });
    return exitedAt !== null;
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

  async #note(change: HealthChange): Promise<void> {
    const { health, reason } = change;
    if (health === this.#health.health && reason === this.#health.reason) return;
    this.#health = { health, reason };
    await this.#ports.store.recordHealth(this.#execution().id, [change]);
    this.#ports.changed();
  }
}
