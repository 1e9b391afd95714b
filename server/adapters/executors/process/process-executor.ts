import { hostname } from 'node:os';
import path from 'node:path';
import { DomainError, isDomainError } from '../../../domain/errors.ts';
import type { LogLine, LogSubscription, WorkloadObservation } from '../../../domain/execution/controller.ts';
import { runtimeUnsupported } from '../../../domain/execution/errors.ts';
import type { Execution, MachineRef, WorkloadSpec } from '../../../domain/execution/execution.ts';
import type {
  DependencyManager,
  Executor,
  MachineDescription,
  NetworkKey,
} from '../../../domain/execution/executor.ts';
import { installPrograms, type Programs } from '../../plugins/local/programs.ts';
import { type ComponentOrder, type LogPage, MachineLink } from './machine-link.ts';
import { ProcessController } from './process-controller.ts';

/** Programs that this executor brings along, by the image that names them. */
const IMAGES = ['http-server', 'http-load', 'http-driver'];
const GRACE_MS = 5_000;
const PAGE_LINES = 1_000;

/** What an execution is given besides its workload. Only what the workload names is asked for. */
export interface Dependencies {
  /** As the machine's work in progress is told, for example `server-1 of nightly`. */
  readonly label: string;
  readonly secrets: Pick<DependencyManager, 'get'>;
  readonly configs: Pick<DependencyManager, 'get'>;
}

export interface ProcessExecutorOptions {
  /** Where this host's local environments keep their machines. */
  readonly dataDirectory: string;
  readonly dependenciesOf: (execution: Execution) => Promise<Dependencies>;
  /** How long a shutdown waits between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
}

/**
 * Components as processes on local machines of this host. All is kept by the machine's supervisor, so any process of
 * the host finds what another one started.
 *
 * Where the machine gives no answer, calls throw ENVIRONMENT_UNAVAILABLE, which is temporary. They throw
 * INSTANCE_UNKNOWN where the machine is gone and ENVIRONMENT_REFUSED where its supervisor has died; but then what ends
 * or removes a component succeeds, and a machine that is gone holds nothing.
 */
export class ProcessExecutor implements Executor {
  readonly #options: ProcessExecutorOptions;
  readonly #link: MachineLink;
  #installing: Promise<Programs> | null = null;
  #networkKeys: readonly NetworkKey[] = [];

  constructor(options: ProcessExecutorOptions) {
    this.#options = options;
    this.#link = new MachineLink(options.dataDirectory);
  }

  async describe(machine: MachineRef, signal: AbortSignal): Promise<MachineDescription> {
    signal.throwIfAborted();
    await this.#link.identity(machine);
    return { hostname: hostname(), platform: { os: process.platform, architecture: process.arch } };
  }

  /** Labels mean nothing to a process. */
  async configure(machine: MachineRef, _labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#link.identity(machine);
  }

  async setNetworkKeys(keys: readonly NetworkKey[]): Promise<void> {
    this.#networkKeys = keys;
  }

  /** As they were set last. */
  get networkKeys(): readonly NetworkKey[] {
    return this.#networkKeys;
  }

  async controller(execution: Execution, signal: AbortSignal): Promise<ProcessController> {
    signal.throwIfAborted();
    const { workload, machine } = execution;
    if (workload.command.length === 0 && !IMAGES.includes(workload.image ?? '')) {
      throw runtimeUnsupported(machine.instanceId, workload.image ?? 'no command');
    }
    await this.#link.identity(machine);
    return new ProcessController(execution, {
      link: this.#link,
      order: () => this.#order(execution),
      graceMs: this.#options.graceMs ?? GRACE_MS,
    });
  }

  async observe({ id, machine }: Execution, signal: AbortSignal): Promise<WorkloadObservation | null> {
    const found = await this.#link.observe(machine, id, signal);
    if (!found) return null;
    const { startedAt, exitedAt, exitCode, signal: endedBy, ready, reason, changes, ports, results } = found;
    return { startedAt, exitedAt, exitCode, signal: endedBy, ready, reason, changes, ports, results };
  }

