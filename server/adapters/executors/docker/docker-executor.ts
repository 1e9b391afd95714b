import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerSettings } from '../../../contract/docker-settings.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { LogLine, LogSubscription, WorkloadObservation } from '../../../domain/execution/controller.ts';
import { runtimeUnsupported } from '../../../domain/execution/errors.ts';
import type { Execution, MachineRef } from '../../../domain/execution/execution.ts';
import type {
  DependencyManager,
  Executor,
  MachineDescription,
  NetworkKey,
} from '../../../domain/execution/executor.ts';
import type { Engine } from '../../plugins/docker/engine.ts';
import type { Dependencies } from '../process/process-executor.ts';
import { type Component, ComponentContainers, type ComponentOrder } from './component-containers.ts';
import { LogFrames } from './component-log.ts';
import { DockerController, endOf, isOver, signalOf } from './docker-controller.ts';
import { probeFailure } from './probe.ts';

const GRACE_MS = 5_000;
const LOOK_MS = 100;
const IMAGE = /^[a-zA-Z0-9](?:[/:@_-]?[a-zA-Z0-9_-]|\.[a-zA-Z0-9_-])*$/;

export interface DockerExecutorOptions {
  readonly engine: Engine;
  readonly environmentId: string;
  readonly settings: Pick<DockerSettings, 'address' | 'network'>;
  readonly dependenciesOf: (execution: Execution) => Promise<Dependencies>;
  /** How long a shutdown waits between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
}

/**
 * Components as containers beside their machine's, on the same engine and in the same network. A component without an
 * image runs in its machine's. All is kept by the engine, so any process finds what another one started.
 *
 * Readiness is asked for by whoever looks, so nobody knows of what changed between two looks. An exit code above 128
 * counts as the signal that it stands for, since the engine does not tell the two apart.
 */
export class DockerExecutor implements Executor {
  readonly #options: DockerExecutorOptions;
  readonly #containers: ComponentContainers;

  constructor(options: DockerExecutorOptions) {
    this.#options = options;
    this.#containers = new ComponentContainers(options.engine, options.environmentId, options.settings);
  }

  async describe(machine: MachineRef, signal: AbortSignal): Promise<MachineDescription> {
    await this.#containers.machineImage(machine, { signal });
    const { name, os, architecture } = await this.#containers.describe({ signal });
    return { hostname: name, platform: { os, architecture } };
  }

  /** The labels of a container are fixed when it is made, and nothing here acts on them. */
  async configure(machine: MachineRef, _labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    await this.#containers.machineImage(machine, { signal });
  }

  /** The engine's networks have keys of their own. */
  async setNetworkKeys(_keys: readonly NetworkKey[]): Promise<void> {}

  async controller(execution: Execution, signal: AbortSignal): Promise<DockerController> {
    const { machine, workload } = execution;
    if (workload.image !== null && !IMAGE.test(workload.image)) {
      throw runtimeUnsupported(machine.instanceId, workload.image);
    }
    await this.#containers.machineImage(machine, { signal });
    return new DockerController(execution, {
      containers: this.#containers,
      order: () => this.#order(execution),
      graceMs: this.#options.graceMs ?? GRACE_MS,
    });
  }

  async observe({ id, workload }: Execution, signal: AbortSignal): Promise<WorkloadObservation | null> {
    const found = await this.#containers.find(id, { signal });
    if (!found) return null;
    const ports = this.#containers.portsOf(found);
    const { StartedAt: startedAt, FinishedAt, ExitCode } = found.State;
    const base = { startedAt, exitedAt: null, exitCode: null, signal: null, changes: [], ports, results: null };
    if (startedAt === null) return { ...base, ready: null, reason: 'not started' };
    if (!isOver(found)) {
      const reason = workload.probe === null ? null : await probeFailure(workload.probe, ports);
      return { ...base, ready: reason === null, reason: reason ?? '' };
    }
    const results = await this.#containers.results(found, { signal });
    const endedBy = signalOf(found);
    const leftOut = results === 'too large' ? '; its results are larger than 256 KiB and left out' : '';
    return {
      ...base,
      exitedAt: FinishedAt,
      exitCode: endedBy === null ? ExitCode : null,
      signal: endedBy,
      ready: false,
      reason: `${endOf(found)}${leftOut}`,
      results: results === 'too large' ? null : results,
    };
  }

