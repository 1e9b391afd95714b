import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { localSpecSchema } from '../../../contract/local-spec.ts';
import type { Call, Capabilities } from '../../../domain/cycle/environment.ts';
import { DomainError } from '../../../domain/errors.ts';
import type {
  Description,
  DestroyContext,
  InstancePlugin,
  Json,
  MachineFacts,
  MachineStatus,
  Spec,
} from '../../../domain/instance/plugin.ts';
import { type Installation, isCode, openInstallation } from './installation.ts';
import { MachineFiles, type MachineIdentity, type MachineState } from './machine-files.ts';
import {
  isAlive,
  type ProcessIdentity,
  processesWithEnvironment,
  signalProcess,
} from './programs/process-identity.mjs';
import { installPrograms, type Programs } from './programs.ts';
import { type Answer, askState, giveOrder, type Order } from './supervisor-client.ts';

export const LOCAL_CAPABILITIES: Capabilities = { undrain: true, close: false, token: 'atomic', observesDrain: true };

/** A supervisor that takes longer is reported with what it last wrote down. */
const ANSWER_MS = 2_000;
/** How long a destroy watches the machine end before it leaves the rest to whoever looks next. */
const END_WATCH_MS = 1_500;
const END_LOOK_MS = 20;
/** A supervisor that was told to stop and has not by now is ended. */
const END_FORCE_MS = 5_000;

interface Opened {
  readonly installation: Installation;
  readonly files: MachineFiles;
}

/**
 * Machines that are processes of this host: each a supervisor, detached from us, with its own directory and socket.
 * Any number of processes of one host may use one data directory at once.
 *
 * An id follows from the logical id and is never used twice, so a logical id counts once for ever.
 */
export class LocalPlugin implements InstancePlugin, MachineStatus {
  readonly #environmentId: string;
  readonly #dataDirectory: string;
  #opening: Promise<Opened> | null = null;
  #installing: Promise<Programs> | null = null;

  constructor({ environmentId, dataDirectory }: { environmentId: string; dataDirectory: string }) {
    this.#environmentId = environmentId;
    this.#dataDirectory = dataDirectory;
  }

  async validate(properties: Json): Promise<void> {
    parseSpec(properties);
  }

