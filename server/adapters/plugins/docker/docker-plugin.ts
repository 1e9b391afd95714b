import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { z } from 'zod';
import type { DockerSettings } from '../../../contract/docker-settings.ts';
import {
  type DockerSpec,
  dockerSpecSchema,
  followedTag,
  imageReference,
  isPinned,
  withDigest,
} from '../../../contract/docker-spec.ts';
import type { Workload } from '../../../domain/cluster/cluster.ts';
import type { Call, Capabilities } from '../../../domain/cycle/environment.ts';
import { DomainError, isDomainError } from '../../../domain/errors.ts';
import type {
  Description,
  DestroyContext,
  InstancePlugin,
  Json,
  MachineFacts,
  MachineStatus,
  Spec,
} from '../../../domain/instance/plugin.ts';
import { followEvents } from './container-events.ts';
import { type Container, containerSchema, drainName, drainOrderOf, factsOf } from './container-facts.ts';
import { EndedMemory } from './ended-memory.ts';
import { creation, type Engine, type Limits } from './engine.ts';
import { LABELS, machineLabel } from './labels.ts';

export const DOCKER_CAPABILITIES: Capabilities = {
  undrain: false,
  close: false,
  token: 'atomic',
  observesDrain: true,
};

const ASKED_AT_ONCE = 8;
/** An order that was not carried out by now never will be by the one that gave it: no call lasts longer. */
const ORDER_MS = 15_000;
/** How long a name may be taken before the container that takes it is listed. */
const MAKING_MS = 3_000;
const MAKING_LOOK_MS = 50;

const listedSchema = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullable(),
    State: z.string(),
    /** Seconds. */
    Created: z.number(),
    Labels: z.record(z.string(), z.string()).nullable(),
  }),
);
type Listed = z.output<typeof listedSchema>[number];

const imageSchema = z.object({ Id: z.string(), RepoDigests: z.array(z.string()).nullable() });
type Image = z.output<typeof imageSchema>;

export interface DockerPluginOptions {
  readonly engine: Engine;
  readonly environmentId: string;
  readonly settings: Pick<DockerSettings, 'minHealthyMs' | 'network'>;
}

/**
 * Machines that are containers of a Docker engine. All that is known of them the engine itself keeps, in labels, names
 * and volumes, so any number of processes may use one engine at once and none needs to remember anything.
 *
 * An id is the container's name and follows from the logical id. A logical id counts once: the engine makes no second
 * container of a name, and what was removed is remembered for a day. Where a drain is ordered and its caller dies
 * before SIGTERM was sent, the next look sends it.
 */
export class DockerPlugin implements InstancePlugin, MachineStatus {
  readonly #engine: Engine;
  readonly #environmentId: string;
  readonly #settings: DockerPluginOptions['settings'];
  /** By the engine's id of the container. The engine keeps only its last checks, so a look may know more than the next. */
  readonly #healthySince = new Map<string, number>();
  readonly #ended: EndedMemory;

  constructor({ engine, environmentId, settings }: DockerPluginOptions) {
    this.#engine = engine;
    this.#environmentId = environmentId;
    this.#settings = settings;
    this.#ended = new EndedMemory(engine, environmentId);
  }

  /** A tag whose digest was not looked up yet is INVALID_INPUT: it says not which image is run. */
  async validate(properties: Json, signal: AbortSignal): Promise<void> {
    await this.#imageOf(parsed(properties), { signal });
  }

  /**
   * The digest that is written already stays for as long as the tag names that image, by whichever name: one that is
   * pushed to a registry gets a digest there beside its id, and is no other image.
   */
  async pinnedSpec(spec: Json, signal: AbortSignal): Promise<Json> {
    const followed = followedTag(spec);
    if (followed === null) return spec;
    const found = await this.#image(followed.image, { signal });
    if (found === null) throw this.#noImage(followed.image);
    const digests = digestsOf(found, followed.image);
    return followed.digest !== null && digests.includes(followed.digest) ? spec : withDigest(spec, digests[0]);
  }

