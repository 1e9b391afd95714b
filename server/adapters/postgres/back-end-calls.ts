import type { Logger } from 'pino';
import type { ObservedCall } from '../environments/observed.ts';
import type { PrismaClient } from './generated/client.ts';

/** Texts longer than this are cut: a log line is no place for a whole answer. */
const TEXT_LIMIT = 1_000;

/**
 * Keeps the calls that cycles made to back ends, and the reads that failed. It never holds up the call itself: rows
 * are written behind it, in the order of the calls.
 */
export class BackEndCalls {
  readonly #db: PrismaClient;
  readonly #log: Logger;
  #waiting: Promise<unknown> = Promise.resolve();

  constructor(db: PrismaClient, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  record(environmentId: string, call: ObservedCall): void {
    if (call.token === null && call.result === 'ok') return;
    const data = {
      id: call.requestId,
      environmentId,
      cycleId: call.token?.startsWith('cyc_') ? (call.token.split('/')[0] ?? null) : null,
      operation: call.operation,
      token: call.token,
      detail: call.detail.slice(0, TEXT_LIMIT),
      at: new Date(call.at),
      durationMs: Math.round(call.durationMs),
      result: call.result.slice(0, TEXT_LIMIT),
    };
    this.#waiting = this.#waiting
      .then(() => this.#db.backEndCall.create({ data }))
      .catch((error: unknown) => this.#log.warn({ error }, 'a call of a back end could not be recorded'));
  }

  /** Resolves when all calls so far are written. */
  async flush(): Promise<void> {
    await this.#waiting;
  }
}
