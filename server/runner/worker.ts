import type { Logger } from 'pino';
import type { EnvironmentRecord, Fleet, Observation } from '../domain/cluster/fleet.ts';
import type { CycleStore } from '../domain/cycle/cycle-store.ts';
import type { Environment } from '../domain/cycle/environment.ts';
import { isDomainError } from '../domain/errors.ts';
import { Latch } from './latch.ts';
import { type HeldLease, LeaseKeeper, type LeaseTable } from './lease-keeper.ts';
import { observe } from './observer.ts';
import { type TurnPorts, turn } from './turn.ts';

export interface WorkerPorts {
  readonly owner: string;
  readonly hostId: string;
  readonly ttlMs: number;
  readonly leases: LeaseTable & {
    claimCycles(hostId: string, limit: number): Promise<readonly HeldLease[]>;
    claimEnvironments(hostId: string): Promise<readonly HeldLease[]>;
    release(table: 'cycle' | 'environment', lease: HeldLease): Promise<void>;
  };
  readonly notifications: { subscribe(stream: string, wake: (stream: string) => void): () => void };
  readonly fleet: Fleet;
  readonly recordObservations: (
    environmentId: string,
    fence: bigint,
    observations: readonly Observation[],
  ) => Promise<void>;
  readonly cycles: CycleStore;
  readonly environmentOf: (record: EnvironmentRecord) => Environment;
  /** Work of the whole installation that any worker may do, at each look for work: plans expire, workers are seen. */
  readonly housekeeping: () => Promise<void>;
  readonly clock: () => number;
  readonly random: () => number;
  readonly refresh: (environmentId: string) => void;
  readonly log: Logger;
}

const CYCLES_AT_ONCE = 200;

/** Named in a notification, tells the worker that observes the environment to read it now. */
export const REFRESH_PREFIX = 'refresh:';

/** All loops of one worker process: it looks for work, takes leases on it, and drives each piece until it is lost or done. */
export class Worker {
  readonly #ports: WorkerPorts;
  readonly #stop = new AbortController();
  readonly #cycles: LeaseKeeper;
  readonly #environments: LeaseKeeper;
  readonly #look = new Latch();
  readonly #wakes = new Map<string, Set<Latch>>();
  readonly #running = new Set<Promise<void>>();

  constructor(ports: WorkerPorts) {
    this.#ports = ports;
    this.#cycles = new LeaseKeeper('cycle', ports.leases, ports.ttlMs);
    this.#environments = new LeaseKeeper('environment', ports.leases, ports.ttlMs);
  }

  /** Works until `stop` is called; resolves when all loops have ended and their leases are given back. */
  async run(): Promise<void> {
    const unsubscribe = this.#ports.notifications.subscribe('*', (stream) => this.#notified(stream));
    try {
      while (!this.#stop.signal.aborted) {
        await this.#findWork().catch((error: unknown) => this.#ports.log.error({ error }, 'could not look for work'));
        await this.#look.wait(Math.min(1_000, this.#ports.ttlMs / 4), this.#stop.signal);
      }
      await Promise.all(this.#running);
    } finally {
      unsubscribe();
      this.#cycles.close();
      this.#environments.close();
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  #notified(stream: string): void {
    const woken =
      stream === '*' ? [...this.#wakes.values()].flatMap((latches) => [...latches]) : this.#wakes.get(stream);
    for (const latch of woken ?? []) latch.open();
    if (stream === 'cycles') this.#look.open();
  }

  async #findWork(): Promise<void> {
    const { leases, hostId } = this.#ports;
    await this.#ports.housekeeping();
    for (const lease of await leases.claimEnvironments(hostId)) {
      this.#drive('environment', lease, (signal) => this.#observe(lease, signal));
    }
    const room = CYCLES_AT_ONCE - this.#cycles.held.length;
    for (const lease of await leases.claimCycles(hostId, room)) {
      this.#drive('cycle', lease, (signal) => this.#cycle(lease, signal));
    }
  }

  #drive(table: 'cycle' | 'environment', lease: HeldLease, work: (signal: AbortSignal) => Promise<void>): void {
    const keeper = table === 'cycle' ? this.#cycles : this.#environments;
    const signal = AbortSignal.any([keeper.hold(lease), this.#stop.signal]);
    const log = this.#ports.log.child({ [table]: lease.id, fence: String(lease.fence) });
    const running = work(signal)
      .catch((error: unknown) => {
        if (signal.aborted || (isDomainError(error) && error.code === 'LEASE_LOST')) return;
        log.error({ error }, 'a loop failed; it starts again');
      })
      .then(async () => {
        keeper.drop(lease.id);
        await this.#ports.leases.release(table, lease);
      })
      .catch((error: unknown) => log.warn({ error }, 'a lease could not be given back; it will expire'))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #observe(lease: HeldLease, signal: AbortSignal): Promise<void> {
    const { fleet, recordObservations, clock, log } = this.#ports;
    const environment = this.#ports.environmentOf(await fleet.environment(lease.id));
    await this.#woken([`${REFRESH_PREFIX}${lease.id}`], (latch) =>
      observe(lease, environment, { fleet, record: recordObservations, clock, log }, latch, signal),
    );
  }

  async #cycle(lease: HeldLease, signal: AbortSignal): Promise<void> {
    const { cycles, fleet, owner, clock, random, refresh } = this.#ports;
    const fence = { cycleId: lease.id, owner, token: lease.fence };
    const cycle = await cycles.load(fence);
    const environment = this.#ports.environmentOf(await fleet.environment(cycle.environmentId));
    const ports: TurnPorts = { store: cycles, fleet, environment, clock, random, refresh };
    await this.#woken([`cluster:${cycle.clusterId}`, `command:${cycle.id}`], async (latch) => {
      while (!signal.aborted) {
        const next = await turn(fence, ports, signal);
        if (next === 'over') return;
        await latch.wait(next.at - clock(), signal);
      }
    });
  }

  /** Runs the loop with a latch that opens whenever one of the streams moves. */
  async #woken(streams: readonly string[], loop: (latch: Latch) => Promise<void>): Promise<void> {
    const latch = new Latch();
    for (const stream of streams) this.#wakes.set(stream, (this.#wakes.get(stream) ?? new Set()).add(latch));
    try {
      await loop(latch);
    } finally {
      for (const stream of streams) {
        const latches = this.#wakes.get(stream);
        latches?.delete(latch);
        if (latches?.size === 0) this.#wakes.delete(stream);
      }
    }
  }
}