  async provision({ properties, tags, init, logicalId, attachments }: Spec, call: Call): Promise<string> {
    const spec = parseSpec(properties);
    if (attachments.length > 0) throw this.#refused('provision', 'A local machine takes no attachments.');
    const { installation, files } = await this.#open();
    const id = machineId(installation, this.#environmentId, logicalId ?? randomUUID());
    const draft = { id, logicalId, tags, spec, init, createdAt: Date.now(), deadline: call.deadline };

    const here = await files.identity(id);
    if (!here && (await files.marked(id, 'made')) !== null) return id;
    const created = !here && (await files.create(draft, () => call.signal.throwIfAborted()));
    // It may have been made and ended by another process since we looked.
    if (created && (await files.marked(id, 'ended')) !== null) {
      await this.#finishEnd(id);
      return id;
    }
    await files.mark(id, 'made');
    // A caller that died in between left a machine without a supervisor.
    if (!(await files.supervisor(id))) await this.#supervise(id);
    return id;
  }

  async label(id: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const { files } = await this.#open();
    const identity = await this.#find(id);
    if (identity) await files.writeTags({ ...identity, tags: { ...identity.tags, ...labels } });
  }

  async destroy(id: string, _context: DestroyContext, call: Call): Promise<void> {
    const { files } = await this.#open();
    const identity = await this.#find(id);
    if (!identity) return;
    call.signal.throwIfAborted();
    await files.mark(id, 'ended');
    await this.#orderStop(identity, call.signal);
    for (const until = Date.now() + END_WATCH_MS; Date.now() < until && !call.signal.aborted; ) {
      if (await this.#finishEnd(id)) return;
      await new Promise((resolve) => setTimeout(resolve, END_LOOK_MS));
    }
  }

  async describeInstances(
    labels: Readonly<Record<string, string>>,
    properties: boolean,
    signal: AbortSignal,
  ): Promise<readonly Description[]> {
    const { files } = await this.#open();
    const ids = await files.ids();
    const found = await Promise.all(
      ids.map(async (id) => {
        signal.throwIfAborted();
        if ((await files.marked(id, 'ended')) !== null && (await this.#finishEnd(id))) return null;
        return files.identity(id);
      }),
    );
    return found
      .filter((identity) => identity !== null)
      .filter(({ tags }) => Object.entries(labels).every(([name, value]) => tags[name] === value))
      .map(({ id, logicalId, tags, spec }) => ({ id, logicalId, tags, properties: properties ? spec : null }));
  }

  async status(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, MachineFacts>> {
    const facts = await Promise.all(ids.map((id) => this.#facts(id, signal)));
    return new Map(
      ids.flatMap((id, index) => {
        const known = facts[index];
        return known ? [[id, known] as const] : [];
      }),
    );
  }

  async drain(id: string, call: Call): Promise<void> {
    const machine = await this.#find(id);
    if (!machine) return;
    call.signal.throwIfAborted();
    const answer = await this.#order(machine, 'drain', call.signal);
    if (!answer) await this.#drainUnsupervised(machine);
  }

  async undrain(id: string, call: Call): Promise<void> {
    const machine = await this.#find(id);
    if (!machine) return;
    call.signal.throwIfAborted();
    const answer = await this.#order(machine, 'undrain', call.signal);
    if (answer?.refused !== false) throw this.#refused('undrain', `${id} can take no work again.`);
  }

  /** Ends every machine of the environment, and waits until all are gone. Answers their ids. */
  async destroyAll(call: Call): Promise<readonly string[]> {
    const { files } = await this.#open();
    const ids = await files.ids();
    await Promise.all(ids.map((id) => this.destroy(id, 'terminate', call)));
    for (let left = ids; left.length > 0; left = await files.ids()) {
      call.signal.throwIfAborted();
      for (const id of left) await this.#finishEnd(id);
      await new Promise((resolve) => setTimeout(resolve, END_LOOK_MS));
    }
    return ids;
  }

  #open(): Promise<Opened> {
    this.#opening ??= this.#openOnce().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #openOnce(): Promise<Opened> {
    const installation = await openInstallation(this.#dataDirectory);
    const files = new MachineFiles(installation, this.#environmentId);
    await files.prepare();
    return { installation, files };
  }

  #programs(installation: Installation): Promise<Programs> {
    this.#installing ??= installPrograms(installation, import.meta.url).catch((error: unknown) => {
      this.#installing = null;
      throw error;
    });
    return this.#installing;
  }

  /** `null` = has gone. Throws INSTANCE_UNKNOWN for one that never was. */
  async #find(id: string): Promise<MachineIdentity | null> {
    // An id becomes the name of a directory, and it may come from anybody.
    if (!MACHINE_ID.test(id)) throw new DomainError('INSTANCE_UNKNOWN', { id });
    const { files } = await this.#open();
    const identity = await files.identity(id);
    if (!identity && (await files.marked(id, 'made')) === null) throw new DomainError('INSTANCE_UNKNOWN', { id });
    return identity;
  }

  async #supervise(id: string): Promise<void> {
    const { installation, files } = await this.#open();
    const programs = await this.#programs(installation);
    const child = spawn(
      programs.node,
      ['--max-old-space-size=32', path.join(programs.directory, 'supervisor.mjs'), id],
      {
        cwd: files.directory(id),
        env: { NODE_ENV: 'production', ROUNDHOUSE_MACHINE: id },
        stdio: 'ignore',
        detached: true,
        ...(installation.user && { uid: installation.user.uid, gid: installation.user.gid }),
      },
    );
    child.unref();
    try {
      await once(child, 'spawn');
    } catch (cause) {
      // Its directory goes when it was destroyed at this moment, and then all is well.
      if (!(await files.identity(id))) return;
      throw new DomainError(
        'ENVIRONMENT_UNAVAILABLE',
        { environment: this.#environmentId, operation: 'start a supervisor' },
        { cause },
      );
    }
  }

  async #facts(id: string, signal: AbortSignal): Promise<MachineFacts | null> {
    signal.throwIfAborted();
    if (!MACHINE_ID.test(id)) return null;
    const { files } = await this.#open();
    const identity = await files.identity(id);
    if (!identity) return null;
    if ((await files.marked(id, 'ended')) !== null) return facts(identity, UNSEEN, 'terminating');

    const state = await askState(identity, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])).then(
      (answer) => answer.state,
      () => this.#lastKnown(identity),
    );
    signal.throwIfAborted();
    return facts(identity, state, state.phase);
  }

  /** What is true of a machine whose supervisor does not answer: it may be about to start, be slow, or have died. */
  async #lastKnown(identity: MachineIdentity): Promise<MachineState> {
    const { files } = await this.#open();
    const supervisor = await files.supervisor(identity.id);
    const state = (await files.state(identity.id)) ?? UNSEEN;
    if (supervisor && isAlive(supervisor)) return { ...state, health: 'unknown' };
    if (!supervisor && Date.now() < identity.deadline) return UNSEEN;
    const runs = [state.program, ...(await files.components(identity.id))].some((known) => known && isAlive(known));
    const phase = state.drainingSince === null ? 'started' : runs ? 'draining' : 'drained';
    const health = phase === 'drained' ? 'unknown' : 'unhealthy';
    return { ...state, phase, health, healthySince: null, workloads: [] };
  }

