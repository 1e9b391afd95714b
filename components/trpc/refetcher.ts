import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query';

const INTERVAL_MS = 250;

/** Reads queries again, each at most four times a second, and never less than once after the last request. */
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
      running.next ??= running.now.catch(() => undefined).then(() => this.#run(key, queryKey, running.startedAt));
      return running.next;
    }
    return this.#run(key, queryKey, Number.NEGATIVE_INFINITY);
  }

  #run(key: string, queryKey: QueryKey, lastStartedAt: number): Promise<void> {
    const running: Running = {
      startedAt: Math.max(Date.now(), lastStartedAt + INTERVAL_MS),
      now: Promise.resolve(),
      next: null,
    };
    this.#running.set(key, running);
    running.now = this.#wait(running.startedAt)
      .then(() => this.#queryClient.invalidateQueries({ queryKey, exact: true }, { throwOnError: true }))
      .finally(() => {
        // Kept for a while after a quick answer, so that the next one waits its turn.
        setTimeout(() => {
          if (this.#running.get(key) === running && running.next === null) this.#running.delete(key);
        }, INTERVAL_MS);
      });
    return running.now;
  }

  #wait(until: number): Promise<void> {
    const forMs = until - Date.now();
    return forMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, forMs));
  }
}

interface Running {
  readonly startedAt: number;
  now: Promise<void>;
  /** The one that was asked for while this one ran. */
  next: Promise<void> | null;
}
