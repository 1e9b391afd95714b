import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { isDomainError, isTemporary } from '../domain/errors.ts';
import type { Execution, ExecutionStatus } from '../domain/execution/execution.ts';
import type { Executor } from '../domain/execution/executor.ts';
import type { Json } from '../domain/instance/plugin.ts';
import { planSession, type SessionStep } from '../domain/session/plan-session.ts';
import { readResults } from '../domain/session/results.ts';
import type { SessionVerdict } from '../domain/session/session.ts';
import type {
  ExecutionChange,
  ExecutionRecord,
  SessionFence,
  SessionRecord,
  SessionStore,
} from '../domain/session/session-store.ts';
import { backOffMs } from './back-off.ts';
import { ExecutionDriver } from './execution-driver.ts';
import { HealthWatcher } from './health-watcher.ts';
import type { Latch } from './latch.ts';
import { LogKeeper } from './log-keeper.ts';
import type { Wakes } from './wakes.ts';

export interface SessionPorts {
  readonly store: SessionStore;
  readonly executor: Executor;
  /** Makes the secrets that an execution was given unreadable. */
  readonly redactorOf: (execution: Execution) => Promise<(text: string) => string>;
  readonly wakes: Wakes;
  readonly newId: () => string;
  readonly clock: () => number;
  /** 0 ≤ x < 1; spreads retries. */
  readonly random: () => number;
  readonly log: Logger;
}

/** The next turn comes after this at the latest, whatever happens. */
const TURN_LIMIT_MS = 5_000;

/** After so many failures of ours in a row a session ends, with what it holds given back. */
const RETRY_BUDGET = 8;

/** What cannot be had of a component in this time is given up, so that its machine is not held up for ever. */
const KEEP_LIMIT_MS = 15_000;

/**
 * Runs one session from the moment that it holds its machines: decides each turn from what is stored, and leads, watches
 * and listens to every component meanwhile. All of it may be taken over by another worker between any two statements.
 */
export class SessionRunner {
  readonly #ports: SessionPorts;
  readonly #resting = new Set<string>();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** How many of those that it runs only keep what a person wants to look at, and so cost nothing. */
  get resting(): number {
    return this.#resting.size;
  }

  /** Returns when the session has ended. Throws LEASE_LOST, and when the signal aborts. */
  async execute(fence: SessionFence, signal: AbortSignal): Promise<void> {
    try {
      await this.#ports.wakes.during([`command:${fence.sessionId}`], async (latch) => {
        while (!signal.aborted) {
          const failure = await this.#run(fence, latch, signal);
          if (failure === null) return;
          await this.#recover(fence, failure, latch, signal);
        }
      });
    } finally {
      this.#resting.delete(fence.sessionId);
    }
  }

  /** Null = it has ended; else what went wrong, with nothing left running in this process. */
  async #run(fence: SessionFence, latch: Latch, signal: AbortSignal): Promise<{ readonly error: unknown } | null> {
    const company = new Company(fence, this.#ports, latch.open, signal);
    try {
      await this.#turns(fence, company, latch, signal);
      return null;
    } catch (error) {
      signal.throwIfAborted();
      const cause = company.failure ?? { error };
      if (isDomainError(cause.error) && cause.error.code === 'LEASE_LOST') throw cause.error;
      return cause;
    } finally {
      await company.leave();
    }
  }

  async #turns(fence: SessionFence, company: Company, latch: Latch, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#ports;
    const begun = clock();
    for (;;) {
      signal.throwIfAborted();
      if (company.failure !== null) throw company.failure.error;
      const session = await store.load(fence);
      if (session.state === 'ended') return;
      if (session.retryAt !== null && session.retryAt > clock()) {
        await latch.wait(session.retryAt - clock(), signal);
        continue;
      }
      if (session.state === 'keeping') this.#resting.add(session.id);
      else this.#resting.delete(session.id);
      await company.join(session);
      const step = planSession(session, clock());
      if (isNews(session, step)) {
        const results = step.verdict === null ? undefined : await this.#results(session, company, signal);
        await store.recordChange(fence, {
          ...step,
          seen: session,
          create: step.create.map((one) => ({ ...one, id: this.#ports.newId() })),
          ...(results === undefined ? {} : { results }),
        });
      } else {
        // A failure beside the turns shows itself only after a while.
        if (session.retries > 0 && clock() - begun >= TURN_LIMIT_MS) await store.backOff(fence, 0, null);
        await latch.wait(Math.min(TURN_LIMIT_MS, (step.wakeAt ?? Number.POSITIVE_INFINITY) - clock()), signal);
      }
    }
  }

  /** What the driver reported. Undefined where nothing can be had: the verdict does not rest on it. */
  async #results(
    { executions, retries }: SessionRecord,
    company: Company,
    signal: AbortSignal,
  ): Promise<Json | undefined> {
    const driver = executions.find(({ kind }) => kind === 'driver');
    const redact = driver === undefined ? null : company.redactorOf(driver.id);
    if (driver === undefined || redact === null) return undefined;
    try {
      const text = (await this.#ports.executor.observe(driver, signal))?.results ?? null;
      return text === null ? undefined : readResults(text, redact);
    } catch (error) {
      signal.throwIfAborted();
      // A machine that may yet answer is asked again, for a while.
      if (isTemporary(error) && retries < RETRY_BUDGET) throw error;
      return undefined;
    }
  }

  /** A failure of ours, the database's or the program's: it may pass. When it does not, nothing stays held. */
  async #recover(
    fence: SessionFence,
    { error }: { readonly error: unknown },
    latch: Latch,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, clock, random, log } = this.#ports;
    log.error({ error, session: fence.sessionId }, 'a turn of a session failed');
    const session = await store.load(fence);
    const retries = session.retries + 1;
    if (retries <= RETRY_BUDGET || session.verdict !== null) {
      const retryAt = clock() + backOffMs(Math.min(retries, RETRY_BUDGET), random());
      await store.backOff(fence, retries, retryAt);
      await latch.wait(retryAt - clock(), signal);
      return;
    }
    // What an error that is not ours says is for the log: it may name hosts, statements or paths.
    const why = isDomainError(error) ? error.message : 'the log of the worker says how';
    const verdict: SessionVerdict = {
      outcome: 'internal-error',
      sentence: `The console failed ${retries} times in a row: ${why}.`,
      component: null,
      next: 'Nothing is wrong with the session itself, as far as known. Run it again; if it stays, tell an administrator.',
    };
    await store.recordChange(fence, {
      state: 'cleaning',
      create: [],
      desire: session.executions.map(({ id }) => ({ executionId: id, desiredState: 'REMOVE' })),
      verdict,
      keepUntil: null,
      seen: session,
      events: [{ kind: 'internal-error', text: verdict.sentence }],
    });
    await store.backOff(fence, 0, null);
  }
}

