import type { Logger } from 'pino';
import type { ConnectionTest } from '../contract/environment.ts';
import { type ConnectionStep, findingsOf } from '../domain/instance/connection.ts';
import type { Wakes } from './wakes.ts';
import type { Loop } from './worker.ts';

export interface ConnectionTesterPorts {
  /** Gives each test to one worker only. */
  readonly take: () => Promise<ConnectionTest | null>;
  readonly answer: (id: string, findings: Awaited<ReturnType<typeof findingsOf>>) => Promise<void>;
  readonly stepsOf: (test: ConnectionTest) => readonly ConnectionStep[];
  /** The stream that says that there is a test to take. */
  readonly stream: string;
  readonly wakes: Wakes;
  readonly log: Logger;
}

/** A notification can be lost with its connection. */
const LOOK_EVERY_MS = 1_000;
const TEST_LIMIT_MS = 10_000;
const AT_ONCE = 4;

/** Tries how back ends are reached, for people who wait for the answer on the page. */
export class ConnectionTester implements Loop {
  readonly #ports: ConnectionTesterPorts;
  readonly #stop = new AbortController();
  readonly #tests = new Set<Promise<void>>();
  #running: Promise<void> | null = null;

  constructor(ports: ConnectionTesterPorts) {
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
    const { wakes, stream, log } = this.#ports;
    await wakes.during([stream], async (latch) => {
      while (!this.#stop.signal.aborted) {
        await this.#takeAll().catch((error: unknown) => log.error({ error }, 'could not look for connection tests'));
        await latch.wait(LOOK_EVERY_MS, this.#stop.signal);
      }
    });
    await Promise.all(this.#tests);
  }

  async #takeAll(): Promise<void> {
    while (this.#tests.size < AT_ONCE && !this.#stop.signal.aborted) {
      const test = await this.#ports.take();
      if (test === null) return;
      const running = this.#try(test)
        .catch((error: unknown) => this.#ports.log.warn({ error, test: test.id }, 'a connection test failed'))
        .finally(() => this.#tests.delete(running));
      this.#tests.add(running);
    }
  }

  async #try(test: ConnectionTest): Promise<void> {
    const limit = AbortSignal.timeout(TEST_LIMIT_MS);
    const signal = AbortSignal.any([this.#stop.signal, limit]);
    try {
      await this.#ports.answer(test.id, await findingsOf(this.#ports.stepsOf(test), signal));
    } catch (error) {
      if (!limit.aborted) throw error;
      const problem = `The back end gave no answer within ${TEST_LIMIT_MS / 1_000} s.`;
      await this.#ports.answer(test.id, [{ what: 'The test ends in time', problem, detail: null }]);
    }
  }
}
