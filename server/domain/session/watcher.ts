/** Words of the reference: a session's follower is its one subscriber. */
export class FollowerError extends Error {
  override readonly name = 'FollowerError';

  constructor(
    readonly session: string,
    message: string,
  ) {
    super(message);
  }
}

/** `cursor` is where a source goes on after this event. */
export interface WatchedEvent<Event> {
  readonly session: string;
  readonly event: Event;
  readonly cursor: string;
}

export interface WatchSource<Event> {
  /** Events after the cursor, as they come; null = from now on. It may end, or throw, at any time. */
  watch(after: string | null, signal: AbortSignal): AsyncIterable<WatchedEvent<Event>>;
  /**
   * Is told that the watch ended, with null, or broke, with the error; `failures` in a row without an event. Resolves
   * when the watch may be opened again; throws only when the signal aborts.
   */
  reopen(error: unknown, failures: number, signal: AbortSignal): Promise<void>;
}

/** What a read finds that does not wait. */
export type Received<Event> = { readonly kind: 'event'; readonly event: Event } | { readonly kind: 'empty' | 'closed' };

/** The events of one session, in their order. Has one reader. */
export class Follower<Event> implements AsyncIterable<Event> {
  readonly #waiting: Received<Event>[] = [];
  #closed = false;
  #wake: () => void = () => {};

  /** Does not wait. What came before the follower was closed is still read. */
  receive(): Received<Event> {
    return this.#waiting.shift() ?? { kind: this.#closed ? 'closed' : 'empty' };
  }

  /** Waits for events; ends when the follower is closed and everything was read. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    for (;;) {
      const received = this.receive();
      if (received.kind === 'closed') return;
      if (received.kind === 'event') yield received.event;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** For the watcher alone. */
  push(event: Event): void {
    this.#waiting.push({ kind: 'event', event });
    this.#wake();
  }

  /** For the watcher alone. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }
}

/**
 * Hands the events of one watch to the followers of their sessions; an event of a session without one is passed over.
 * Source: grpc/test-infra `orch.Watcher`, whose buffers hold `eventBufferSize` events and make the watch of all sessions
 * wait while one is full. Here a buffer grows instead, so a slow follower drops nothing and holds nobody up; a reader
 * that does not wait sees the same events in the same order.
 */
export class Watcher<Event> {
  readonly #source: WatchSource<Event> | null;
  readonly #followers = new Map<string, Follower<Event>>();
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  /** Without a source, events come by `publish` alone. */
  constructor(source: WatchSource<Event> | null = null) {
    this.#source = source;
  }

  /** Begins to watch. Called again, it changes nothing; a watcher that was stopped stays so. */
  start(): void {
    if (this.#source === null) return;
    this.#running ??= this.#watch(this.#source, this.#stop.signal);
  }

  /** Ends the watch and closes all followers. Resolves when no event can come any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const follower of this.#followers.values()) follower.close();
    this.#followers.clear();
    await this.#running;
  }

  /** Throws FollowerError where the session has a follower. */
  subscribe(session: string): Follower<Event> {
    if (this.#followers.has(session)) throw new FollowerError(session, `session ${session} already has a follower`);
    const follower = new Follower<Event>();
    this.#followers.set(session, follower);
    return follower;
  }

  /** Throws FollowerError where the session has none. */
  unsubscribe(session: string): void {
    const follower = this.#followers.get(session);
    if (follower === undefined)
      throw new FollowerError(session, `cannot unfollow session ${session}, it does not have a follower`);
    this.#followers.delete(session);
    follower.close();
  }

  publish(session: string, event: Event): void {
    this.#followers.get(session)?.push(event);
  }

  /** A watch that ends or breaks is opened again, from where it stopped. */
  async #watch(source: WatchSource<Event>, signal: AbortSignal): Promise<void> {
    let after: string | null = null;
    let failures = 0;
    while (!signal.aborted) {
      let failure: unknown = null;
      try {
        for await (const { session, event, cursor } of source.watch(after, signal)) {
          if (signal.aborted) return;
          after = cursor;
          failures = 0;
          this.publish(session, event);
        }
      } catch (error) {
        failure = error;
      }
      failures += 1;
      if (!signal.aborted) await source.reopen(failure, failures, signal).catch(unlessAborted(signal));
    }
  }
}

function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
