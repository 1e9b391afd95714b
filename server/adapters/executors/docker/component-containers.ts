import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { z } from 'zod';
import type { DockerSettings } from '../../../contract/docker-settings.ts';
import { DomainError, isDomainError } from '../../../domain/errors.ts';
import type { MachineRef, PortStatus, WorkloadSpec } from '../../../domain/execution/execution.ts';
import { EndedMemory } from '../../plugins/docker/ended-memory.ts';
import { creation, type Engine, type Limits } from '../../plugins/docker/engine.ts';
import { LABELS, machineLabel } from '../../plugins/docker/labels.ts';
import { firstFile, packTar, type TarFile } from './tar.ts';

const PULL_MS = 30 * 60_000;
/** How long one request may wait for an end. */
const WAIT_MS = 20_000;
/** How long a log may be followed over one connection without a line. */
const FOLLOW_MS = 60 * 60_000;
const LARGEST_RESULTS = 262_144;
const LARGEST_PASSWD = 1_048_576;
/** Where a component finds what it is given. */
const HOME = 'roundhouse';
const FILE = /^(?!\.)[\w.-]{1,64}$/;
/** The first of the ports that are picked where a container has a network of its own. */
const FIRST_PORT = 8_080;

const time = z.string().transform((text) => {
  const at = Date.parse(text);
  return at > 0 ? at : null;
});

const componentSchema = z.object({
  Id: z.string(),
  Image: z.string(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullable(), User: z.string().default('') }),
  State: z.object({
    Status: z.string(),
    Pid: z.int(),
    ExitCode: z.int(),
    StartedAt: time,
    FinishedAt: time,
  }),
  NetworkSettings: z.object({
    Networks: z.record(z.string(), z.object({ IPAddress: z.string().optional() })).nullable(),
  }),
});
/** What an engine tells of a component's container. */
export type Component = z.output<typeof componentSchema>;

const listedSchema = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullable() }));
const portsSchema = z.array(z.object({ name: z.string(), port: z.number() }));
const progressSchema = z.object({ error: z.string().transform((error) => [error]) });

/** What a component is prepared with. */
export interface ComponentOrder {
  readonly label: string;
  readonly workload: WorkloadSpec;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly configs: ReadonlyMap<string, Uint8Array>;
}

export type Prepared = 'prepared' | 'already' | 'removed';

/**
 * The components on machines of one Docker environment: each a container beside its machine's, found by its name, which
 * follows from the execution's id. Failures are those of `Engine`.
 */
export class ComponentContainers {
  readonly #engine: Engine;
  readonly #environmentId: string;
  readonly #settings: Pick<DockerSettings, 'address' | 'network'>;
  readonly #ended: EndedMemory;

  constructor(engine: Engine, environmentId: string, settings: Pick<DockerSettings, 'address' | 'network'>) {
    this.#engine = engine;
    this.#environmentId = environmentId;
    this.#settings = settings;
    this.#ended = new EndedMemory(engine, environmentId);
  }