  async provision(spec: Spec, call: Call): Promise<string> {
    const properties = parsed(spec.properties);
    if (spec.attachments.length > 0) throw this.#engine.refused('provision', 'A container takes no attachments.');
    if (spec.init !== '')
      throw this.#engine.refused('provision', 'A container runs no init script: put it into the image.');
    const id = machineId(this.#environmentId, spec.logicalId ?? randomUUID());

    const here = await this.#find(id, call);
    if (here) return this.#startUnlessStarted(id, here, call);
    if (await this.#ended.has(id, call)) return id;
    const made = await this.#create(id, spec, properties, call);
    if (!made) {
      const other = await this.#madeByAnother(id, call);
      return other ? this.#startUnlessStarted(id, other, call) : id;
    }
    // The name is free again once a drain was ordered, or its holder removed, and both may be since we looked.
    const twins = (await this.#list([`${LABELS.id}=${id}`], call)).filter((twin) => twin.Id !== made);
    if (twins.length > 0 || (await this.#ended.has(id, call))) {
      await this.#remove(made, call);
      return id;
    }
    await this.#start(id, made, call);
    return id;
  }

  async label(): Promise<void> {
    throw this.#engine.notSupported('label a container', 'The labels of a container are fixed when it is made.');
  }

  async destroy(id: string, _context: DestroyContext, call: Call): Promise<void> {
    const containers = await this.#list([`${LABELS.id}=${id}`], call);
    const components = await this.#components([id], call);
    if (containers.length === 0 && components.length === 0) return;
    await this.#ended.remember(id, call);
    for (const { Id } of [...components, ...containers]) await this.#remove(Id, call);
  }

  async describeInstances(
    labels: Readonly<Record<string, string>>,
    properties: boolean,
    signal: AbortSignal,
  ): Promise<readonly Description[]> {
    const wanted = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const containers = await this.#list(wanted, { signal });
    for (const container of containers) await this.#carryOutLateDrain(container, { signal });
    return containers.map(({ Labels }) => {
      const tags = Labels ?? {};
      return {
        id: tags[LABELS.id] ?? '',
        logicalId: tags[LABELS.logicalId] ?? null,
        tags,
        properties: properties ? toJson(tags[LABELS.spec]) : null,
      };
    });
  }

  async status(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, MachineFacts>> {
    const wanted = new Set(ids);
    const listed = (await this.#list([], { signal })).filter(({ Labels }) => wanted.has(Labels?.[LABELS.id] ?? ''));
    const facts = new Map<string, MachineFacts>();
    const components = await this.#components(ids, { signal });
    const waiting = [...listed];
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { Id } = next;
        const found = await this.#engine.ask(
          'inspect a container',
          { signal },
          (docker) => docker.getContainer(Id).inspect(),
          [404],
        );
        if (found) this.#note(containerSchema.parse(found), components, facts);
      }
    };
    await Promise.all(Array.from({ length: Math.min(ASKED_AT_ONCE, listed.length) }, lane));
    return facts;
  }

  async drain(id: string, call: Call): Promise<void> {
    const container = await this.#find(id, call);
    if (!container || drainOrderOf(nameOf(container))?.told) return;
    await this.#carryOutDrain(container, call);
  }

  follow(heard: () => void, signal: AbortSignal): Promise<void> {
    const { minHealthyMs } = this.#settings;
    return followEvents(this.#engine, { environmentId: this.#environmentId, minHealthyMs }, heard, signal);
  }

  #note(container: Container, components: readonly Listed[], facts: Map<string, MachineFacts>): void {
    const labels = container.Config.Labels ?? {};
    const id = labels[LABELS.id] ?? '';
    const machine = machineLabel(this.#environmentId, id);
    const own = components.filter(({ Labels }) => Labels?.[LABELS.machine] === machine);
    const known = factsOf(container, {
      now: Date.now(),
      minHealthyMs: this.#settings.minHealthyMs,
      deadline: Number(labels[LABELS.deadline] ?? 0),
      seenHealthySince: this.#healthySince.get(container.Id) ?? null,
      workloads: own.flatMap(toWorkload),
    });
    if (known.healthySince === null) this.#healthySince.delete(container.Id);
    else this.#healthySince.set(container.Id, known.healthySince);
    facts.set(id, known);
  }

  async #carryOutLateDrain(container: Listed, limits: Limits): Promise<void> {
    const order = drainOrderOf(nameOf(container));
    if (!order || order.told || Date.now() - order.orderedAt < ORDER_MS) return;
    await this.#carryOutDrain(container, limits);
  }

  /**
   * The order is written down first: once SIGTERM may have been sent, the container must never count as in service. It is
   * SIGTERM and not the engine's `stop`, which ends a container that is not done in time.
   */
  async #carryOutDrain(container: Listed, limits: Limits): Promise<void> {
    const id = container.Labels?.[LABELS.id] ?? '';
    const order = drainOrderOf(nameOf(container));
    const orderedAt = order?.orderedAt ?? Date.now();
    if (!order) await this.#rename(container, drainName(id, { orderedAt, told: false }), limits);
    await this.#engine.ask(
      'send SIGTERM',
      limits,
      (docker) => docker.getContainer(container.Id).kill({ signal: 'SIGTERM' }),
      // It has gone, or does not run.
      [404, 409],
    );
    await this.#rename(container, drainName(id, { orderedAt, told: true }), limits);
  }

  /** Harmless where it has gone, or where another call gave it that name a moment ago, which the engine refuses. */
  async #rename({ Id, Labels }: Listed, name: string, limits: Limits): Promise<void> {
    const request = (docker: Docker) => docker.getContainer(Id).rename({ name });
    try {
      await this.#engine.ask('rename a container', limits, request, [404]);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const now = await this.#find(Labels?.[LABELS.id] ?? '', limits);
      if (now && nameOf(now) !== `/${name}`) throw error;
    }
  }