function isNews(session: SessionRecord, step: SessionStep): boolean {
  return (
    step.state !== session.state ||
    step.create.length > 0 ||
    step.desire.length > 0 ||
    step.verdict !== null ||
    step.keepUntil !== session.keepUntil ||
    step.events.length > 0
  );
}

/** All that runs beside a session's turns: for each of its components who leads, watches and listens to it. */
class Company {
  readonly #fence: SessionFence;
  readonly #ports: SessionPorts;
  readonly #changed: () => void;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #drivers = new Map<string, ExecutionDriver>();
  readonly #redactors = new Map<string, ((text: string) => string) | null>();
  readonly #running: Promise<void>[] = [];
  /** What one of them failed with first. */
  failure: { readonly error: unknown } | null = null;

  constructor(fence: SessionFence, ports: SessionPorts, changed: () => void, signal: AbortSignal) {
    this.#fence = fence;
    this.#ports = ports;
    this.#changed = changed;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    // Three wait on it for each component, and a session may have a hundred.
    setMaxListeners(0, this.#signal);
  }

  /** Every component that is not gone has its company, and knows what is asked of it. */
  async join({ executions }: SessionRecord): Promise<void> {
    for (const execution of executions) {
      const driver = this.#drivers.get(execution.id);
      if (driver !== undefined) driver.desire(execution.desiredState);
      else if (!execution.removed) await this.#accompany(execution);
    }
  }

  /** Makes unreadable what the execution was given; null where that cannot be known, so nothing of it may be shown. */
  redactorOf(executionId: string): ((text: string) => string) | null {
    return this.#redactors.get(executionId) ?? null;
  }

  async leave(): Promise<void> {
    this.#stop.abort(new DOMException('the session is no longer run here', 'AbortError'));
    await Promise.all(this.#running);
  }

  async #accompany(execution: ExecutionRecord): Promise<void> {
    const { executor, clock, random } = this.#ports;
    const redact = await this.#redactor(execution);
    this.#redactors.set(execution.id, redact);
    const store = this.#store();
    const driver = new ExecutionDriver(execution, {
      executor,
      store,
      allIsKept: (signal) => Promise.all([keeper?.kept(KEEP_LIMIT_MS, signal), watcher.kept(KEEP_LIMIT_MS, signal)]),
      clock,
      random,
    });
    const present = () => driver.execution;
    const keeper = redact === null ? null : new LogKeeper(present, { executor, store, redact, clock });
    const watcher = new HealthWatcher(present, { executor, store, changed: this.#changed, clock });
    this.#drivers.set(execution.id, driver);
    for (const one of [driver, watcher]) this.#run(one);
    if (keeper !== null) this.#run(keeper);
  }

  /** A secret that cannot be read keeps its component from being prepared, but nothing from being taken away. */
  async #redactor(execution: ExecutionRecord): Promise<((text: string) => string) | null> {
    try {
      return await this.#ports.redactorOf(execution);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      this.#ports.log.error({ error, execution: execution.id }, 'a secret cannot be read, so its log is not kept');
      return null;
    }
  }

  #run(one: { run(signal: AbortSignal): Promise<void> }): void {
    this.#running.push(
      one.run(this.#signal).catch((error: unknown) => {
        if (this.#signal.aborted) return;
        this.failure ??= { error };
        this.#changed();
      }),
    );
  }

  /** The session's store under its fence; what is stored of a component is news to the session. */
  #store() {
    const { store } = this.#ports;
    const fence = this.#fence;
    return {
      recordStatus: async (id: string, change: ExecutionChange) => {
        await store.recordStatus(fence, id, change);
        this.#changed();
      },
      recordRemoved: async (id: string, status: ExecutionStatus, orphaned: boolean) => {
        await store.recordRemoved(fence, id, status, orphaned);
        this.#changed();
      },
      recordHealth: store.recordHealth.bind(store, fence),
      recordProcess: store.recordProcess.bind(store, fence),
      appendLog: store.appendLog.bind(store, fence),
    };
  }
}
