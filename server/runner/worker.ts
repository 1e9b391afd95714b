import type { Logger } from 'pino';
import type { EnvironmentRecord, Fleet } from '../domain/cluster/fleet.ts';
import type { CycleStore } from '../domain/cycle/cycle-store.ts';
import type { Environment } from '../domain/cycle/environment.ts';
import { Latch } from './latch.ts';
import type { HeldLease } from './lease-keeper.ts';
import { LeasedWork, type WorkLeases } from './leased-work.ts';
import { type ObserverPorts, observe } from './observer.ts';
import { type TurnPorts, turn } from './turn.ts';
import type { Wakes } from './wakes.ts';

export interface WorkerPorts {
  readonly owner: string;
  readonly hostId: string;
  readonly ttlMs: number;
  readonly leases: WorkLeases & {
    claimCycles(hostId: string, limit: number): Promise<readonly HeldLease[]>;
    claimEnvironments(hostId: string): Promise<readonly HeldLease[]>;
  };
  /** Told of every stream that moves; shared with the other loops. */
  readonly wakes: Wakes;
  /** What runs beside cycles and observers, as long as this worker does. */
  readonly loops: readonly Loop[];
  readonly notifications: { subscribe(stream: string, wake: (stream: string) => void): () => void };
  readonly fleet: Fleet;
  readonly recordObservations: ObserverPorts['record'];
  readonly pinSpec: ObserverPorts['pin'];
  readonly cycles: CycleStore;
  readonly environmentOf: (record: EnvironmentRecord) => Environment;
  /** Work of the whole installation that any worker may do, at each look for work: plans expire, workers are seen. */
  readonly housekeeping: () => Promise<void>;
  readonly clock: () => number;
  readonly random: () => number;
  readonly refresh: (environmentId: string) => void;
  readonly log: Logger;
}

/** Works from `start` until `stop`; `stopped` resolves when nothing of it runs any more. */
export interface Loop {
  start(): void;
  stop(): void;
  readonly stopped: Promise<void>;
}

const CYCLES_AT_ONCE = 200;

/** Named in a notification, tells the worker that observes the environment to read it now. */
export const REFRESH_PREFIX = 'refresh:';

/** All loops of one worker process: it looks for work, takes leases on it, and drives each piece until it is lost or done. */
export class Worker {
  readonly #ports: WorkerPorts;
  readonly #stop = new AbortController();
  readonly #cycles: LeasedWork;
  readonly #environments: LeasedWork;
  readonly #look = new Latch();

  constructor(ports: WorkerPorts) {
    const { leases, ttlMs, log } = ports;
    this.#ports = ports;
    this.#cycles = new LeasedWork('cycle', leases, ttlMs, this.#stop.signal, log);
    this.#environments = new LeasedWork('environment', leases, ttlMs, this.#stop.signal, log);
  }

  /** Works until `stop` is called; resolves when all loops have ended and their leases are given back. */
  async run(): Promise<void> {
    const { loops } = this.#ports;
    const unsubscribe = this.#ports.notifications.subscribe('*', (stream) => this.#notified(stream));
    try {
      for (const loop of loops) loop.start();
      while (!this.#stop.signal.aborted) {
        await this.#findWork().catch((error: unknown) => this.#ports.log.error({ error }, 'could not look for work'));
        await this.#look.wait(Math.min(1_000, this.#ports.ttlMs / 4), this.#stop.signal);
      }
      for (const loop of loops) loop.stop();
      await Promise.all([this.#cycles.ended(), this.#environments.ended(), ...loops.map((loop) => loop.stopped)]);
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
    this.#ports.wakes.wake(stream);
    if (stream === 'cycles') this.#look.open();
  }

  async #findWork(): Promise<void> {
    const { leases, hostId } = this.#ports;
    await this.#ports.housekeeping();
    for (const lease of await leases.claimEnvironments(hostId)) {
      this.#environments.drive(lease, (signal) => this.#observe(lease, signal));
    }
    for (const lease of await leases.claimCycles(hostId, CYCLES_AT_ONCE - this.#cycles.size)) {
      this.#cycles.drive(lease, (signal) => this.#cycle(lease, signal));
    }
  }

  async #observe(lease: HeldLease, signal: AbortSignal): Promise<void> {
    const { fleet, recordObservations: record, pinSpec: pin, clock, log } = this.#ports;
    const declared = await fleet.environment(lease.id);
    if (declared.disabledAt !== null) return;
    const environment = this.#ports.environmentOf(declared);
    await this.#ports.wakes.during([`${REFRESH_PREFIX}${lease.id}`], (latch) =>
      observe(lease, environment, { fleet, record, pin, clock, log }, latch, signal),
    );
  }

  async #cycle(lease: HeldLease, signal: AbortSignal): Promise<void> {
    const { cycles, fleet, owner, clock, random, refresh } = this.#ports;
    const fence = { cycleId: lease.id, owner, token: lease.fence };
    const cycle = await cycles.load(fence);
    const record = await fleet.environment(cycle.environmentId);
    // It may have been disabled at the moment at which the cycle was taken up; then nothing of it has begun.
    if (record.disabledAt !== null) return;
    const environment = this.#ports.environmentOf(record);
    const ports: TurnPorts = { store: cycles, fleet, environment, clock, random, refresh };
    await this.#ports.wakes.during([`cluster:${cycle.clusterId}`, `command:${cycle.id}`], async (latch) => {
      while (!signal.aborted) {
        const next = await turn(fence, ports, signal);
        if (next === 'over') return;
        await latch.wait(next.at - clock(), signal);
      }
    });
  }
}
