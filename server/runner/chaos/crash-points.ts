import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { passThrough } from '../../adapters/environments/pass-through.ts';
import type { PrismaClient } from '../../adapters/postgres/generated/client.ts';
import type { CycleStore } from '../../domain/cycle/cycle-store.ts';
import type { Environment } from '../../domain/cycle/environment.ts';
import type { Setting } from '../../domain/cycle/settings.ts';
import type { Controller } from '../../domain/execution/controller.ts';
import type { Executor } from '../../domain/execution/executor.ts';
import type { SessionStore } from '../../domain/session/session-store.ts';

/** Where a worker may die. `statement` is any statement of its database, the others are the seams of one call. */
export const crashKinds = ['intent-before', 'call-sent', 'answer-received', 'result-stored', 'statement'] as const;
export type CrashKind = (typeof crashKinds)[number];

/** Die at the n-th time that such a point is reached. */
export interface CrashPlan {
  readonly kind: CrashKind;
  readonly nth: number;
}

/**
 * Die at the first point of this name in the life of restore ledgers: `before …` or `after …` one of its writes, as in
 * `after intend closed closed`, or `during …` the call between two of them.
 */
export interface LedgerCrashPlan {
  readonly kind: 'ledger';
  readonly point: string;
}

/** A call is on its way for at most this long before the worker that made it dies. */
const IN_FLIGHT_MS = 15;

/** Ends its own process without any warning, as a power cut would, when the planned point is reached. */
export class CrashPoints {
  readonly #plan: CrashPlan | LedgerCrashPlan | null;
  /** The value that each setting was last to be given, by what it is. */
  readonly #ordered = new Map<string, string>();
  #reached = 0;

  constructor(plan: CrashPlan | LedgerCrashPlan | null) {
    this.#plan = plan;
  }

  reach(kind: CrashKind): void {
    if (this.#plan?.kind !== kind) return;
    this.#reached += 1;
    if (this.#reached === this.#plan.nth) die(kind);
  }

  #reachLedger(point: string): void {
    if (this.#isAt(point)) die(point);
  }

  #isAt(ledgerPoint: string): boolean {
    return this.#plan?.kind === 'ledger' && this.#plan.point === ledgerPoint;
  }

  /** What each of these was last ordered to be, in one line. */
  #values(settings: readonly Setting[]): string {
    const values = new Set(settings.map((one) => `${one.name} ${this.#ordered.get(keyOf(one))}`));
    return [...values].sort().join(', ');
  }

  database(database: PrismaClient): PrismaClient {
    const extended = database.$extends({
      query: {
        $allOperations: ({ args, query }) => {
          this.reach('statement');
          return query(args);
        },
      },
    });
    // Prisma types an extended client apart, though this extension changes no answer.
    return extended as unknown as PrismaClient;
  }

  store(store: CycleStore): CycleStore {
    return {
      load: (fence) => store.load(fence),
      recentIntents: (cycleId, since) => store.recentIntents(cycleId, since),
      instances: (cycleId) => store.instances(cycleId),
      failures: (cycleId) => store.failures(cycleId),
      recordInstances: (fence, started, gone) => store.recordInstances(fence, started, gone),
      recordFailures: (fence, failures) => store.recordFailures(fence, failures),
      skipInstance: (fence, instanceId) => store.skipInstance(fence, instanceId),
      transition: (fence, transition) => store.transition(fence, transition),
      report: (fence, report, point) => store.report(fence, report, point),
      backOff: (fence, retries, retryAt) => store.backOff(fence, retries, retryAt),
      intend: (fence, state, intents) => {
        this.reach('intent-before');
        return store.intend(fence, state, intents);
      },
      restores: (cycleId) => store.restores(cycleId),
      intendSettings: (fence, state, orders) => {
        this.reach('intent-before');
        for (const one of orders) this.#ordered.set(keyOf(one), one.value);
        return this.#ledger('intend', orders, () => store.intendSettings(fence, state, orders));
      },
      noteSettings: async (fence, settings, note) => {
        await this.#ledger(note, settings, () => store.noteSettings(fence, settings, note));
        this.reach('result-stored');
      },
      settle: async (fence, intent, settlement) => {
        await store.settle(fence, intent, settlement);
        this.reach('result-stored');
      },
    };
  }

