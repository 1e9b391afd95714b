import { Latch } from './latch.ts';

/** Which loops are woken by which stream. */
export class Wakes {
  readonly #latches = new Map<string, Set<Latch>>();

  /** Runs the loop with a latch that opens whenever one of the streams moves. */
  async during(streams: readonly string[], loop: (latch: Latch) => Promise<void>): Promise<void> {
    const latch = new Latch();
    for (const stream of streams) this.#latches.set(stream, (this.#latches.get(stream) ?? new Set()).add(latch));
    try {
      await loop(latch);
    } finally {
      for (const stream of streams) {
        const latches = this.#latches.get(stream);
        latches?.delete(latch);
        if (latches?.size === 0) this.#latches.delete(stream);
      }
    }
  }

  /** `*` wakes all: after the connection was lost, any of them may have moved. */
  wake(stream: string): void {
    const woken =
      stream === '*' ? [...this.#latches.values()].flatMap((latches) => [...latches]) : this.#latches.get(stream);
    for (const latch of woken ?? []) latch.open();
  }
}