  /** Ends without a line where the machine knows of no such component, and early where it is removed. */
  async *logs(
    execution: Execution,
    from: number,
    subscription: LogSubscription,
    signal: AbortSignal,
  ): AsyncIterable<readonly LogLine[]> {
    const { id, machine } = execution;
    const since = subscription.since ?? 0;
    let next = Math.max(from, await this.#firstOfTail(execution, subscription, signal));
    // Once the first line of the time is found, all that follow it are later.
    for (let asked = since; ; asked = 0) {
      const page = await this.#link.log(machine, id, { from: next, since: asked, wait: subscription.follow }, signal);
      if (!page) return;
      const lines = linesOf(page).filter((line) => wants(subscription, line));
      if (lines.length > 0) yield lines;
      next = page.next;
      if (page.ended || (!subscription.follow && next >= page.count)) return;
    }
  }

  async list(machine: MachineRef, signal: AbortSignal): Promise<readonly string[]> {
    try {
      return await this.#link.ids(machine, signal);
    } catch (error) {
      if (isDomainError(error) && error.code === 'INSTANCE_UNKNOWN') return [];
      throw error;
    }
  }

  async #order(execution: Execution): Promise<ComponentOrder> {
    const { command, env, ports, probe, secrets, configs } = execution.workload;
    const dependencies = await this.#options.dependenciesOf(execution);
    return {
      label: dependencies.label,
      command: command.length > 0 ? command : await this.#bundled(execution.workload),
      env,
      ports,
      probe,
      files: {
        secrets: await filesOf('secret', secrets, dependencies.secrets),
        configs: await filesOf('config', configs, dependencies.configs),
      },
    };
  }

  async #bundled({ image }: WorkloadSpec): Promise<readonly string[]> {
    this.#installing ??= this.#link
      .installation()
      .then((installation) => installPrograms(installation, import.meta.url))
      .catch((error: unknown) => {
        this.#installing = null;
        throw error;
      });
    const { node, directory } = await this.#installing;
    return [node, path.join(directory, `${image}.mjs`)];
  }

  /** Read backwards, as far as is needed. */
  async #firstOfTail({ id, machine }: Execution, subscription: LogSubscription, signal: AbortSignal): Promise<number> {
    if (subscription.tail === null) return 0;
    const end = (await this.#link.log(machine, id, { from: 0, lines: 1, wait: false }, signal))?.count ?? 0;
    if (subscription.tail === 0) return end;
    let missing = subscription.tail;
    for (let to = end; to > 0; ) {
      const lines = await this.#linesBetween(machine, id, Math.max(0, to - PAGE_LINES), to, signal);
      const wanted = lines.filter((line) => wants(subscription, line));
      const first = wanted.at(-missing);
      if (first) return first.line;
      missing -= wanted.length;
      to = Math.max(0, to - PAGE_LINES);
      if ((lines[0]?.at ?? 0) < (subscription.since ?? 0)) return to;
    }
    return 0;
  }

  async #linesBetween(
    machine: MachineRef,
    id: string,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    for (let next = from; next < to; ) {
      const page = await this.#link.log(machine, id, { from: next, lines: to - next, wait: false }, signal);
      if (!page || page.lines.length === 0) break;
      lines.push(...linesOf(page));
      next = page.next;
    }
    return lines;
  }
}

function linesOf({ first, lines }: LogPage): LogLine[] {
  return lines.map(([at, stream, text], index) => ({
    line: first + index,
    at,
    stream: stream === 'o' ? 'stdout' : 'stderr',
    text,
  }));
}

function wants({ streams, since }: LogSubscription, { stream, at }: LogLine): boolean {
  return (streams.length === 0 || streams.includes(stream)) && at >= (since ?? 0);
}

/** In base64, by name. Throws NOT_FOUND where one has no value. */
async function filesOf(
  kind: 'secret' | 'config',
  names: readonly string[],
  values: Pick<DependencyManager, 'get'>,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of names) {
    const value = await values.get(name);
    if (!value) throw new DomainError('NOT_FOUND', { kind, id: name }, { message: `There is no ${kind} ${name}.` });
    files[name] = Buffer.from(value).toString('base64');
  }
  return files;
}