  /** The engine's id of the new container; null where the name is taken. */
  async #create(id: string, spec: Spec, properties: DockerSpec, call: Call): Promise<string | null> {
    const { command, env, init } = properties;
    const body = {
      Image: await this.#imageOf(properties, call),
      ...(command.length > 0 && { Cmd: [...command] }),
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Labels: {
        ...spec.tags,
        [LABELS.environment]: this.#environmentId,
        [LABELS.id]: id,
        ...(spec.logicalId !== null && { [LABELS.logicalId]: spec.logicalId }),
        [LABELS.spec]: JSON.stringify(spec.properties),
        [LABELS.deadline]: `${call.deadline}`,
      },
      HostConfig: { NetworkMode: this.#settings.network, RestartPolicy: { Name: 'no' }, Init: init },
    };
    const request = (docker: Docker) => docker.createContainer(creation(id, body));
    return (await this.#engine.ask('create a container', call, request, [409]))?.id ?? null;
  }

  /** Another call holds the name. What it makes is listed a moment later. */
  async #madeByAnother(id: string, call: Call): Promise<Listed | null> {
    for (const until = Date.now() + MAKING_MS; Date.now() < until; await sleep(MAKING_LOOK_MS)) {
      const made = await this.#find(id, call);
      if (made || (await this.#ended.has(id, call))) return made;
    }
    throw this.#engine.unavailable(
      'create a container',
      `The name ${id} is taken on the engine, and not by a container of ours.`,
    );
  }

  async #startUnlessStarted(id: string, container: Listed, call: Call): Promise<string> {
    if (container.State === 'created' && drainOrderOf(nameOf(container)) === null)
      await this.#start(id, container.Id, call);
    return id;
  }

  /** One that the engine refuses to start is removed, so that a repeat tries again. */
  async #start(id: string, containerId: string, call: Call): Promise<void> {
    const request = (docker: Docker) => docker.getContainer(containerId).start();
    try {
      // 304: another call has started it.
      await this.#engine.ask('start a container', call, request, [304]);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Another call may have removed it meanwhile, and then all is well.
      if (await this.#ended.has(id, call)) return;
      await this.#remove(containerId, call);
      throw error;
    }
  }

