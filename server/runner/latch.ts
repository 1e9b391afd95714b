/** Something to wait for that may have happened already: an opened latch lets the next wait pass at once. */
export class Latch {
  #open = false;
  #pass: () => void = () => undefined;

  readonly open = (): void => {
    this.#open = true;
    this.#pass();
  };

  /**
   * Resolves when the latch is opened, after `limitMs` at the latest, or when the signal aborts; closes the latch.
   * Answers whether it was opened.
   */
  async wait(limitMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#open && !signal.aborted) {
      let pass: () => void = () => undefined;
      const passed = new Promise<void>((resolve) => {
        pass = resolve;
      });
      const timer = setTimeout(pass, Math.max(0, limitMs));
      this.#pass = pass;
      signal.addEventListener('abort', pass, { once: true });
      await passed;
      clearTimeout(timer);
      signal.removeEventListener('abort', pass);
    }
    const wasOpened = this.#open;
    this.#open = false;
    return wasOpened;
  }
}
