import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { MachineRef } from '../../../domain/execution/execution.ts';
import { type Installation, openInstallation } from '../../plugins/local/installation.ts';
import { MachineFiles, type MachineIdentity } from '../../plugins/local/machine-files.ts';
import { isAlive, processesWithEnvironment, signalProcess } from '../../plugins/local/programs/process-identity.mjs';
import { askSupervisor } from '../../plugins/local/supervisor-client.ts';

const CALL_MS = 10_000;
const LONG_POLL_MS = 30_000;
/** What a long poll asks the supervisor to wait, well within its limit. */
const WAIT_MS = 20_000;
const LOOK_MS = 20;

const observationSchema = z.object({
  version: z.number(),
  startedAt: z.number().nullable(),
  exitedAt: z.number().nullable(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  lost: z.string().nullable(),
  pid: z.number().nullable(),
  ready: z.boolean().nullable(),
  reason: z.string(),
  changes: z.array(z.object({ at: z.number(), ready: z.boolean(), reason: z.string() })).default([]),
  ports: z.array(z.object({ name: z.string(), address: z.string() })),
  results: z.string().nullable(),
});
/** What a supervisor tells of a component. */
export type ComponentObservation = z.infer<typeof observationSchema>;

const pageSchema = z.object({
  first: z.number(),
  lines: z.array(z.tuple([z.number(), z.enum(['o', 'e']), z.string()])),
  next: z.number(),
  count: z.number(),
  ended: z.boolean(),
});
/** Lines of a component's log from `first` to before `next`, of `count`. `ended`: there will be none after them. */
export type LogPage = z.infer<typeof pageSchema>;

const idsSchema = z.object({ ids: z.array(z.string()) });
const messageSchema = z.object({ message: z.string() });

/** What a component is prepared with: the wire form of the supervisor, with the values of files in base64. */
export interface ComponentOrder {
  readonly label: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly probe: { readonly port: string; readonly path: string | null } | null;
  readonly files: {
    readonly secrets: Readonly<Record<string, string>>;
    readonly configs: Readonly<Record<string, string>>;
  };
}

type Method = 'GET' | 'POST' | 'DELETE';

interface Question {
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  /** What the call is named by in errors. */
  readonly operation: string;
  readonly limitMs?: number;
}

/**
 * The way to the supervisors of local machines. Each call has its own limit. Where no answer comes, it throws
 * ENVIRONMENT_UNAVAILABLE, which is temporary, but INSTANCE_UNKNOWN where the machine is gone and ENVIRONMENT_REFUSED
 * where its supervisor has died, because then none will come.
 */
export class MachineLink {
  readonly #dataDirectory: string;
  #opening: Promise<Installation> | null = null;

  constructor(dataDirectory: string) {
    this.#dataDirectory = dataDirectory;
  }

  installation(): Promise<Installation> {
    this.#opening ??= openInstallation(this.#dataDirectory).catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  /** Throws INSTANCE_UNKNOWN where it is gone. */
  async identity(machine: MachineRef): Promise<MachineIdentity> {
    const identity = await (await this.#files(machine)).identity(machine.instanceId);
    if (!identity) throw gone(machine);
    return identity;
  }

  async ids(machine: MachineRef, signal: AbortSignal): Promise<readonly string[]> {
    const question: Question = { method: 'GET', path: '/components', operation: 'list components' };
    const { status, body } = await this.#ask(machine, question, signal);
    if (status !== 200) throw this.#refused(machine, 'list components', body);
    return idsSchema.parse(body).ids;
  }

  /** Answers what came instead where it is not prepared now. */
  async prepare(machine: MachineRef, id: string, order: ComponentOrder, signal: AbortSignal): Promise<Prepared> {
    const question: Question = {
      method: 'POST',
      path: `${pathOf(id)}/prepare`,
      body: order,
      operation: 'prepare a component',
    };
    const { status, body } = await this.#ask(machine, question, signal);
    if (status === 200) return 'prepared';
    if (status === 409) return 'already';
    if (status === 410) return 'removed';
    throw this.#refused(machine, question.operation, body);
  }

  /** False where it was started before. Throws ENVIRONMENT_REFUSED where it cannot be run. */
  async start(machine: MachineRef, id: string, signal: AbortSignal): Promise<boolean> {
    const question: Question = {
      method: 'POST',
      path: `${pathOf(id)}/start`,
      operation: 'start a component',
    };
    const { status, body } = await this.#ask(machine, question, signal);
    if (status === 404) throw unknown(id);
    if (status !== 200 && status !== 409) throw this.#refused(machine, question.operation, body);
    return status === 200;
  }

  /** With `after`, the version of an earlier answer: as soon as it is not that any more, or after a while. */
  async observe(
    machine: MachineRef,
    id: string,
    signal: AbortSignal,
    after: { readonly version: number; readonly waitMs?: number } | null = null,
  ): Promise<ComponentObservation | null> {
    const question: Question = {
      method: 'GET',
      path: `${pathOf(id)}${after ? `?after=${after.version}&waitMs=${Math.min(after.waitMs ?? WAIT_MS, WAIT_MS)}` : ''}`,
      operation: 'observe a component',
      ...(after && { limitMs: LONG_POLL_MS }),
    };
    const { status, body } = await this.#ask(machine, question, signal);
    if (status === 404) return null;
    if (status !== 200) throw this.#refused(machine, question.operation, body);
    return observationSchema.parse(body);
  }

  /** `null` where the machine knows of none. */
  async log(
    machine: MachineRef,
    id: string,
    { from, since, lines, wait }: { from: number; since?: number; lines?: number; wait: boolean },
    signal: AbortSignal,
  ): Promise<LogPage | null> {
    const wanted = new URLSearchParams({ from: `${from}`, since: `${since ?? 0}`, waitMs: `${wait ? WAIT_MS : 0}` });
    if (lines !== undefined) wanted.set('lines', `${lines}`);
    const question: Question = {
      method: 'GET',
      path: `${pathOf(id)}/log?${wanted}`,
      operation: 'read a log',
      limitMs: wait ? LONG_POLL_MS : CALL_MS,
    };
    const { status, body } = await this.#ask(machine, question, signal);
    if (status === 404) return null;
    if (status !== 200) throw this.#refused(machine, question.operation, body);
    return pageSchema.parse(body);
  }

  /** `null` where the machine knows of none. */
  async signal(
    machine: MachineRef,
    id: string,
    name: 'TERM' | 'KILL',
    signal: AbortSignal,
  ): Promise<ComponentObservation | null> {
    const question: Question = {
      method: 'POST',
      path: `${pathOf(id)}/signal`,
      body: { signal: name },
      operation: 'end a component',
    };
    const { status, body } = await this.#ask(machine, question, signal);
    if (status === 404) return null;
    if (status !== 200) throw this.#refused(machine, question.operation, body);
    return observationSchema.parse(body);
  }

  /** Of what has gone already: no error. */
  async remove(machine: MachineRef, id: string, signal: AbortSignal): Promise<void> {
    const question: Question = { method: 'DELETE', path: pathOf(id), operation: 'remove a component' };
    const { status, body } = await this.#ask(machine, question, signal);
    if (status !== 200) throw this.#unavailable(machine, question.operation, body);
  }

  /** Whether an answer may come yet. */
  async isSupervised(machine: MachineRef): Promise<boolean> {
    const files = await this.#files(machine);
    const supervisor = await files.supervisor(machine.instanceId);
    if (supervisor) return isAlive(supervisor);
    const identity = await files.identity(machine.instanceId);
    return identity !== null && Date.now() < identity.deadline;
  }

  /** Ends the processes of a component whose supervisor has died. Its files go with the machine. */
  async endUnsupervised(machine: MachineRef, id: string, signal: AbortSignal): Promise<void> {
    const { user } = await this.installation();
    const known = await (await this.#files(machine)).component(machine.instanceId, id);
    for (;;) {
      signal.throwIfAborted();
      const strays = processesWithEnvironment(`ROUNDHOUSE_EXECUTION=${id}`);
      const live = known !== null && isAlive(known);
      if (!live && strays.length === 0) return;
      if (live) signalProcess(known, 'SIGKILL', { group: true, uid: user?.uid ?? null });
      for (const pid of strays) killStray(pid);
      await sleep(LOOK_MS);
    }
  }

  async #files({ environmentId }: MachineRef): Promise<MachineFiles> {
    return new MachineFiles(await this.installation(), environmentId);
  }

  async #ask(machine: MachineRef, question: Question, signal: AbortSignal) {
    const { limitMs = CALL_MS, operation } = question;
    const identity = await this.identity(machine);
    const within = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    try {
      const answer = await askSupervisor(identity, question, within);
      if (answer.status === 421) throw new Error(`Another machine answers at ${identity.socket}.`);
      if (answer.status < 500) return answer;
      throw this.#unavailable(machine, operation, answer.body);
    } catch (cause) {
      signal.throwIfAborted();
      await this.identity(machine);
      if (await this.isSupervised(machine)) throw this.#unavailable(machine, operation, cause);
      // Its files go a moment later.
      if ((await (await this.#files(machine)).marked(machine.instanceId, 'ended')) !== null) throw gone(machine);
      const message = `The supervisor of ${machine.instanceId} has died, so nothing can be told of what runs on it.`;
      throw new DomainError(
        'ENVIRONMENT_REFUSED',
        { environment: machine.environmentId, operation, message },
        { cause, message },
      );
    }
  }

  #unavailable({ environmentId, instanceId }: MachineRef, operation: string, cause: unknown): DomainError {
    const details = { environment: environmentId, operation };
    return new DomainError('ENVIRONMENT_UNAVAILABLE', details, {
      cause,
      message: `The machine ${instanceId} gave no answer: ${operation}.`,
    });
  }

  #refused({ environmentId }: MachineRef, operation: string, body: unknown): DomainError {
    const message = messageSchema.safeParse(body).data?.message ?? 'It was refused.';
    return new DomainError('ENVIRONMENT_REFUSED', { environment: environmentId, operation, message }, { message });
  }
}

export type Prepared = 'prepared' | 'already' | 'removed';

/** The machine is there and knows of no such component. */
export function unknown(id: string): DomainError<'NOT_FOUND'> {
  const message = 'The machine knows of no such component: it was never prepared, or it was removed.';
  return new DomainError('NOT_FOUND', { kind: 'component', id }, { message });
}

function gone({ instanceId: id }: MachineRef): DomainError<'INSTANCE_UNKNOWN'> {
  return new DomainError(
    'INSTANCE_UNKNOWN',
    { id },
    { message: `The machine ${id} is gone, and with it all that ran on it.` },
  );
}

function pathOf(id: string): string {
  return `/components/${encodeURIComponent(id)}`;
}

function killStray(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
