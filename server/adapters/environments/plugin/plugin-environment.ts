import type { Cluster, Instance } from '../../../domain/cluster/cluster.ts';
import type { Call, Capabilities, Environment } from '../../../domain/cycle/environment.ts';
import type { SettingChange } from '../../../domain/cycle/settings.ts';
import type { WaitState } from '../../../domain/cycle/task.ts';
import { DomainError, isDomainError, isTemporary } from '../../../domain/errors.ts';
import type { ClusterCatalog } from '../../../domain/instance/cluster-catalog.ts';
import {
  type Description,
  type InstancePlugin,
  type Json,
  type MachineFacts,
  type MachineStatus,
  TAGS,
} from '../../../domain/instance/plugin.ts';

/** Provisions and other calls for single machines that are under way at once, for one call of ours. */
const CALLS_AT_ONCE = 8;
const LOOK_AGAIN_MS = 250;

export interface PluginEnvironmentOptions {
  /** Epoch milliseconds, on the clock that deadlines are written in. */
  readonly clock: () => number;
  readonly capabilities: Capabilities;
}

/**
 * Any source of machines as an Environment. A cluster is the machines with its tag.
 *
 * The k-th machine of a start has the logical id `token#k`. A plugin that counts a logical id once, for as long as
 * it remembers the machine, thereby makes two starts with one token count once.
 *
 * Draining or terminating an id that never existed is INSTANCE_UNKNOWN where the plugin can tell it from one that
 * has gone, else it is treated as gone.
 *
 * A call that is cancelled or passes its deadline rejects at once with CALL_DEADLINE and orders nothing further.
 * A read that is cancelled rejects with the reason of its signal.
 */
export class PluginEnvironment implements Environment {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly undrainInstances?: (ids: readonly string[], call: Call) => Promise<void>;
  readonly changeSettings?: (clusterId: string, changes: readonly SettingChange[], call: Call) => Promise<void>;
  readonly follow?: (heard: () => void, signal: AbortSignal) => Promise<void>;
  readonly pinnedSpec?: (spec: Json, signal: AbortSignal) => Promise<Json>;
  readonly #plugin: InstancePlugin & Partial<MachineStatus>;
  readonly #catalog: ClusterCatalog;
  readonly #clock: () => number;