  /** The image of the machine's own container. Throws INSTANCE_UNKNOWN where the machine is gone. */
  async machineImage({ instanceId }: MachineRef, limits: Limits): Promise<string> {
    const label = [`${LABELS.environment}=${this.#environmentId}`, `${LABELS.id}=${instanceId}`];
    const [machine] = await this.#list(label, limits);
    const found = machine && (await this.#inspect(machine.Id, limits));
    if (!found) throw gone(instanceId);
    return found.Image;
  }

  async describe(
    limits: Limits,
  ): Promise<{ readonly name: string; readonly os: string; readonly architecture: string }> {
    const answer = await this.#engine.ask('describe the engine', limits, (docker) => docker.info());
    const info = z.object({ Name: z.string(), OSType: z.string(), Architecture: z.string() }).parse(answer);
    return { name: info.Name, os: info.OSType, architecture: info.Architecture };
  }

  /** Answers what came instead where it is not prepared now. */
  async prepare(machine: MachineRef, id: string, order: ComponentOrder, limits: Limits): Promise<Prepared> {
    const name = this.#name(id);
    if (await this.#ended.has(name, limits)) return 'removed';
    if (await this.find(id, limits)) return 'already';
    const image = order.workload.image ?? (await this.machineImage(machine, limits));
    if (order.workload.image !== null) await this.#fetch(image, limits);
    // It gets its name once it is whole, so that one whose maker died in between is never run without its secrets.
    const containerId = await this.#create(`${name}.${randomUUID()}`, machine, id, image, order, limits);
    try {
      await this.#give(containerId, order, limits);
      const named = await this.#engine.ask(
        'name a component',
        limits,
        async (docker) => {
          await docker.getContainer(containerId).rename({ name });
          return true;
        },
        [409],
      );
      if (named === null) {
        await this.#remove(containerId, limits);
        return 'already';
      }
      // It may have been removed, or its machine, since we looked.
      if (await this.#ended.has(name, limits)) {
        await this.#remove(containerId, limits);
        return 'removed';
      }
      await this.machineImage(machine, limits);
      return 'prepared';
    } catch (error) {
      if (isDomainError(error) && !error.temporary) await this.#remove(containerId, limits);
      throw error;
    }
  }

  /** False where it was started before. Throws ENVIRONMENT_REFUSED where it cannot be run. */
  async start(id: string, command: readonly string[], limits: Limits): Promise<boolean> {
    const component = await this.find(id, limits);
    if (!component) throw unknown(id);
    if (component.State.StartedAt !== null) return false;
    const [program = ''] = command;
    const isMissing = program.startsWith('/') && !(await this.#has(component.Id, program, limits));
    const started = await this.#engine.ask(
      'start a component',
      limits,
      async (docker) => {
        await docker.getContainer(component.Id).start();
        return true;
      },
      [304],
    );
    // It ran all the same, and its log and its exit code say so too.
    if (started !== null && isMissing) {
      throw this.#engine.refused('start a component', `could not be started: the image has no program ${program}`);
    }
    return started !== null;
  }

  /** Null where the engine knows of none. */
  async find(id: string, limits: Limits): Promise<Component | null> {
    return this.#inspect(this.#name(id), limits);
  }

  /** Resolves when it has ended, or after a while. */
  async waitAWhile({ Id }: Component, limits: Limits): Promise<void> {
    const enough = AbortSignal.timeout(WAIT_MS);
    const signal = AbortSignal.any([limits.signal, enough]);
    try {
      const request = (docker: Docker) => docker.getContainer(Id).wait();
      await this.#engine.ask('wait for a component', { signal, deadline: Date.now() + 2 * WAIT_MS }, request, [404]);
    } catch (error) {
      if (!enough.aborted || limits.signal.aborted) throw error;
    }
  }

  /** Of what does not run: nothing. */
  async signal({ Id }: Component, signal: 'SIGTERM' | 'SIGKILL', limits: Limits): Promise<void> {
    const request = (docker: Docker) => docker.getContainer(Id).kill({ signal });
    await this.#engine.ask('end a component', limits, request, [404, 409]);
  }

  /** With whatever a maker that died left of it. */
  async remove(id: string, limits: Limits): Promise<void> {
    await this.#ended.remember(this.#name(id), limits);
    const label = [`${LABELS.execution}=${id}`];
    const own = (await this.#list(label, limits)).filter(({ Labels }) =>
      (Labels?.[LABELS.machine] ?? '').startsWith(machineLabel(this.#environmentId, '')),
    );
    for (const { Id } of own) await this.#remove(Id, limits);
  }

  /** The ids of the executions of which the machine holds anything. */
  async ids({ instanceId }: MachineRef, limits: Limits): Promise<readonly string[]> {
    const label = [`${LABELS.machine}=${machineLabel(this.#environmentId, instanceId)}`];
    const ids = (await this.#list(label, limits)).flatMap(({ Labels }) => Labels?.[LABELS.execution] ?? []);
    return [...new Set(ids)];
  }

  /** Where others reach its ports. */
  portsOf({ Config, NetworkSettings }: Component): readonly PortStatus[] {
    const text = Config.Labels?.[LABELS.ports];
    const ports = text === undefined ? [] : portsSchema.parse(JSON.parse(text));
    const own = Object.values(NetworkSettings.Networks ?? {}).find(({ IPAddress }) => IPAddress);
    const host = own?.IPAddress ?? this.#engineHost();
    return ports.map(({ name, port }) => ({ name, address: `${host}:${port}` }));
  }

  /** What it left in its results file. */
  async results({ Id }: Component, limits: Limits): Promise<string | 'too large' | null> {
    const found = await this.#file(Id, `/${HOME}/results`, LARGEST_RESULTS, limits);
    return found === null || found === 'too large' ? found : found.toString('utf8');
  }

  /** Its log as the engine has it, in frames. The caller ends the stream. */
  async log({ Id }: Component, follow: boolean, { signal }: Limits): Promise<NodeJS.ReadableStream | Buffer | null> {
    const limits = follow ? { signal, deadline: Date.now() + FOLLOW_MS } : { signal };
    const wanted = { stdout: true, stderr: true, timestamps: true };
    return this.#engine.ask<NodeJS.ReadableStream | Buffer>(
      'read a log',
      limits,
      (docker) => {
        const container = docker.getContainer(Id);
        return follow ? container.logs({ ...wanted, follow: true }) : container.logs({ ...wanted, follow: false });
      },
      [404, 409],
    );
  }

  #name(id: string): string {
    return `rh-component-${createHash('sha256').update(`${this.#environmentId}\n${id}`).digest('hex').slice(0, 16)}`;
  }

  #engineHost(): string {
    const { address } = this.#settings;
    return address.startsWith('unix:') ? '127.0.0.1' : new URL(address.replace(/^tcp:/, 'http:')).hostname;
  }

  async #list(label: readonly string[], limits: Limits) {
    const filters = { label: [...label] };
    const found = await this.#engine.ask('list containers', limits, (docker) =>
      docker.listContainers({ all: true, filters }),
    );
    return listedSchema.parse(found);
  }