  /** Ends without a line where the machine knows of no such component, and early where it is removed. */
  async *logs(
    execution: Execution,
    from: number,
    subscription: LogSubscription,
    signal: AbortSignal,
  ): AsyncIterable<readonly LogLine[]> {
    let next = Math.max(from, await this.#firstOfTail(execution, subscription, signal));
    for (;;) {
      const found = await this.#containers.find(execution.id, { signal });
      if (!found) return;
      const ended = isOver(found);
      for await (const read of this.#read(found, subscription.follow && !ended, signal)) {
        const lines = read.filter((line) => line.line >= next && wants(subscription, line));
        next = Math.max(next, (read.at(-1)?.line ?? -1) + 1);
        if (lines.length > 0) yield lines;
      }
      if (ended || !subscription.follow) return;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  async list(machine: MachineRef, signal: AbortSignal): Promise<readonly string[]> {
    return this.#containers.ids(machine, { signal });
  }

  async #order(execution: Execution): Promise<ComponentOrder> {
    const { secrets, configs } = execution.workload;
    const dependencies = await this.#options.dependenciesOf(execution);
    return {
      label: dependencies.label,
      workload: execution.workload,
      secrets: await valuesOf('secret', secrets, dependencies.secrets),
      configs: await valuesOf('config', configs, dependencies.configs),
    };
  }

  async #firstOfTail({ id }: Execution, subscription: LogSubscription, signal: AbortSignal): Promise<number> {
    const { tail } = subscription;
    const found = tail === null ? null : await this.#containers.find(id, { signal });
    if (tail === null || !found) return 0;
    const wanted: number[] = [];
    let end = 0;
    for await (const lines of this.#read(found, false, signal)) {
      end = Math.max(end, (lines.at(-1)?.line ?? -1) + 1);
      for (const line of lines) if (wants(subscription, line)) wanted.push(line.line);
    }
    return tail === 0 ? end : (wanted.at(-tail) ?? 0);
  }

  /** All of its lines from the first on; of one that runs, those that are ended. */
  async *#read(component: Component, follow: boolean, signal: AbortSignal): AsyncIterable<LogLine[]> {
    const log = await this.#containers.log(component, follow, { signal });
    if (log === null) return;
    const frames = new LogFrames();
    if (Buffer.isBuffer(log)) yield frames.read(log);
    else yield* this.#follow(log, frames, signal);
    if (isOver(component)) yield frames.finish();
  }

  async *#follow(log: NodeJS.ReadableStream, frames: LogFrames, signal: AbortSignal): AsyncIterable<LogLine[]> {
    const end = () => {
      if (log instanceof Readable) log.destroy();
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      for await (const chunk of log) yield frames.read(Buffer.from(chunk));
    } catch (cause) {
      signal.throwIfAborted();
      throw this.#options.engine.unavailable('read a log', 'The engine ended the log in the middle.', cause);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
}

function wants({ streams, since }: LogSubscription, { stream, at }: LogLine): boolean {
  return (streams.length === 0 || streams.includes(stream)) && at >= (since ?? 0);
}

/** By name. Throws NOT_FOUND where one has no value. */
async function valuesOf(
  kind: 'secret' | 'config',
  names: readonly string[],
  values: Pick<DependencyManager, 'get'>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const name of names) {
    const value = await values.get(name);
    if (!value) throw new DomainError('NOT_FOUND', { kind, id: name }, { message: `There is no ${kind} ${name}.` });
    found.set(name, value);
  }
  return found;
}
