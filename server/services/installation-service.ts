import type { WorkerHost } from '../contract/environment.ts';
import { isOfOneHost, wholeSettings } from '../contract/environment-settings.ts';
import type {
  ConfiguredFile,
  InstallationChange,
  InstallationExport,
  InstallationOutcome,
  InstallationPreview,
  InstallationResult,
} from '../contract/installation.ts';
import { readInstallation, wholeSpec, writeInstallation } from '../contract/roundhouse-yaml.ts';
import type { Actor } from '../domain/activity/activity.ts';
import type { EnvironmentRecord } from '../domain/cluster/fleet.ts';
import { DomainError, isDomainError } from '../domain/errors.ts';
import {
  type ConfigChange,
  type ConfigChanges,
  type ConfigRules,
  type ConfigStep,
  configChanges,
} from '../domain/installation/config-changes.ts';
import {
  type EnvironmentDeclaration,
  type EnvironmentSetting,
  fullName,
  type Installation,
  type StoredInstallation,
} from '../domain/installation/installation.ts';
import { canonical } from '../domain/instance/canonical.ts';
import type { Json } from '../domain/instance/plugin.ts';
import type { ClusterService } from './cluster-service.ts';
import { newId } from './new-id.ts';
import { sha256 } from './sha256.ts';

export interface EnvironmentCommands {
  /** Throws CONFLICT where there is an environment of that name. */
  create(environment: Omit<EnvironmentRecord, 'disabledAt'>, actor: Actor, requestId: string): Promise<void>;
  /** Throws CONFLICT where what is set is not what is expected. */
  update(
    change: Partial<EnvironmentSetting> & { readonly environmentId: string },
    actor: Actor,
    requestId: string,
    expected: Partial<EnvironmentSetting>,
    host?: EnvironmentHost,
  ): Promise<void>;
}

/** Whose workers drive an environment; null: any. */
export type EnvironmentHost = Pick<EnvironmentRecord, 'hostId' | 'hostName'>;

export interface InstallationPorts {
  readonly store: {
    read(): Promise<StoredInstallation>;
    /** Works while nobody else does; throws CONFLICT where somebody else does now. */
    alone<T>(work: () => Promise<T>): Promise<T>;
  };
  readonly clusters: Pick<ClusterService, 'declare' | 'edit' | 'remove'>;
  readonly environments: EnvironmentCommands;
  readonly specProblem: ConfigRules['specProblem'];
  /** The host for an environment that only one host reaches, or why there is none. */
  readonly workerHost: () => Promise<WorkerHost | string>;
  /** Why real processes may not be started on this host; null where they may. */
  readonly localProblem: string | null;
  readonly configured: () => Promise<ConfiguredFile | null>;
  readonly clock: () => number;
}

/** Environments and clusters as one file: what it would change, doing it, and the file of what is stored. */
export class InstallationService {
  readonly #ports: InstallationPorts;

  constructor(ports: InstallationPorts) {
    this.#ports = ports;
  }

  /** The file that the workers start with; null where there is none. */
  configured(): Promise<ConfiguredFile | null> {
    return this.#ports.configured();
  }

  async preview(text: string): Promise<InstallationPreview> {
    const { installation, problems } = readInstallation(text);
    if (installation === null) return { problems, fingerprint: '', changes: [], notInFile: [] };
    return view((await this.#compare(installation)).compared);
  }

  /** Applies what a preview with this fingerprint showed. Throws INVALID_INPUT, or CONFLICT while somebody else applies. */
  apply(text: string, fingerprint: string, actor: Actor, requestId: string): Promise<InstallationOutcome> {
    const installation = readWhole(text);
    return this.#ports.store.alone(async () => {
      const { compared, host } = await this.#compare(installation);
      if (fingerprintOf(compared) !== fingerprint) return { kind: 'changed-since', preview: view(compared) };
      return { kind: 'applied', results: await this.#carryOut(compared, host, actor, requestId) };
    });
  }

  /** Applies whatever there is to change. Throws INVALID_INPUT, or CONFLICT while somebody else applies. */
  applyUnseen(text: string, actor: Actor, requestId: string): Promise<readonly InstallationResult[]> {
    const installation = readWhole(text);
    return this.#ports.store.alone(async () => {
      const { compared, host } = await this.#compare(installation);
      return this.#carryOut(compared, host, actor, requestId);
    });
  }

  async export(): Promise<InstallationExport> {
    const { environments, clusters } = await this.#ports.store.read();
    return writeInstallation({ environments, clusters, absent: [] });
  }

  async #compare(declared: Installation): Promise<{ compared: ConfigChanges; host: WorkerHost | string }> {
    const { store, specProblem, workerHost, localProblem } = this.#ports;
    const stored = await store.read();
    const host = await workerHost();
    const environmentProblem = (kind: string, settings: Json) => {
      if (!isOfOneHost(kind, settings)) return null;
      return (kind === 'local' ? localProblem : null) ?? (typeof host === 'string' ? host : null);
    };
    return {
      compared: configChanges(inTermsOf(stored, declared), stored, { specProblem, environmentProblem }),
      host,
    };
  }

  /** In order; the first that fails is the last that is tried. */
  async #carryOut(
    { changes }: ConfigChanges,
    host: WorkerHost | string,
    actor: Actor,
    requestId: string,
  ): Promise<InstallationResult[]> {
    const results: InstallationResult[] = [];
    const created = new Map<string, string>();
    for (const change of changes) {
      const result = { ...viewChange(change), failure: null };
      if (results.some(({ outcome }) => outcome === 'failed')) results.push({ ...result, outcome: 'not-tried' });
      else if (change.held !== null) results.push({ ...result, outcome: 'held' });
      else {
        try {
          await this.#do(change.step, created, host, actor, requestId);
          results.push({ ...result, outcome: 'done' });
        } catch (error) {
          if (!isDomainError(error)) throw error;
          results.push({ ...result, outcome: 'failed', failure: failureOf(error) });
        }
      }
    }
    return results;
  }

  async #do(
    step: ConfigStep,
    created: Map<string, string>,
    host: WorkerHost | string,
    actor: Actor,
    requestId: string,
  ): Promise<void> {
    const { clusters, environments, store } = this.#ports;
    switch (step.kind) {
      case 'create-environment': {
        const record = this.#recordOf(step.environment, host);
        await environments.create(record, actor, requestId);
        created.set(record.name, record.id);
        return;
      }
      case 'edit-environment': {
        const { environmentId, before, after } = step;
        return environments.update({ environmentId, ...after }, actor, requestId, before, movedTo(step, host));
      }
      case 'declare-cluster': {
        const { environment, ...declaration } = step.cluster;
        const environmentId = created.get(environment) ?? (await environmentIdOf(store, environment));
        await clusters.declare({ ...declaration, environmentId }, actor, requestId);
        return;
      }
      case 'edit-cluster':
        return clusters.edit(step.clusterId, step.after, actor, requestId, step.before);
      case 'remove-cluster':
        return clusters.remove(step.clusterId, actor, requestId);
    }
  }

  #recordOf(environment: EnvironmentDeclaration, host: WorkerHost | string): Omit<EnvironmentRecord, 'disabledAt'> {
    const { kind, settings } = environment;
    return { ...environment, ...hostOf(kind, settings, host), id: newId('env', this.#ports.clock()) };
  }
}

