import { isTemporary } from '../domain/errors.ts';
import type { LogLine } from '../domain/execution/controller.ts';
import { hasCode } from '../domain/execution/errors.ts';
import { isTerminal, rank } from '../domain/execution/execution.ts';
import type { Executor } from '../domain/execution/executor.ts';
import { type LogLevel, levelOf } from '../domain/session/log-level.ts';
import type { ExecutionRecord } from '../domain/session/session-store.ts';
import { Latch } from './latch.ts';

export interface LogPorts {
  readonly executor: Pick<Executor, 'logs'>;
  readonly store: {
    appendLog(executionId: string, lines: readonly (LogLine & { readonly level: LogLevel })[]): Promise<void>;
  };
  /** Makes secrets unreadable. */
  readonly redact: (text: string) => string;
  readonly clock: () => number;
}

const FOLLOW = { follow: true, tail: null, since: null, streams: [] } as const;
const AGAIN_MS = 500;

/** Lines that come one by one are stored together, so often at most. */
const GATHER_MS = 250;
/** Of one page, in lines or characters: a component that writes so much is followed without a pause. */
const BUSY_LINES = 500;
const BUSY_CHARACTERS = 200_000;

const CUT = 'The rest of this log could not be read: its machine gave no answer in time.';

/** Stores what one component writes, line by line and each once, from where the stored lines end. */
export class LogKeeper {
  readonly #execution: () => ExecutionRecord;
  readonly #ports: LogPorts;
  #next: number;
  readonly #kept = new Latch();
  #whole = false;

  constructor(execution: () => ExecutionRecord, ports: LogPorts) {
    this.#execution = execution;
    this.#ports = ports;
    this.#next = execution().logLines;
  }

  async run(signal: AbortSignal): Promise<void> {
    const pause = new Latch();
    while (!signal.aborted && !this.#whole) {
      if (rank(this.#execution().status.state) >= rank('RUNNING')) await this.#follow(signal, pause);
      if (!this.#whole) await pause.wait(AGAIN_MS, signal);
    }
  }

  /** Resolves when all lines are stored; or when none came for so long, which the log then says. */
  async kept(limitMs: number, signal: AbortSignal): Promise<void> {
    while (!this.#whole && !signal.aborted) {
      const before = this.#next;
      await this.#kept.wait(limitMs, signal);
      if (this.#whole || this.#next > before) continue;
      this.#whole = true;
      const line = { line: this.#next, at: this.#ports.clock(), stream: 'stderr', level: 'warn', text: CUT } as const;
      await this.#ports.store.appendLog(this.#execution().id, [line]);
    }
  }

  async #follow(signal: AbortSignal, pause: Latch): Promise<void> {
    const { id } = this.#execution();
    const { executor, store, redact } = this.#ports;
    try {
      for await (const lines of executor.logs(this.#execution(), this.#next, FOLLOW, signal)) {
        const readable = lines.map((line) => {
          const text = redact(line.text);
          return { ...line, text, level: levelOf(text) };
        });
        if (this.#whole) return;
        await store.appendLog(id, readable);
        this.#next = (readable.at(-1)?.line ?? this.#next - 1) + 1;
        const characters = lines.reduce((sum, line) => sum + line.text.length, 0);
        if (lines.length < BUSY_LINES && characters < BUSY_CHARACTERS) await pause.wait(GATHER_MS, signal);
      }
    } catch (error) {
      signal.throwIfAborted();
      // What cannot be read now is read later; of a machine that is gone nothing can be had any more.
      if (isTemporary(error)) return;
      if (!isOfTheMachine(error)) throw error;
      return this.#finish();
    }
    if (isTerminal(this.#execution().status.state)) this.#finish();
  }

  #finish(): void {
    this.#whole = true;
    this.#kept.open();
  }
}

function isOfTheMachine(error: unknown): boolean {
  return hasCode(error, 'INSTANCE_UNKNOWN') || hasCode(error, 'ENVIRONMENT_REFUSED');
}