  /** A write of the restore ledger. What is after an intent is before its call; what is before `answered` is after it. */
  async #ledger<T>(write: string, settings: readonly Setting[], carryOut: () => Promise<T>): Promise<T> {
    const name = `${write} ${this.#values(settings)}`;
    this.#reachLedger(`before ${name}`);
    const written = await carryOut();
    this.#reachLedger(`after ${name}`);
    return written;
  }

  sessions(store: SessionStore): SessionStore {
    return {
      load: (fence) => store.load(fence),
      recordHealth: (fence, id, changes) => store.recordHealth(fence, id, changes),
      recordProcess: (fence, id, process) => store.recordProcess(fence, id, process),
      appendLog: (fence, id, lines) => store.appendLog(fence, id, lines),
      backOff: (fence, retries, retryAt) => store.backOff(fence, retries, retryAt),
      // What is stored here is both: what came out of the last call, and the intent of the next.
      recordChange: (fence, change) => this.#store(() => store.recordChange(fence, change)),
      recordStatus: (fence, id, change) => this.#store(() => store.recordStatus(fence, id, change)),
      recordRemoved: (fence, id, status, orphaned) =>
        this.#store(() => store.recordRemoved(fence, id, status, orphaned)),
    };
  }

  async #store(write: () => Promise<void>): Promise<void> {
    this.reach('intent-before');
    await write();
    this.reach('result-stored');
  }

  executor(executor: Executor): Executor {
    return {
      describe: (machine, signal) => executor.describe(machine, signal),
      configure: (machine, labels, signal) => executor.configure(machine, labels, signal),
      setNetworkKeys: (keys) => executor.setNetworkKeys(keys),
      observe: (execution, signal) => executor.observe(execution, signal),
      logs: (execution, from, subscription, signal) => executor.logs(execution, from, subscription, signal),
      list: (machine, signal) => executor.list(machine, signal),
      controller: async (execution, signal) => this.#controller(await executor.controller(execution, signal)),
    };
  }

  #controller(controller: Controller): Controller {
    const { containerStatus, portStatus } = controller;
    return {
      update: (execution, signal) => controller.update(execution, signal),
      prepare: (signal) => this.#send(() => controller.prepare(signal)),
      start: (signal) => this.#send(() => controller.start(signal)),
      wait: (signal) => controller.wait(signal),
      shutdown: (signal) => this.#send(() => controller.shutdown(signal)),
      terminate: (signal) => this.#send(() => controller.terminate(signal)),
      remove: (signal) => this.#send(() => controller.remove(signal)),
      close: () => controller.close(),
      ...(containerStatus === undefined ? {} : { containerStatus: containerStatus.bind(controller) }),
      ...(portStatus === undefined ? {} : { portStatus: portStatus.bind(controller) }),
    };
  }

  environment(environment: Environment): Environment {
    const behind = passThrough(environment);
    const { undrainInstances: undrain, changeSettings: change } = behind;
    return {
      ...behind,
      startInstances: (id, count, call) => this.#send(() => environment.startInstances(id, count, call)),
      drainInstances: (ids, call) => this.#send(() => environment.drainInstances(ids, call)),
      terminateInstances: (ids, call) => this.#send(() => environment.terminateInstances(ids, call)),
      ...(undrain && { undrainInstances: (ids, call) => this.#send(() => undrain(ids, call)) }),
      ...(change && {
        changeSettings: (id, changes, call) =>
          this.#send(() => change(id, changes, call), `during ${this.#values(changes)}`),
      }),
    };
  }

  async #send(request: () => Promise<void>, ledgerPoint = ''): Promise<void> {
    const answer = request();
    if (this.#plan?.kind === 'call-sent' || this.#isAt(ledgerPoint)) {
      // The answer is awaited below; here it may only not be left unhandled.
      answer.catch(() => undefined);
      await delay(Math.random() * IN_FLIGHT_MS);
      this.reach('call-sent');
      this.#reachLedger(ledgerPoint);
    }
    await answer;
    this.reach('answer-received');
  }
}

/** Told to whoever started this process, which is all that is left of it. */
function die(point: string): void {
  writeSync(1, `crashed at ${point}\n`);
  process.kill(process.pid, 'SIGKILL');
}

function keyOf({ name, instanceId }: Setting): string {
  return `${name} ${instanceId}`;
}