/** Another host where the settings make it belong to one, or no longer; else it stays where it is. */
function movedTo({ of: kind, before, after }: ConfigStep & { kind: 'edit-environment' }, host: WorkerHost | string) {
  if (before.settings === undefined || after.settings === undefined) return undefined;
  if (isOfOneHost(kind, before.settings) === isOfOneHost(kind, after.settings)) return undefined;
  return hostOf(kind, after.settings, host);
}

/** A change for which there is no host is held, so it does not come to this. */
function hostOf(kind: string, settings: Json, host: WorkerHost | string): EnvironmentHost {
  return isOfOneHost(kind, settings) && typeof host !== 'string' ? host : { hostId: null, hostName: null };
}

async function environmentIdOf({ read }: InstallationPorts['store'], name: string): Promise<string> {
  const found = (await read()).environments.find((one) => one.name === name);
  if (found === undefined) throw new DomainError('NOT_FOUND', { kind: 'environment', id: name });
  return found.id;
}

function readWhole(text: string): Installation {
  const { installation, problems } = readInstallation(text);
  if (installation !== null) return installation;
  const [first] = problems;
  const where = first?.line === undefined || first.line === null ? '' : `line ${first.line}: `;
  throw new DomainError('INVALID_INPUT', { field: 'text', message: `${where}${first?.path} ${first?.message}` });
}

/**
 * With everything that the defaults say, and the digest that a worker has written behind a tag; what is stored says the
 * same when it leaves defaults out, and is kept so.
 */
function inTermsOf(stored: StoredInstallation, declared: Installation): Installation {
  const kinds = new Map([...declared.environments, ...stored.environments].map(({ name, kind }) => [name, kind]));
  const kept = (asWhole: (value: Json) => Json, value: Json, before: Json | undefined) =>
    before !== undefined && canonical(asWhole(before)) === canonical(asWhole(value)) ? before : asWhole(value);
  return {
    ...declared,
    environments: declared.environments.map((environment) => {
      const before = stored.environments.find(({ name }) => name === environment.name);
      const settings = kept((value) => wholeSettings(environment.kind, value), environment.settings, before?.settings);
      return { ...environment, settings };
    }),
    clusters: declared.clusters.map((cluster) => {
      const before = stored.clusters.find((one) => fullName(one) === fullName(cluster));
      const kind = kinds.get(cluster.environment) ?? '';
      const spec = kept((value) => wholeSpec(kind, value, before?.spec), cluster.spec, before?.spec);
      return { ...cluster, spec };
    }),
  };
}

function view(compared: ConfigChanges): InstallationPreview {
  const { changes, notInFile } = compared;
  return { problems: [], fingerprint: fingerprintOf(compared), changes: changes.map(viewChange), notInFile };
}

function viewChange({ step, name, sentence, fields, held }: ConfigChange): InstallationChange {
  return { kind: step.kind, name, sentence, fields, held };
}

function fingerprintOf({ changes }: ConfigChanges): string {
  return sha256(canonical(changes)).slice(0, 16);
}

/** In words that follow a colon. */
function failureOf({ code, details, message }: DomainError): string {
  if ('message' in details) return 'field' in details ? `${details.field}: ${details.message}` : details.message;
  if (code === 'CYCLE_ACTIVE') return 'a cycle of this cluster is active';
  return message;
}
