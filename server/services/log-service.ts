import type { z } from 'zod';
import type { LogNews, LogRangeView, LogSearchView, logRangeSchema, logSearchSchema } from '../contract/session.ts';
import type { LiveService } from './live-service.ts';

/** Stored logs. Each throws NOT_FOUND for an execution that is unknown, but `seq`. */
export interface Logs {
  range(executionId: string, from: number | null, limit: number): Promise<LogRangeView>;
  search(search: z.output<typeof logSearchSchema>): Promise<LogSearchView>;
  lineAt(executionId: string, at: number): Promise<number | null>;
  following(executionId: string, from: number, limit: number): Promise<LogNews>;
  total(executionId: string): Promise<number>;
  /** Of the last event of the stream `execution:<id>`. */
  seq(executionId: string): Promise<string>;
}

/** Lines in one message to a follower. */
const BATCH = 1_000;

export class LogService {
  readonly #logs: Logs;
  readonly #live: LiveService;

  constructor(logs: Logs, live: LiveService) {
    this.#logs = logs;
    this.#live = live;
  }

  range({ executionId, from, limit }: z.output<typeof logRangeSchema>): Promise<LogRangeView> {
    return this.#logs.range(executionId, from, limit);
  }

  search(input: z.output<typeof logSearchSchema>): Promise<LogSearchView> {
    return this.#logs.search(input);
  }

  lineAt(executionId: string, at: number): Promise<number | null> {
    return this.#logs.lineAt(executionId, at);
  }

  /**
   * The lines from number `from` on as they come, each once and in order; null = from the last `tail` lines on. Ends when
   * the component is gone and its log was read to the end, when the signal aborts, or when `isAllowed` says no at a beat.
   */
  async *follow(
    { executionId, from, tail }: { readonly executionId: string; readonly from: number | null; readonly tail: number },
    isAllowed: () => Promise<boolean>,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly next: number; readonly news: LogNews }, void, undefined> {
    let next = from ?? Math.max(0, (await this.#logs.total(executionId)) - tail);
    // The number is read before the lines, so that each line is among those read or its event comes after the number.
    const cursor = { [`execution:${executionId}`]: await this.#logs.seq(executionId) };
    for await (const _ of this.#live.eventsAfter(cursor, isAllowed, signal)) {
      for (let full = true; full && !signal.aborted; ) {
        const news = await this.#logs.following(executionId, next, BATCH);
        next = (news.lines.at(-1)?.line ?? next - 1) + 1;
        full = news.lines.length === BATCH;
        yield { next, news };
        if (news.over) return;
      }
    }
  }
}
