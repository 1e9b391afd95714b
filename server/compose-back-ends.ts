import { PluginEnvironment } from './adapters/environments/plugin/plugin-environment.ts';
import { DockerExecutor } from './adapters/executors/docker/docker-executor.ts';
import { ProcessExecutor, type ProcessExecutorOptions } from './adapters/executors/process/process-executor.ts';
import { RoutedExecutor } from './adapters/executors/routed-executor.ts';
import type { SecretTexts } from './adapters/plugins/docker/certificates.ts';
import { dockerConnection } from './adapters/plugins/docker/connection.ts';
import { DOCKER_CAPABILITIES, DockerPlugin } from './adapters/plugins/docker/docker-plugin.ts';
import { Engine } from './adapters/plugins/docker/engine.ts';
import { infrakitConnection } from './adapters/plugins/infrakit/connection.ts';
import { InfrakitPlugin, infrakitCapabilities } from './adapters/plugins/infrakit/infrakit-plugin.ts';
import { localConnection } from './adapters/plugins/local/connection.ts';
import { LOCAL_CAPABILITIES, LocalPlugin } from './adapters/plugins/local/local-plugin.ts';
import { SimulatorPlugin } from './adapters/plugins/simulator/simulator-plugin.ts';
import type { FleetStore } from './adapters/postgres/fleet-store.ts';
import type { PrismaClient } from './adapters/postgres/generated/client.ts';
import type { EnvironmentKind } from './contract/cluster.ts';
import { dockerSettingsSchema } from './contract/docker-settings.ts';
import type { ConnectionTest } from './contract/environment.ts';
import type { HookRules } from './contract/hooks.ts';
import { infrakitSettingsSchema } from './contract/infrakit-settings.ts';
import { simulatorSettingsSchema } from './contract/simulator-settings.ts';
import type { EnvironmentRecord } from './domain/cluster/fleet.ts';
import type { Environment } from './domain/cycle/environment.ts';
import { DomainError } from './domain/errors.ts';
import type { Executor } from './domain/execution/executor.ts';
import type { ConnectionStep } from './domain/instance/connection.ts';
import type { InstancePlugin, Json, MachineStatus } from './domain/instance/plugin.ts';

/** What plugins stand on. */
interface PluginStands {
  readonly database: PrismaClient;
  readonly dataDirectory: string;
  readonly hooks: HookRules;
  readonly secretTexts: SecretTexts;
}

/** What a test of a connection stands on. */
type TestStands = Omit<PluginStands, 'database'>;

type Capabilities = Environment['capabilities'];

interface BackEnd {
  capabilities(settings: Json): Capabilities;
  plugin(record: EnvironmentRecord, stands: PluginStands): InstancePlugin & MachineStatus;
  /** What has to be so that it can be driven, to be tried on the worker. */
  connection(test: ConnectionTest, stands: TestStands): readonly ConnectionStep[];
}

const SIMULATOR_CAPABILITIES: Capabilities = {
  undrain: true,
  close: true,
  suspend: true,
  unprotect: true,
  token: 'atomic',
  observesDrain: true,
};

