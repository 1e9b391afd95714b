import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query';

const INTERVAL_MS = 250;
/** What takes long to read is read for half of the time at most. */
const SHARE = 2;
const MAX_INTERVAL_MS = 3_000;

/**
 * Reads queries again, each at most four times a second and a large one down to once in three, and never less than once
 * after the last request.
 */
export class Refetcher {
  readonly #queryClient: QueryClient;
  readonly #running = new Map<string, Running>();

  constructor(queryClient: QueryClient) {
    this.#queryClient = queryClient;
  }

  /** Resolves when the query was read after this moment; rejects where that failed. One that nobody shows is only marked old. */
  refetch(queryKey: QueryKey): Promise<void> {
    const key = hashKey(queryKey);
    const running = this.#running.get(key);
    if (running !== undefined) {
      running.next ??= running.now.catch(() => undefined).then(() => this.#run(key, queryKey, running.nextAt));
      return running.next;
    }
    return this.#run(key, queryKey, Number.NEGATIVE_INFINITY);
  }

  #run(key: string, queryKey: QueryKey, notBefore: number): Promise<void> {
    const startedAt = Math.max(Date.now(), notBefore);
    const running: Running = { now: Promise.resolve(), nextAt: startedAt + INTERVAL_MS, next: null };
    this.#running.set(key, running);
    running.now = this.#wait(startedAt)
      .then(() => this.#queryClient.invalidateQueries({ queryKey, exact: true }, { throwOnError: true }))
      .finally(() => {
        const intervalMs = Math.min(MAX_INTERVAL_MS, (Date.now() - startedAt) * SHARE);
        running.nextAt = Math.max(running.nextAt, startedAt + intervalMs);
        // Kept for a while after the answer, so that the next one waits its turn.
        setTimeout(
          () => {
            if (this.#running.get(key) === running && running.next === null) this.#running.delete(key);
          },
          Math.max(INTERVAL_MS, running.nextAt - Date.now()),
        );
      });
    return running.now;
  }

  #wait(until: number): Promise<void> {
    const forMs = until - Date.now();
    return forMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, forMs));
  }
}

interface Running {
  now: Promise<void>;
  /** The next one starts no sooner. */
  nextAt: number;
  /** The one that was asked for while this one ran. */
  next: Promise<void> | null;
}
