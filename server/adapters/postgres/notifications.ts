import pg from 'pg';
import { CHANNEL } from './event-log.ts';

/** Subscribes to all streams; also what its `wake` is told when any stream may have moved. */
export const ALL_STREAMS = '*';

/** Told which stream may have moved. It may be told in vain, and it must not throw. */
export type Wake = (stream: string) => void;

const POLL_MS = 3_000;
const MAX_BACK_OFF_MS = 5_000;

/**
 * The process's one LISTEN connection. A notification is only a hint to look sooner: while the connection is broken, and
 * every few seconds whatever happens, every subscriber is woken to look for itself.
 */
export class Notifications {
  readonly #url: string;
  readonly #wakes = new Map<string, Set<Wake>>();
  readonly #poll: NodeJS.Timeout;
  #client: pg.Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #failures = 0;
  #closed = false;

  /** Connects at once, and again whenever the connection breaks, until `close()`. */
  constructor(url: string) {
    this.#url = url;
    this.#poll = setInterval(() => this.#wakeAll(), POLL_MS);
    void this.#connect();
  }

  /** `'*'` subscribes to all streams. The returned function ends the subscription. */
  subscribe(stream: string, wake: Wake): () => void {
    const wakes = this.#wakes.get(stream) ?? new Set();
    this.#wakes.set(stream, wakes);
    wakes.add(wake);
    return () => {
      wakes.delete(wake);
      if (wakes.size === 0 && this.#wakes.get(stream) === wakes) this.#wakes.delete(stream);
    };
  }

  get subscriptions(): number {
    return [...this.#wakes.values()].reduce((sum, wakes) => sum + wakes.size, 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#poll);
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#client?.end();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'roundhouse listen',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    this.#client = client;
    client.on('notification', ({ payload }) => this.#notified(payload ?? ''));
    // Both an error and a plain end arrive as `end`; an error without a listener would end the process.
    client.on('error', () => undefined);
    client.on('end', () => this.#reconnectLater());
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#failures = 0;
      this.#wakeAll();
    } catch {
      await client.end().catch(() => undefined);
      this.#reconnectLater();
    }
  }

  #reconnectLater(): void {
    if (this.#closed || this.#retry !== null) return;
    const backOff = Math.min(MAX_BACK_OFF_MS, 100 * 2 ** this.#failures++);
    this.#retry = setTimeout(
      () => {
        this.#retry = null;
        void this.#connect();
      },
      backOff * (0.5 + Math.random() / 2),
    );
  }

  #notified(stream: string): void {
    for (const wake of this.#wakes.get(stream) ?? []) wake(stream);
    for (const wake of this.#wakes.get(ALL_STREAMS) ?? []) wake(stream);
  }

  #wakeAll(): void {
    for (const [stream, wakes] of this.#wakes) for (const wake of wakes) wake(stream);
  }
}