  async #inspect(nameOrId: string, limits: Limits): Promise<Component | null> {
    const request = (docker: Docker) => docker.getContainer(nameOrId).inspect();
    const found = await this.#engine.ask('inspect a component', limits, request, [404]);
    return found && componentSchema.parse(found);
  }

  async #remove(containerId: string, limits: Limits): Promise<void> {
    await this.#engine.ask(
      'remove a component',
      limits,
      (docker) => docker.getContainer(containerId).remove({ force: true, v: true }),
      [404, 409],
    );
  }

  /** Pulls the image where it is not there. */
  async #fetch(image: string, { signal }: Limits): Promise<void> {
    const here = await this.#engine.ask(
      'look for an image',
      { signal },
      (docker) => docker.getImage(image).inspect(),
      [404],
    );
    if (here) return;
    // Without a tag the engine would pull them all.
    const fromImage = /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
    const limits = { signal, deadline: Date.now() + PULL_MS };
    await this.#engine.ask('pull an image', limits, async (docker) => {
      const failures: string[] = [];
      const lines = createInterface({ input: await docker.createImage({ fromImage }) });
      for await (const line of lines) failures.push(...failureIn(line));
      if (failures.length > 0)
        throw this.#engine.refused('pull an image', `${image} cannot be pulled: ${failures.join('; ')}`);
    });
  }

  async #create(
    name: string,
    machine: MachineRef,
    id: string,
    image: string,
    { label, workload }: ComponentOrder,
    limits: Limits,
  ): Promise<string> {
    const ports = await this.#pickPorts(workload.ports);
    const body = {
      Image: image,
      ...(workload.command.length > 0 && { Cmd: [...workload.command] }),
      Env: Object.entries(environmentOf(machine, id, workload, ports)).map(([key, value]) => `${key}=${value}`),
      Labels: {
        [LABELS.machine]: machineLabel(this.#environmentId, machine.instanceId),
        [LABELS.execution]: id,
        [LABELS.workload]: label,
        [LABELS.ports]: JSON.stringify(ports),
      },
      HostConfig: { NetworkMode: this.#settings.network, RestartPolicy: { Name: 'no' }, Init: true },
    };
    const created = await this.#engine.ask('create a component', limits, (docker) =>
      docker.createContainer(creation(name, body)),
    );
    if (!created) throw unknown(id);
    return created.id;
  }

  async #give(containerId: string, { secrets, configs }: ComponentOrder, limits: Limits): Promise<void> {
    const files = [...filesOf('secrets', secrets), ...filesOf('configs', configs)];
    const wrong = [...secrets.keys(), ...configs.keys()].find((name) => !FILE.test(name));
    if (wrong !== undefined) {
      throw this.#engine.refused('prepare a component', `${wrong} is not a name for a file.`);
    }
    const archive = packTar(
      [HOME, `${HOME}/secrets`, `${HOME}/configs`],
      files,
      await this.#owner(containerId, limits),
    );
    const request = (docker: Docker) => docker.getContainer(containerId).putArchive(archive, { path: '/' });
    await this.#engine.ask('give a component its files', limits, request);
  }

  /** As whom its program runs. */
  async #owner(containerId: string, limits: Limits): Promise<{ readonly uid: number; readonly gid: number }> {
    const [user = '', group] = ((await this.#inspect(containerId, limits))?.Config.User ?? '').split(':');
    if (user === '') return { uid: 0, gid: 0 };
    if (/^\d+$/.test(user)) return { uid: Number(user), gid: Number(group ?? 0) || 0 };
    const passwd = await this.#file(containerId, '/etc/passwd', LARGEST_PASSWD, limits);
    const lines = passwd instanceof Buffer ? passwd.toString('utf8').split('\n') : [];
    const [, , uid, gid] = lines.map((line) => line.split(':')).find(([name]) => name === user) ?? [];
    if (uid === undefined) {
      throw this.#engine.refused(
        'prepare a component',
        `The image runs as ${user}, and its /etc/passwd has no such user.`,
      );
    }
    return { uid: Number(uid), gid: Number(gid) };
  }

  async #has(containerId: string, path: string, limits: Limits): Promise<boolean> {
    const request = (docker: Docker) => docker.getContainer(containerId).infoArchive({ path });
    const found = await this.#engine.ask('look for a program', limits, request, [404]);
    // It has no body, but holds its connection until it was read.
    if (found instanceof Readable) found.resume();
    return found !== null;
  }

  async #file(containerId: string, path: string, largest: number, limits: Limits) {
    return this.#engine.ask(
      'read a file',
      limits,
      async (docker) => {
        const archive = await docker.getContainer(containerId).getArchive({ path });
        return firstFile(buffers(archive), largest);
      },
      [404],
    );
  }

  /** Of its host where that is its network, else of its own. */
  async #pickPorts(ports: WorkloadSpec['ports']): Promise<z.output<typeof portsSchema>> {
    if (this.#settings.network !== 'host') {
      return ports.map(({ name, port }, index) => ({ name, port: port === 0 ? FIRST_PORT + index : port }));
    }
    const held = await Promise.all(ports.map(({ port }) => (port === 0 ? freePort() : { port, free: () => {} })));
    for (const { free } of held) free();
    return ports.map(({ name }, index) => ({ name, port: held[index]?.port ?? 0 }));
  }
}

