import { wholeSettings } from '../contract/environment-settings.ts';
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
  create(environment: EnvironmentRecord, actor: Actor, requestId: string): Promise<void>;
  /** Throws CONFLICT where what is set is not what is expected. */
  update(
    change: Partial<EnvironmentSetting> & { readonly environmentId: string },
    actor: Actor,
    requestId: string,
    expected: Partial<EnvironmentSetting>,
  ): Promise<void>;
}

/** Where a local environment is to be. */
export interface LocalHost {
  readonly hostId: string;
  readonly hostName: string;
}

export interface InstallationPorts {
  readonly store: {
    read(): Promise<StoredInstallation>;
    /** Works while nobody else does; throws CONFLICT where somebody else does now. */
    alone<T>(work: () => Promise<T>): Promise<T>;
  };
  readonly clusters: Pick<ClusterService, 'declare' | 'edit' | 'remove'>;
  readonly environments: EnvironmentCommands;
  readonly specProblem: ConfigRules['specProblem'];
  /** The host for a new local environment, or why there is none. */
  readonly localHost: () => Promise<LocalHost | string>;
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
      const { compared, localHost } = await this.#compare(installation);
      if (fingerprintOf(compared) !== fingerprint) return { kind: 'changed-since', preview: view(compared) };
      return { kind: 'applied', results: await this.#carryOut(compared, localHost, actor, requestId) };
    });
  }

  /** Applies whatever there is to change. Throws INVALID_INPUT, or CONFLICT while somebody else applies. */
  applyUnseen(text: string, actor: Actor, requestId: string): Promise<readonly InstallationResult[]> {
    const installation = readWhole(text);
    return this.#ports.store.alone(async () => {
      const { compared, localHost } = await this.#compare(installation);
      return this.#carryOut(compared, localHost, actor, requestId);
    });
  }

  async export(): Promise<InstallationExport> {
    const { environments, clusters } = await this.#ports.store.read();
    return writeInstallation({ environments, clusters, absent: [] });
  }

  async #compare(declared: Installation): Promise<{ compared: ConfigChanges; localHost: LocalHost | string }> {
    const { store, specProblem } = this.#ports;
    const stored = await store.read();
    const localHost = await this.#ports.localHost();
    const environmentProblem = (kind: string) => (kind === 'local' && typeof localHost === 'string' ? localHost : null);
    return {
      compared: configChanges(inTermsOf(stored, declared), stored, { specProblem, environmentProblem }),
      localHost,
    };
  }

  /** In order; the first that fails is the last that is tried. */
  async #carryOut(
    { changes }: ConfigChanges,
    localHost: LocalHost | string,
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
          await this.#do(change.step, created, localHost, actor, requestId);
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
    localHost: LocalHost | string,
    actor: Actor,
    requestId: string,
  ): Promise<void> {
    const { clusters, environments, store } = this.#ports;
    switch (step.kind) {
      case 'create-environment': {
        const record = this.#recordOf(step.environment, localHost);
        await environments.create(record, actor, requestId);
        created.set(record.name, record.id);
        return;
      }
      case 'edit-environment': {
        const { environmentId, before, after } = step;
        return environments.update({ environmentId, ...after }, actor, requestId, before);
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

  #recordOf(environment: EnvironmentDeclaration, localHost: LocalHost | string): EnvironmentRecord {
    const id = newId('env', this.#ports.clock());
    const host =
      environment.kind === 'local' && typeof localHost !== 'string' ? localHost : { hostId: null, hostName: null };
    return { ...environment, ...host, id };
  }
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

/** With everything that the defaults say; what is stored says the same when it leaves them out, and is kept so. */
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
      return { ...cluster, spec: kept((value) => wholeSpec(kind, value), cluster.spec, before?.spec) };
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
