import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { HookRules } from '../../../contract/hooks.ts';
import type { InfrakitSettings } from '../../../contract/infrakit-settings.ts';
import type { Call, Capabilities } from '../../../domain/cycle/environment.ts';
import { DomainError, isDomainError } from '../../../domain/errors.ts';
import { compare } from '../../../domain/instance/description.ts';
import {
  type Description,
  type DestroyContext,
  type InstancePlugin,
  type Json,
  type MachineFacts,
  type MachineStatus,
  type Spec,
  TAGS,
} from '../../../domain/instance/plugin.ts';
import { askDrainHook, HookRefused } from './drain-hook.ts';
import { InfrakitClient, type Limits } from './infrakit-client.ts';
import { requests, resultSchemas } from './instance-messages.ts';
import { askOutside, filledUrl, NotReachable } from './outbound.ts';

/** Written on what we provision, beside TAGS: InfraKit's plugins tell neither, and some forget the logical id. */
const MARKS = {
  logicalId: 'roundhouse.logical-id',
  /** Epoch milliseconds, as a text. */
  created: 'roundhouse.created',
  /** Since when it drains, in the same way. */
  drain: 'roundhouse.drain',
} as const;

const PROBE_LIMIT_MS = 2_000;
/** Probes and hooks that are under way at once, for one look. */
const LOOKS_AT_ONCE = 16;
/** How long a plugin may take to write down what it knows of a machine anew. */
const REWRITE_MS = 50;
/** Of the machines that were provisioned last, whether they are there or not. */
const REMEMBERED = 10_000;

export function infrakitCapabilities({ drainHook, drainWaitMs }: InfrakitSettings): Capabilities {
  const common = { undrain: false, close: false, token: 'by-tag' } as const;
  if (drainHook !== null) return { ...common, observesDrain: true };
  return { ...common, observesDrain: false, drainWaitMs };
}

interface InfrakitPluginOptions {
  /** Of the environment. */
  readonly name: string;
  readonly settings: InfrakitSettings;
  readonly hooks: HookRules;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
}

/**
 * Somebody else's instance plugin. What it does not tell is found out: health by a probe or by age, draining by a tag,
 * drained by a hook. What it does not remember, that a logical id counts once, is read back by tag before each
 * provision; a plugin that goes on with a call after its client has gone may still make one machine too many, which
 * carries our tag.
 */
export class InfrakitPlugin implements InstancePlugin, MachineStatus {
  readonly #name: string;
  readonly #settings: InfrakitSettings;
  readonly #hooks: HookRules;
  readonly #clock: () => number;
  readonly #client: InfrakitClient;
  /** Whether the plugin has said that it is one that we can drive. */
  #known = false;
  /** Ids by logical id, oldest first. */
  readonly #made = new Map<string, string>();
  /** The last order for each logical id: one waits for the other. */
  readonly #provisioning = new Map<string, Promise<unknown>>();
  readonly #destroyed = new Set<string>();
  /** The tags of what was listed last, by id. */
  readonly #listed = new Map<string, Description['tags']>();
  /** Since when a machine passes its probe without a break; null where that is not known, absent where it never did. */
  readonly #healthySince = new Map<string, number | null>();
  readonly #failing = new Set<string>();

  constructor({ name, settings, hooks, clock = Date.now }: InfrakitPluginOptions) {
    this.#name = name;
    this.#settings = settings;
    this.#hooks = hooks;
    this.#clock = clock;
    this.#client = new InfrakitClient(name, settings.address);
  }

  async validate(properties: Json, signal: AbortSignal): Promise<void> {
    await this.#call('Validate', requests.validate(this.#settings.type, properties), z.unknown(), { signal });
  }