/** The machine is there and knows of no such component. */
export function unknown(id: string): DomainError<'NOT_FOUND'> {
  const message = 'The machine knows of no such component: it was never prepared, or it was removed.';
  return new DomainError('NOT_FOUND', { kind: 'component', id }, { message });
}

function gone(id: string): DomainError<'INSTANCE_UNKNOWN'> {
  return new DomainError(
    'INSTANCE_UNKNOWN',
    { id },
    { message: `The machine ${id} is gone, and with it all that ran on it.` },
  );
}

/** All that it finds in its environment, besides what its image says. */
function environmentOf(
  { instanceId }: MachineRef,
  id: string,
  { env }: WorkloadSpec,
  ports: z.output<typeof portsSchema>,
): Readonly<Record<string, string>> {
  const [first] = ports;
  return {
    ...env,
    ...Object.fromEntries(
      ports.map(({ name, port }) => [`PORT_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`, `${port}`]),
    ),
    ...(first && { PORT: `${first.port}` }),
    ROUNDHOUSE_MACHINE: instanceId,
    ROUNDHOUSE_EXECUTION: id,
    ROUNDHOUSE_SECRETS: `/${HOME}/secrets`,
    ROUNDHOUSE_CONFIGS: `/${HOME}/configs`,
    ROUNDHOUSE_RESULTS: `/${HOME}/results`,
  };
}

function filesOf(directory: 'secrets' | 'configs', values: ReadonlyMap<string, Uint8Array>): TarFile[] {
  return [...values].map(([name, content]) => ({ path: `${HOME}/${directory}/${name}`, content }));
}

/** An engine that fails in the middle of a pull says so in its answer, which is JSON lines. */
function failureIn(line: string): string[] {
  return line.trim() === '' ? [] : (progressSchema.safeParse(JSON.parse(line)).data?.error ?? []);
}

async function* buffers(stream: AsyncIterable<string | Buffer>): AsyncIterable<Buffer> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Held until all that are needed are picked. */
async function freePort(): Promise<{ readonly port: number; readonly free: () => void }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, free: () => server.close() };
}
