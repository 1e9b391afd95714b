import type { Logger } from 'pino';
import type { ObservedCall } from '../environments/observed.ts';
import type { PrismaClient } from './generated/client.ts';

/** Texts longer than this are cut: a log line is no place for a whole answer. */
const TEXT_LIMIT = 1_000;

/** How long a span of traffic is, and how long it is kept. */
const SPAN_MS = 10_000;
const TRAFFIC_KEPT_MS = 3_600_000;

/** How often a read is kept that fails again and again in the same way. */
const SAME_FAILURE_EVERY_MS = 60_000;

interface Span {
  readonly environmentId: string;
  readonly since: number;
  calls: number;
  failures: number;
  throttled: number;
}

/**
 * Keeps the calls that cycles made to back ends, and how the reads failed, and how many calls there were. It never holds
 * up the call itself: rows are written behind it, in the order of the calls.
 */
export class BackEndCalls {
  readonly #db: PrismaClient;
  readonly #log: Logger;
  #waiting: Promise<unknown> = Promise.resolve();
  #spans = new Map<string, Span>();
  /** When a failure of a read was last kept. */
  readonly #failedAt = new Map<string, number>();

  constructor(db: PrismaClient, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  record(environmentId: string, call: ObservedCall): void {
    this.#count(environmentId, call);
    if (call.token === null && (call.result === 'ok' || this.#isKept(environmentId, call))) return;
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

  /** Adds what was counted since the last time to what is stored. */
  async writeTraffic(): Promise<void> {
    const spans = [...this.#spans.values()];
    this.#spans = new Map();
    for (const { environmentId, since, calls, failures, throttled } of spans) {
      await this.#db.$executeRaw`
        INSERT INTO back_end_traffic AS stored (environment_id, since, calls, failures, throttled)
        VALUES (${environmentId}, ${new Date(since)}, ${calls}, ${failures}, ${throttled})
        ON CONFLICT (environment_id, since) DO UPDATE SET calls = stored.calls + excluded.calls,
          failures = stored.failures + excluded.failures, throttled = stored.throttled + excluded.throttled`;
    }
    await this.#db.backEndTraffic.deleteMany({ where: { since: { lt: new Date(Date.now() - TRAFFIC_KEPT_MS) } } });
  }

  /** Resolves when all calls so far are written. */
  async flush(): Promise<void> {
    await this.#waiting;
  }

  /** Whether such a failure was kept a moment ago: what is missing is missed at every read. */
  #isKept(environmentId: string, { operation, detail, result, at }: ObservedCall): boolean {
    for (const [key, keptAt] of this.#failedAt) if (at - keptAt >= SAME_FAILURE_EVERY_MS) this.#failedAt.delete(key);
    const failure = JSON.stringify([environmentId, operation, detail, result]);
    const isKept = this.#failedAt.has(failure);
    if (!isKept) this.#failedAt.set(failure, at);
    return isKept;
  }

  #count(environmentId: string, { at, durationMs, result, isThrottled }: ObservedCall): void {
    const end = at + durationMs;
    const since = end - (end % SPAN_MS);
    const key = `${environmentId} ${since}`;
    const span = this.#spans.get(key) ?? { environmentId, since, calls: 0, failures: 0, throttled: 0 };
    span.calls += 1;
    if (isThrottled) span.throttled += 1;
    else if (result !== 'ok') span.failures += 1;
    this.#spans.set(key, span);
  }
}
