import type { Logger } from 'pino';
import { isDomainError } from '../domain/errors.ts';
import { type HeldLease, type LeasedTable, LeaseKeeper, type LeaseTable } from './lease-keeper.ts';

export interface WorkLeases extends LeaseTable {
  release(table: LeasedTable, lease: HeldLease): Promise<void>;
}

/** Loops that each own a row of one table: every one runs until it is done, its lease is lost, or all are to stop. */
export class LeasedWork {
  readonly #table: LeasedTable;
  readonly #leases: WorkLeases;
  readonly #keeper: LeaseKeeper;
  readonly #stop: AbortSignal;
  readonly #log: Logger;
  readonly #running = new Set<Promise<void>>();

  constructor(table: LeasedTable, leases: WorkLeases, ttlMs: number, stop: AbortSignal, log: Logger) {
    this.#table = table;
    this.#leases = leases;
    this.#keeper = new LeaseKeeper(table, leases, ttlMs);
    this.#stop = stop;
    this.#log = log;
  }

  get size(): number {
    return this.#keeper.held.length;
  }

  /** The lease was taken just now; it is kept while the work runs, and given back when it ends. */
  drive(lease: HeldLease, work: (signal: AbortSignal, log: Logger) => Promise<void>): void {
    const signal = AbortSignal.any([this.#keeper.hold(lease), this.#stop]);
    const log = this.#log.child({ [this.#table]: lease.id, fence: String(lease.fence) });
    const running = work(signal, log)
      .catch((error: unknown) => {
        if (signal.aborted || (isDomainError(error) && error.code === 'LEASE_LOST')) return;
        log.error({ error }, 'a loop failed; it starts again');
      })
      .then(async () => {
        this.#keeper.drop(lease);
        await this.#leases.release(this.#table, lease);
      })
      .catch((error: unknown) => log.warn({ error }, 'a lease could not be given back; it will expire'))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when every loop that runs now has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** To be called after all have ended. */
  close(): void {
    this.#keeper.close();
  }
}
