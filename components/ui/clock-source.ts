const TICK_MS = 1000;

/** The server's time in the browser. It stands still between two ticks, so that all that is drawn from it agrees. */
export interface ClockSource {
  /** The server's time when the page was rendered. */
  readonly renderedAt: number;
  now(): number;
  /** Ticks each second while anybody listens. */
  subscribe(listener: () => void): () => void;
  /** Takes the server's time from a message that has just come. */
  sync(serverNow: number): void;
}

/** `receivedAt` is the local time at which the page of `renderedAt` arrived. */
export function createClockSource(renderedAt: number, receivedAt: number, local: () => number): ClockSource {
  const listeners = new Set<() => void>();
  let ahead = renderedAt - receivedAt;
  let current = renderedAt;
  let timer: ReturnType<typeof setInterval> | undefined;

  function tick(): void {
    current = local() + ahead;
    for (const listener of listeners) listener();
  }

  return {
    renderedAt,
    now: () => current,
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(tick, TICK_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    sync(serverNow) {
      ahead = serverNow - local();
    },
  };
}