  async #remove(containerId: string, limits: Limits): Promise<void> {
    await this.#engine.ask(
      'remove a container',
      limits,
      (docker) => docker.getContainer(containerId).remove({ force: true, v: true }),
      // It has gone, or is about to.
      [404, 409],
    );
  }

  async #find(id: string, limits: Limits): Promise<Listed | null> {
    return (await this.#list([`${LABELS.id}=${id}`], limits))[0] ?? null;
  }

  /** The components that a session runs on these machines. */
  async #components(ids: readonly string[], limits: Limits): Promise<readonly Listed[]> {
    const wanted = new Set(ids.map((id) => machineLabel(this.#environmentId, id)));
    const filters = { label: [LABELS.machine] };
    const found = await this.#engine.ask('list components', limits, (docker) =>
      docker.listContainers({ all: true, filters }),
    );
    return listedSchema.parse(found).filter(({ Labels }) => wanted.has(Labels?.[LABELS.machine] ?? ''));
  }

  /** Containers of this environment that carry all of the labels, each as `name=value`. */
  async #list(labels: readonly string[], limits: Limits): Promise<readonly Listed[]> {
    const filters = { label: [`${LABELS.environment}=${this.#environmentId}`, ...labels] };
    const found = await this.#engine.ask('list containers', limits, (docker) =>
      docker.listContainers({ all: true, filters }),
    );
    return listedSchema.parse(found);
  }

  /**
   * What to order for exactly the image of a spec: by its digest of a registry, or by its id. Of a digest behind a tag
   * only the engine knows which of the two it is. Throws ENVIRONMENT_REFUSED where it has no such image.
   */
  async #imageOf({ image }: DockerSpec, limits: Limits): Promise<string> {
    const { name = null, digest = null } = imageReference(image) ?? {};
    const ways = digest === null ? [] : [...(name === null ? [] : [`${name}@${digest}`]), digest];
    for (const way of ways) if ((await this.#image(way, limits)) !== null) return way;
    throw this.#noImage(image);
  }

  /** Null: the engine has none of that name. */
  async #image(image: string, limits: Limits): Promise<Image | null> {
    const request = (docker: Docker) => docker.getImage(image).inspect();
    const found = await this.#engine.ask('look for an image', limits, request, [404]);
    return found === null ? null : imageSchema.parse(found);
  }

  #noImage(image: string): DomainError {
    return this.#engine.refused('find the image', `The engine has no image ${image}: run docker pull ${image} there.`);
  }
}

/** Throws INVALID_INPUT. */
function parsed(properties: Json): DockerSpec {
  const { data, error } = dockerSpecSchema.safeParse(properties);
  if (data !== undefined && isPinned(properties)) return data;
  const [issue] = error?.issues ?? [];
  const field = issue?.path.join('.') ?? 'image';
  const message = issue?.message ?? 'the tag has not been looked up yet: a container is made of an image by its digest';
  throw new DomainError('INVALID_INPUT', { field, message }, { message });
}

/** All digests by which an image may stand behind a tag, first the one to write: of the tag's own name, then its id. */
function digestsOf({ Id, RepoDigests }: Image, tag: string): readonly [string, ...string[]] {
  const name = imageReference(tag)?.name;
  const own = (RepoDigests ?? []).flatMap((found) => {
    const reference = imageReference(found);
    return reference !== null && reference.name === name && reference.digest !== null ? [reference.digest] : [];
  });
  const [first, ...others] = own.sort();
  return first === undefined ? [Id] : [first, ...others, Id];
}

/** Follows from the logical id, so that asking twice asks for the same machine. */
function machineId(environmentId: string, logicalId: string): string {
  return `rh-${createHash('sha256').update(`${environmentId}\n${logicalId}`).digest('hex').slice(0, 16)}`;
}

/** A component that has ended is no work in progress. */
function toWorkload({ State, Labels, Created }: Listed): Workload[] {
  if (!['created', 'running', 'paused'].includes(State)) return [];
  return [{ name: Labels?.[LABELS.workload] ?? '', since: Created * 1_000 }];
}

function nameOf({ Names }: Listed): string {
  return Names?.[0] ?? '';
}

function isRefusal(error: unknown): boolean {
  return isDomainError(error) && error.code === 'ENVIRONMENT_REFUSED';
}

/** What was stringified by us. */
function toJson(text: string | undefined): Json {
  return text === undefined ? null : JSON.parse(text);
}