const backEnds = {
  local: {
    capabilities: () => LOCAL_CAPABILITIES,
    plugin: ({ id }, { dataDirectory }) => new LocalPlugin({ environmentId: id, dataDirectory }),
    connection: (_, { dataDirectory }) => localConnection(dataDirectory),
  },
  simulator: {
    capabilities: () => SIMULATOR_CAPABILITIES,
    plugin: ({ id, name, settings }, { database }) =>
      new SimulatorPlugin({ database, environmentId: id, name, settings: simulatorSettingsSchema.parse(settings) }),
    // Its world is in the database, which the worker has asked for the test.
    connection: () => [],
  },
  infrakit: {
    capabilities: (settings) => infrakitCapabilities(infrakitSettingsSchema.parse(settings)),
    plugin: ({ name, settings }, { hooks }) =>
      new InfrakitPlugin({ name, settings: infrakitSettingsSchema.parse(settings), hooks }),
    connection: ({ name, settings }, { hooks }) =>
      infrakitConnection(name, infrakitSettingsSchema.parse(settings), hooks),
  },
  docker: {
    capabilities: () => DOCKER_CAPABILITIES,
    plugin: ({ id, name, settings }, { secretTexts }) => {
      const docker = dockerSettingsSchema.parse(settings);
      return new DockerPlugin({ engine: new Engine(name, docker, secretTexts), environmentId: id, settings: docker });
    },
    connection: ({ name, settings }, { secretTexts }) => {
      const docker = dockerSettingsSchema.parse(settings);
      return dockerConnection(new Engine(name, docker, secretTexts), docker);
    },
  },
} satisfies Record<EnvironmentKind, BackEnd>;

const BY_KIND: Readonly<Partial<Record<string, BackEnd>>> = backEnds;

/** Of an environment that is set so; null for a kind that nothing drives. */
export function capabilitiesOf({ kind, settings }: Pick<EnvironmentRecord, 'kind' | 'settings'>): Capabilities | null {
  return BY_KIND[kind]?.capabilities(settings) ?? null;
}

/** Throws NOT_SUPPORTED for a kind that nothing drives. */
export function connectionSteps(test: ConnectionTest, stands: TestStands): readonly ConnectionStep[] {
  return drivenBy(test).connection(test, stands);
}

function drivenBy({ kind, name }: { readonly kind: string; readonly name: string }): BackEnd {
  const backEnd = BY_KIND[kind];
  if (backEnd !== undefined) return backEnd;
  throw new DomainError('NOT_SUPPORTED', { environment: name, operation: `drive the kind ${kind}` });
}

/** The back end of an environment; one object for each, so that what it remembers is shared. */
export function environments(
  stands: PluginStands & { readonly fleet: FleetStore },
  decorate: (environment: Environment, id: string) => Environment,
): (record: EnvironmentRecord) => Environment {
  return perSettings((record) => {
    const { id, name, settings } = record;
    const backEnd = drivenBy(record);
    const plain = new PluginEnvironment(name, backEnd.plugin(record, stands), stands.fleet.catalog(id), {
      clock: Date.now,
      capabilities: backEnd.capabilities(settings),
    });
    return decorate(plain, id);
  });
}

/** Where the components of sessions run, by the environment of their machine, whose kind never changes. */
export function executors(
  fleet: FleetStore,
  {
    dataDirectory,
    secretTexts,
    dependenciesOf,
  }: Pick<PluginStands, 'dataDirectory' | 'secretTexts'> & Pick<ProcessExecutorOptions, 'dependenciesOf'>,
): Executor {
  const local = new ProcessExecutor({ dataDirectory, dependenciesOf });
  const locals = new Set<string>();
  const docker = perSettings<Executor>(({ id, name, settings }) => {
    const parsed = dockerSettingsSchema.parse(settings);
    return new DockerExecutor({
      engine: new Engine(name, parsed, secretTexts),
      environmentId: id,
      settings: parsed,
      dependenciesOf,
    });
  });
  return new RoutedExecutor(local, async ({ environmentId }) => {
    if (locals.has(environmentId)) return local;
    const record = await fleet.environment(environmentId);
    if (record.kind === 'docker') return docker(record);
    locals.add(environmentId);
    return local;
  });
}

/** One object for each environment, made anew when its settings have changed. */
function perSettings<Made>(make: (record: EnvironmentRecord) => Made): (record: EnvironmentRecord) => Made {
  const known = new Map<string, { readonly settings: string; readonly made: Made }>();
  return (record) => {
    const settings = JSON.stringify(record.settings);
    const before = known.get(record.id);
    if (before?.settings === settings) return before.made;
    const made = make(record);
    known.set(record.id, { settings, made });
    return made;
  };
}