  async provision(spec: Spec, call: Call): Promise<string> {
    const { logicalId } = spec;
    if (logicalId === null) return this.#provision(spec, call);
    const turn = (this.#provisioning.get(logicalId) ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#provisionOnce(spec, logicalId, call));
    this.#provisioning.set(logicalId, turn);
    try {
      return await turn;
    } finally {
      if (this.#provisioning.get(logicalId) === turn) this.#provisioning.delete(logicalId);
    }
  }

  async #provisionOnce(spec: Spec, logicalId: string, call: Call): Promise<string> {
    call.signal.throwIfAborted();
    const token = spec.tags[TAGS.token];
    const labels: Readonly<Record<string, string>> = token === undefined ? {} : { [TAGS.token]: token };
    const id =
      this.#made.get(logicalId) ??
      (await this.#describe(labels, false, call)).find((one) => logicalIdOf(one) === logicalId)?.id ??
      (await this.#provision(spec, call));
    this.#made.set(logicalId, id);
    const [oldest] = this.#made.keys();
    if (this.#made.size > REMEMBERED && oldest !== undefined) this.#made.delete(oldest);
    return id;
  }

  async #provision(spec: Spec, call: Call): Promise<string> {
    const { logicalId } = spec;
    const tags = {
      ...spec.tags,
      [MARKS.created]: String(this.#clock()),
      ...(logicalId === null ? {} : { [MARKS.logicalId]: logicalId }),
    };
    const params = requests.provision(this.#settings.type, { ...spec, tags });
    const id = await this.#call('Provision', params, resultSchemas.provisioned, call);
    if (id !== null) return id;
    // It may be there all the same: whoever asks again finds it by its tag.
    throw new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: this.#name, operation: 'Instance.Provision' });
  }

  async label(id: string, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const params = requests.label(this.#settings.type, id, labels);
    await this.#call('Label', params, z.unknown(), { signal }).catch(async (error: unknown) => {
      throw (await this.#refusedAsGone(id, error, { signal })) ? new DomainError('INSTANCE_UNKNOWN', { id }) : error;
    });
  }

  /** An id that never was is taken for one that has gone: plugins tell neither from the other. */
  async destroy(id: string, context: DestroyContext, call: Call): Promise<void> {
    const params = requests.destroy(this.#settings.type, id, context);
    try {
      await this.#call('Destroy', params, z.unknown(), call);
      this.#destroyed.add(id);
      this.#listed.delete(id);
    } catch (error) {
      if (!(await this.#refusedAsGone(id, error, call))) throw error;
    }
  }

  /** Each plugin says in words of its own that a machine is not there, so the list decides. */
  async #refusedAsGone(id: string, error: unknown, limits: Limits): Promise<boolean> {
    if (!isDomainError(error) || error.code !== 'ENVIRONMENT_REFUSED') return false;
    return (await this.#find(id, limits)) === null;
  }

  async describeInstances(
    labels: Readonly<Record<string, string>>,
    properties: boolean,
    signal: AbortSignal,
  ): Promise<readonly Description[]> {
    return this.#describe(labels, properties, { signal });
  }

  /**
   * A plugin that keeps a machine in a file may not list it while it writes a label, so what is missing is looked for
   * once more before it counts as gone. Source: docker/infrakit `pkg/plugin/instance/file`.
   */
  async #describe(labels: Description['tags'], properties: boolean, limits: Limits) {
    const found = await this.#list(labels, properties, limits);
    const ids = new Set(found.map(({ id }) => id));
    const missing = [...this.#listed].filter(([id, tags]) => !ids.has(id) && carries(tags, labels));
    for (const { id, tags } of found) this.#listed.set(id, tags);
    if (missing.length === 0) return found;
    await pause(REWRITE_MS, undefined, { signal: limits.signal }).catch(() => limits.signal.throwIfAborted());
    const again = await this.#list(labels, properties, limits);
    for (const [id] of missing) this.#listed.delete(id);
    for (const { id, tags } of again) this.#listed.set(id, tags);
    return again;
  }

  async #list(labels: Description['tags'], properties: boolean, limits: Limits) {
    const params = requests.describeInstances(this.#settings.type, labels, properties);
    const found = await this.#call('DescribeInstances', params, resultSchemas.described, limits);
    // Some plugins list what lacks a label, too, and none has an order.
    return found.filter(({ tags }) => carries(tags, labels)).sort(compare);
  }

  async #find(id: string, limits: Limits): Promise<Description | null> {
    return (await this.#describe({}, false, limits)).find((one) => one.id === id) ?? null;
  }

  async status(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, MachineFacts>> {
    const listed = await this.#describe({}, false, { signal });
    this.#forgetAllBut(new Set(listed.map(({ id }) => id)));
    const wanted = new Set(ids);
    const waiting = listed.filter(({ id }) => wanted.has(id));
    const facts = new Map<string, MachineFacts>();
    const lane = async () => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        facts.set(one.id, await this.#facts(one, signal));
      }
    };
    await Promise.all(Array.from({ length: Math.min(LOOKS_AT_ONCE, waiting.length) }, lane));
    return facts;
  }

  #forgetAllBut(listed: ReadonlySet<string>): void {
    for (const known of [this.#destroyed, this.#healthySince, this.#failing]) {
      for (const id of known.keys()) if (!listed.has(id)) known.delete(id);
    }
  }

  async #facts(instance: Description, signal: AbortSignal): Promise<MachineFacts> {
    const createdAt = timeIn(instance, MARKS.created);
    const drainingSince = timeIn(instance, MARKS.drain);
    const unseen = { createdAt, drainingSince, health: 'unknown', healthySince: null, workloads: [] } as const;
    if (this.#destroyed.has(instance.id)) return { ...unseen, state: 'terminating' };
    if (drainingSince !== null) {
      return { ...unseen, state: (await this.#isDrained(instance, drainingSince, signal)) ? 'drained' : 'draining' };
    }
    const { probe, minimumAgeMs } = this.#settings;
    const isOld = createdAt === null || this.#clock() - createdAt >= minimumAgeMs;
    if (probe === null) {
      if (!isOld) return { ...unseen, state: 'starting' };
      return { ...unseen, state: 'started', health: 'healthy', healthySince: createdAt && createdAt + minimumAgeMs };
    }
    const passes = await this.#passes(instance, probe.url, signal);
    const healthySince = passes === true ? this.#passed(instance.id, createdAt) : null;
    if (passes === true) return { ...unseen, state: 'started', health: 'healthy', healthySince };
    if (passes === false) this.#failing.add(instance.id);
    const state = isOld || this.#healthySince.has(instance.id) ? 'started' : 'starting';
    return { ...unseen, state, health: passes === false && state === 'started' ? 'unhealthy' : 'unknown' };
  }

  /** At first sight a machine has been healthy since it was made; after a failure, since it passes again. */
  #passed(id: string, createdAt: number | null): number | null {
    const since = this.#healthySince.get(id);
    const healthySince = this.#failing.has(id) ? this.#clock() : since === undefined ? createdAt : since;
    this.#failing.delete(id);
    this.#healthySince.set(id, healthySince);
    return healthySince;
  }

  /** `null`: it cannot be probed, since its description lacks what the URL names. */
  async #passes(instance: Description, template: string, signal: AbortSignal): Promise<boolean | null> {
    const url = filledUrl(template, instance);
    if (url === null) return null;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PROBE_LIMIT_MS)]);
    try {
      const { status } = await askOutside(url, { method: 'GET', signal: limit }, this.#hooks);
      return status >= 200 && status <= 299;
    } catch (error) {
      signal.throwIfAborted();
      // A setting that can never work must not look like machines that are ill.
      if (error instanceof NotReachable) throw this.#refused('probe', error.message);
      return false;
    }
  }

  async #isDrained(instance: Description, drainingSince: number, signal: AbortSignal): Promise<boolean> {
    const { drainHook, drainWaitMs } = this.#settings;
    if (drainHook === null) return this.#clock() - drainingSince >= drainWaitMs;
    // A hook that does not answer has not said that the machine is drained.
    return this.#askHook('status', instance, drainingSince, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof HookRefused) throw this.#refused('drain hook', error.message);
      return false;
    });
  }

  async #askHook(action: 'drain' | 'status', instance: Description, drainingSince: number, signal: AbortSignal) {
    const { drainHook, hookLimitMs } = this.#settings;
    if (drainHook === null) return false;
    const { id, logicalId, tags } = instance;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(hookLimitMs)]);
    return askDrainHook(drainHook, { action, instance: { id, logicalId, tags }, drainingSince }, this.#hooks, limit);
  }

  /** Tags the machine and then tells the hook, each time again; the time of the first order stays. */
  async drain(id: string, call: Call): Promise<void> {
    const instance = await this.#find(id, call);
    if (instance === null) return;
    const since = timeIn(instance, MARKS.drain) ?? this.#clock();
    const labels = { [MARKS.drain]: String(since) };
    if (timeIn(instance, MARKS.drain) === null) {
      const params = requests.label(this.#settings.type, id, labels);
      try {
        await this.#call('Label', params, z.unknown(), call);
      } catch (error) {
        if (!(await this.#refusedAsGone(id, error, call))) throw error;
        return;
      }
    }
    try {
      await this.#askHook('drain', { ...instance, tags: { ...instance.tags, ...labels } }, since, call.signal);
    } catch (cause) {
      call.signal.throwIfAborted();
      if (cause instanceof HookRefused) throw this.#refused('drain hook', cause.message);
      const where = { environment: this.#name, operation: 'drain hook' };
      throw new DomainError('ENVIRONMENT_UNAVAILABLE', where, { cause });
    }
  }

  async #call<T>(method: string, params: Parameters<InfrakitClient['call']>[1], result: z.ZodType<T>, limits: Limits) {
    try {
      if (!this.#known) await this.#client.check(this.#settings.type, limits);
      this.#known = true;
      return await this.#client.call(`Instance.${method}`, params, result, limits);
    } catch (error) {
      // Whoever answers next may be another plugin.
      if (isDomainError(error) && error.code === 'ENVIRONMENT_UNAVAILABLE') this.#known = false;
      throw error;
    }
  }

  #refused(operation: string, message: string): DomainError {
    return new DomainError('ENVIRONMENT_REFUSED', { environment: this.#name, operation, message });
  }
}

function carries(tags: Description['tags'], labels: Description['tags']): boolean {
  return Object.entries(labels).every(([name, value]) => tags[name] === value);
}

function logicalIdOf({ logicalId, tags }: Description): string | null {
  return tags[MARKS.logicalId] ?? logicalId;
}

function timeIn({ tags }: Description, mark: string): number | null {
  const text = tags[mark] ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