  /** `null` when the supervisor has died. */
  async #order(machine: MachineIdentity, order: Order, signal: AbortSignal): Promise<Answer | null> {
    const { files } = await this.#open();
    try {
      return await giveOrder(machine, order, signal);
    } catch (cause) {
      signal.throwIfAborted();
      const supervisor = await files.supervisor(machine.id);
      const starting = !supervisor && Date.now() < machine.deadline;
      if (!starting && !(supervisor && isAlive(supervisor))) return null;
      throw new DomainError(
        'ENVIRONMENT_UNAVAILABLE',
        { environment: this.#environmentId, operation: order },
        { cause },
      );
    }
  }

  async #drainUnsupervised({ id }: MachineIdentity): Promise<void> {
    const { files } = await this.#open();
    const state = (await files.state(id)) ?? UNSEEN;
    await files.writeState(id, { ...state, phase: 'draining', drainingSince: state.drainingSince ?? Date.now() });
    if (state.program) await this.#signal(state.program, 'SIGTERM', { group: false });
  }

  async #orderStop(machine: MachineIdentity, signal: AbortSignal): Promise<void> {
    const { files } = await this.#open();
    try {
      await giveOrder(machine, 'stop', AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]));
    } catch {
      // It does not listen. The signal means the same, and a dead one needs no order.
      const supervisor = await files.supervisor(machine.id);
      if (supervisor) await this.#signal(supervisor, 'SIGTERM', { group: false });
    }
  }

  /**
   * Ends what is left of a machine whose end was ordered, once its supervisor has ended or had its time, and removes
   * its files when no process is left. Whether it is gone.
   */
  async #finishEnd(id: string): Promise<boolean> {
    const { files } = await this.#open();
    const supervisor = await files.supervisor(id);
    if (supervisor && isAlive(supervisor)) {
      const orderedAt = (await files.marked(id, 'ended')) ?? Date.now();
      if (Date.now() - orderedAt >= END_FORCE_MS) await this.#signal(supervisor, 'SIGKILL', { group: false });
      return false;
    }
    const program = (await files.state(id))?.program;
    const left = [program, ...(await files.components(id))].filter((known) => known && isAlive(known));
    for (const known of left) if (known) await this.#signal(known, 'SIGKILL', { group: true });
    if (left.length > 0) return false;
    // What left a group still carries the machine's name in its environment.
    const strays = processesWithEnvironment(`ROUNDHOUSE_MACHINE=${id}`);
    for (const pid of strays) kill(pid);
    if (strays.length > 0) return false;
    await files.remove(id, (await files.identity(id))?.socket ?? null);
    return true;
  }

  /** Root signals only what runs as the machines' user, whatever a machine's files claim. */
  async #signal(target: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL', { group }: { group: boolean }): Promise<void> {
    const { installation } = await this.#open();
    signalProcess(target, signal, { group, uid: installation.user?.uid ?? null });
  }

  #refused(operation: string, message: string): DomainError {
    return new DomainError('ENVIRONMENT_REFUSED', { environment: this.#environmentId, operation, message });
  }
}

const UNSEEN: MachineState = {
  phase: 'starting',
  health: 'unknown',
  healthySince: null,
  drainingSince: null,
  workloads: [],
  program: null,
};

function facts(
  { createdAt }: MachineIdentity,
  { health, healthySince, drainingSince, workloads }: MachineState,
  state: MachineFacts['state'],
): MachineFacts {
  return { state, createdAt, health, healthySince, drainingSince, workloads };
}

const MACHINE_ID = /^m-[0-9a-f]{12}$/;

/** Follows from the logical id, so that asking twice asks for the same machine; two installations never share one. */
export function machineId(installation: Installation, environmentId: string, logicalId: string): string {
  const name = `${installation.id}\n${environmentId}\n${logicalId}`;
  return `m-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}

function parseSpec(properties: Json) {
  const parsed = localSpecSchema.safeParse(properties);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DomainError('INVALID_INPUT', {
    field: issue?.path.join('.') ?? '',
    message: issue?.message ?? 'Not a spec.',
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isCode(error, 'ESRCH')) throw error;
  }
}
