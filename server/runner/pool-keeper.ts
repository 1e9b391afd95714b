import type { Logger } from 'pino';
import type { Wakes } from './wakes.ts';

export interface PoolKeeperPorts {
  /** Ends what is over: leases, reservations whose holder is gone, maintenance. */
  readonly endWhatIsOver: () => Promise<void>;
  /** Gives machines to those that wait. */
  readonly allocate: () => Promise<unknown>;
  /** Notes how the pools are used, once a minute however often it is called. */
  readonly sample: (now: number) => Promise<void>;
  readonly wakes: Wakes;
  readonly clock: () => number;
  readonly log: Logger;
}

/** A machine that became healthy, or a cycle that ended, tells no stream of a pool: this finds it. */
const LOOK_EVERY_MS = 1_000;

/**
 * Keeps the pools in order, beside those of other workers: at each change of a pool, and each second, it ends what is
 * over and gives machines to those that wait. Nothing of it is its own: all may be done by all, and twice.
 */
export class PoolKeeper {
  readonly #ports: PoolKeeperPorts;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(ports: PoolKeeperPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  stop(): void {
    this.#stop.abort();
  }

  get stopped(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    const { wakes } = this.#ports;
    await wakes.during(['pools'], async (latch) => {
      while (!this.#stop.signal.aborted) {
        await this.#look();
        await latch.wait(LOOK_EVERY_MS, this.#stop.signal);
      }
    });
  }

  /** What fails is tried again with the next look, and keeps nothing else from being done. */
  async #look(): Promise<void> {
    const { endWhatIsOver, allocate, sample, clock } = this.#ports;
    await endWhatIsOver().catch(this.#report('could not end what is over'));
    await allocate().catch(this.#report('could not give out machines'));
    await sample(clock()).catch(this.#report('could not note how the pools are used'));
  }

  #report(what: string): (error: unknown) => void {
    return (error) => this.#ports.log.error({ error }, what);
  }
}
