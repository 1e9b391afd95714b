import type { Logger } from 'pino';
import type { Executor } from '../domain/execution/executor.ts';
import type { OrphanStore } from '../domain/session/session-store.ts';
import { removeFrom } from './execution-driver.ts';
import { Latch } from './latch.ts';
import type { HeldLease } from './lease-keeper.ts';
import { LeasedWork, type WorkLeases } from './leased-work.ts';
import type { SessionRunner } from './session-runner.ts';
import type { Wakes } from './wakes.ts';

const SWEEP_EVERY_MS = 2_000;

export interface OrchestratorPorts {
  readonly owner: string;
  readonly hostId: string;
  readonly ttlMs: number;
  /** How many sessions this worker runs at once. */
  readonly executorCount: number;
  readonly leases: WorkLeases & {
    claimSessions(hostId: string, limit: number): Promise<readonly HeldLease[]>;
  };
  readonly runner: SessionRunner;
  /** Ends the sessions that have waited longer than they may; any worker may, at any time. */
  readonly expireQueued: () => Promise<void>;
  readonly orphans: OrphanStore;
  readonly executor: Executor;
  readonly wakes: Wakes;
  readonly log: Logger;
}

/**
 * The coordinator of all sessions, in this worker: takes those that hold their machines and have no living owner, and
 * has each run. The queue, and with it `schedule`, is the table: a session is scheduled by storing it.
 * Source: grpc/test-infra `orch.Controller`.
 */
export class SessionOrchestrator {
  readonly #ports: OrchestratorPorts;
  readonly #stop = new AbortController();
  readonly #sessions: LeasedWork;
  #running: Promise<void> | null = null;

  constructor(ports: OrchestratorPorts) {
    this.#ports = ports;
    this.#sessions = new LeasedWork('session', ports.leases, ports.ttlMs, this.#stop.signal, ports.log);
  }

  /** How many more it would take now. */
  get room(): number {
    const { executorCount, runner } = this.#ports;
    return Math.max(0, executorCount - (this.#sessions.size - runner.resting));
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Their components go on; another worker takes the sessions over, or this one when it starts again. */
  stop(): void {
    this.#stop.abort();
  }

  /** Resolves when no session is run here any more. */
  get stopped(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    const { wakes, ttlMs, log } = this.#ports;
    const taking = wakes.during(['sessions'], async (latch: Latch) => {
      while (!this.#stop.signal.aborted) {
        await this.#take().catch((error: unknown) => log.error({ error }, 'could not look for sessions'));
        await latch.wait(Math.min(1_000, ttlMs / 4), this.#stop.signal);
      }
    });
    await Promise.all([taking, this.#sweepOn()]);
    await this.#sessions.ended();
    this.#sessions.close();
  }

  /** Apart from the rest, because machines that give no answer take their time not to. */
  async #sweepOn(): Promise<void> {
    const pause = new Latch();
    while (!this.#stop.signal.aborted) {
      await this.#sweep().catch((error: unknown) => this.#ports.log.error({ error }, 'could not look for orphans'));
      await pause.wait(SWEEP_EVERY_MS, this.#stop.signal);
    }
  }

  /** Removes what was left on machines that gave no answer when their session ended. */
  async #sweep(): Promise<void> {
    const { orphans, executor, hostId, log } = this.#ports;
    const due = await orphans.takeOrphans(hostId);
    await Promise.all(
      due.map(async (orphan) => {
        const error = await removeFrom(executor, orphan, this.#stop.signal);
        if (error === null) await orphans.orphanRemoved(orphan.id);
        else log.warn({ error, execution: orphan.id }, 'a component is still left on its machine; it is tried again');
      }),
    );
  }

  async #take(): Promise<void> {
    const { leases, hostId, owner, runner, expireQueued } = this.#ports;
    await expireQueued();
    if (this.room === 0) return;
    for (const lease of await leases.claimSessions(hostId, this.room)) {
      const fence = { sessionId: lease.id, owner, token: lease.fence };
      this.#sessions.drive(lease, (signal) => runner.execute(fence, signal));
    }
  }
}