  constructor(
    name: string,
    plugin: InstancePlugin & Partial<MachineStatus>,
    catalog: ClusterCatalog,
    { clock, capabilities }: PluginEnvironmentOptions,
  ) {
    this.name = name;
    this.capabilities = capabilities;
    this.#plugin = plugin;
    this.#catalog = catalog;
    this.#clock = clock;
    const follow = plugin.follow?.bind(plugin);
    if (follow) this.follow = follow;
    const pinnedSpec = plugin.pinnedSpec?.bind(plugin);
    if (pinnedSpec) this.pinnedSpec = pinnedSpec;
    if (capabilities.undrain) {
      this.undrainInstances = (ids, call) =>
        this.#each('undrain instances', ids, call, async (id, within) => {
          if (!plugin.undrain) throw this.#notSupported('undrain instances');
          await plugin.undrain(id, within);
        });
    }
    if (capabilities.close || capabilities.suspend || capabilities.unprotect) {
      this.changeSettings = (clusterId, changes, call) =>
        this.#within('change settings', call, async (within) => {
          if (!plugin.changeSettings) throw this.#notSupported('change settings');
          await plugin.changeSettings(clusterId, changes, within);
        });
    }
  }

  async lookupClusterId(name: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    return (await this.#catalog.byName(name)).id;
  }

  async describeCluster(id: string, signal: AbortSignal): Promise<Cluster> {
    signal.throwIfAborted();
    const { name, config, minSize, maxSize } = await this.#catalog.byId(id);
    const descriptions = await this.#plugin.describeInstances({ [TAGS.cluster]: id }, false, signal);
    const facts = await this.#facts(descriptions, signal);
    const settings = await this.#plugin.clusterSettings?.(id, signal);
    const instances = descriptions
      .flatMap((description) => {
        const known = facts.get(description.id);
        // Without facts it has gone since it was listed.
        return known ? [toInstance(description, known)] : [];
      })
      .sort(byCreation);
    return { id, name, config, minSize, maxSize, ...settings, instances };
  }

  async startInstances(id: string, count: number, call: Call): Promise<void> {
    const ordinals = Array.from({ length: count }, (_, index) => index + 1);
    await this.#within('start instances', call, async (within) => {
      const cluster = await this.#catalog.byId(id);
      const tags = { [TAGS.cluster]: id, [TAGS.token]: call.token, [TAGS.config]: cluster.config };
      await this.#all('start instances', ordinals, within, async (ordinal) => {
        const logicalId = `${call.token}#${ordinal}`;
        await this.#plugin.provision({ properties: cluster.spec, tags, init: '', logicalId, attachments: [] }, within);
      });
    });
  }

  async drainInstances(ids: readonly string[], call: Call): Promise<void> {
    await this.#each('drain instances', ids, call, async (id, within) => {
      if (!this.#plugin.drain) throw this.#notSupported('drain instances');
      await this.#plugin.drain(id, within);
    });
  }

  async terminateInstances(ids: readonly string[], call: Call): Promise<void> {
    await this.#each('terminate instances', ids, call, (id, within) =>
      this.#plugin.destroy(id, 'rolling_update', within),
    );
  }

  async waitInstances(state: WaitState, ids: readonly string[], signal: AbortSignal): Promise<void> {
    for (;;) {
      const states = await this.#states(ids, signal);
      if (ids.every((id) => hasReached(state, states.get(id)))) return;
      await pause(LOOK_AGAIN_MS, signal);
    }
  }

  async #facts(descriptions: readonly Description[], signal: AbortSignal): Promise<ReadonlyMap<string, MachineFacts>> {
    const ids = descriptions.map((description) => description.id);
    if (this.#plugin.status) return this.#plugin.status(ids, signal);
    return new Map(ids.map((id) => [id, UNOBSERVED]));
  }

  async #states(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Instance['state']>> {
    signal.throwIfAborted();
    if (this.#plugin.status) {
      const facts = await this.#plugin.status(ids, signal);
      return new Map([...facts].map(([id, { state }]) => [id, state]));
    }
    const descriptions = await this.#plugin.describeInstances({}, false, signal);
    return new Map(descriptions.map(({ id }) => [id, UNOBSERVED.state]));
  }

  #each(
    operation: string,
    ids: readonly string[],
    call: Call,
    order: (id: string, within: Call) => Promise<void>,
  ): Promise<void> {
    return this.#within(operation, call, (within) => this.#all(operation, ids, within, (id) => order(id, within)));
  }

  /** Gives `body` a call whose signal also fires at the deadline, and does not wait for it longer than that. */
  async #within(operation: string, call: Call, body: (within: Call) => Promise<void>): Promise<void> {
    const late = () => new DomainError('CALL_DEADLINE', { operation, token: call.token });
    const remainingMs = call.deadline - this.#clock();
    if (call.signal.aborted || remainingMs <= 0) throw late();

    const end = new AbortController();
    const timer = setTimeout(() => end.abort(late()), remainingMs);
    const cancel = () => end.abort(late());
    call.signal.addEventListener('abort', cancel, { once: true });
    try {
      const work = body({ ...call, signal: end.signal });
      const ended = new Promise<never>((_, reject) => {
        end.signal.addEventListener('abort', () => reject(end.signal.reason), { once: true });
      });
      await Promise.race([work, ended]);
    } finally {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', cancel);
    }
  }

  /**
   * Tries every item, so that one bad machine holds up no other, and then throws the failure that says most: a fatal
   * one first. Throttling means that nothing took effect, so it is passed on only where that is true of all.
   */
  async #all<T>(operation: string, items: readonly T[], call: Call, order: (item: T) => Promise<void>): Promise<void> {
    const failures: unknown[] = [];
    const waiting = [...items];
    const lane = async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        call.signal.throwIfAborted();
        await order(item).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: Math.min(CALLS_AT_ONCE, items.length) }, lane));
    if (failures.length === 0) return;

    const cause = failures.find((error) => !isTemporary(error)) ?? failures[0];
    const partial = failures.length < items.length && isDomainError(cause) && cause.code === 'ENVIRONMENT_THROTTLED';
    if (partial) throw new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: this.name, operation }, { cause });
    throw cause;
  }

  #notSupported(operation: string): DomainError {
    return new DomainError('NOT_SUPPORTED', { environment: this.name, operation });
  }
}

/** What is assumed of a machine whose plugin tells nothing beyond that it is there. */
const UNOBSERVED: MachineFacts = {
  state: 'started',
  createdAt: null,
  health: 'unknown',
  healthySince: null,
  drainingSince: null,
  workloads: [],
};

function toInstance(description: Description, facts: MachineFacts): Instance {
  const { drainingSince, ...seen } = facts;
  return {
    ...seen,
    id: description.id,
    config: description.tags[TAGS.config] ?? '',
    updatedAt: facts.state === 'draining' || facts.state === 'drained' ? drainingSince : null,
    labels: labelsOf(description.tags),
    token: description.tags[TAGS.token],
  };
}

/** Tags of the product itself, and of the protocol of its plugins, are for them alone. */
const OWN_TAGS = ['roundhouse.', 'infrakit.'] as const;

function labelsOf(tags: Description['tags']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !OWN_TAGS.some((own) => name.startsWith(own))));
}

/** Creation time, then id; an unknown time comes last. */
function byCreation(a: Instance, b: Instance): number {
  const difference = (a.createdAt ?? Number.MAX_SAFE_INTEGER) - (b.createdAt ?? Number.MAX_SAFE_INTEGER);
  return difference !== 0 ? difference : a.id < b.id ? -1 : 1;
}

/** `undefined` = gone, which is as far as any wait can go. */
function hasReached(wanted: WaitState, state: Instance['state'] | undefined): boolean {
  if (state === undefined) return true;
  if (wanted === 'started') return state !== 'starting';
  if (wanted === 'drained') return state === 'drained' || state === 'terminating';
  return false;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const cancel = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', cancel);
      resolve();
    }, ms);
    signal.addEventListener('abort', cancel, { once: true });
  });
}
