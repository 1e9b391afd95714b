import { DomainError } from '../domain/errors.ts';

export interface HeldLease {
  readonly id: string;
  readonly fence: bigint;
}

/** The tables whose rows have one owner. */
export type LeasedTable = 'cycle' | 'environment' | 'session';

export interface LeaseTable {
  /** The ids of those that were renewed; any other is lost. */
  renew(table: LeasedTable, held: readonly HeldLease[]): Promise<ReadonlySet<string>>;
}

interface Held {
  readonly lease: HeldLease;
  readonly controller: AbortController;
}

/** Of a lease's life: renewed at each 0.3 of it, given up when it could not be renewed for 0.7 of it. */
const RENEW_AT = 0.3;
const GIVE_UP_AT = 0.7;

/**
 * Keeps the leases of one worker alive with one statement a table, on a timer apart from the work. What is lost, or
 * could not be renewed in time, is aborted, so that no call of an old owner leaves after a new one may have begun.
 */
export class LeaseKeeper {
  readonly #table: LeasedTable;
  readonly #leases: LeaseTable;
  readonly #held = new Map<string, Held>();
  readonly #ttlMs: number;
  readonly #timer: NodeJS.Timeout;
  #renewedAt = performance.now();
  #renewing = false;

  constructor(table: LeasedTable, leases: LeaseTable, ttlMs: number) {
    this.#table = table;
    this.#leases = leases;
    this.#ttlMs = ttlMs;
    this.#timer = setInterval(() => void this.#tick(), (ttlMs * RENEW_AT) / 2);
  }

  /** The signal aborts when the lease is lost. */
  hold(lease: HeldLease): AbortSignal {
    if (this.#held.size === 0) this.#renewedAt = performance.now();
    const controller = new AbortController();
    this.#held.set(lease.id, { lease, controller });
    return controller.signal;
  }

  /** Does nothing where the same row was taken again meanwhile, under another fence. */
  drop({ id, fence }: HeldLease): void {
    if (this.#held.get(id)?.lease.fence === fence) this.#held.delete(id);
  }

  get held(): readonly string[] {
    return [...this.#held.keys()];
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #tick(): Promise<void> {
    if (this.#held.size === 0) return;
    const age = performance.now() - this.#renewedAt;
    if (age > this.#ttlMs * GIVE_UP_AT) this.#lose([...this.#held.values()]);
    if (this.#renewing || age < this.#ttlMs * RENEW_AT) return;
    this.#renewing = true;
    const asked = [...this.#held.values()];
    const at = performance.now();
    try {
      const kept = await this.#leases.renew(
        this.#table,
        asked.map(({ lease }) => lease),
      );
      this.#renewedAt = at;
      this.#lose(asked.filter(({ lease }) => !kept.has(lease.id)));
    } catch {
      // The database did not answer: tried again at the next tick, until it is too late.
    } finally {
      this.#renewing = false;
    }
  }

  #lose(lost: readonly Held[]): void {
    for (const one of lost) {
      const { id } = one.lease;
      // It may have been given back meanwhile, and taken again under another fence.
      if (this.#held.get(id) !== one) continue;
      one.controller.abort(new DomainError('LEASE_LOST', { name: `${this.#table}:${id}` }));
      this.#held.delete(id);
    }
  }
}
