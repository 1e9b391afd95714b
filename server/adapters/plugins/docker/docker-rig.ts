import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerSpec } from '../../../contract/docker-spec.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { DomainError } from '../../../domain/errors.ts';
import { canonical } from '../../../domain/instance/canonical.ts';
import type { ClusterCatalog, DeclaredCluster } from '../../../domain/instance/cluster-catalog.ts';
import type { Spec } from '../../../domain/instance/plugin.ts';
import type { DrainPace, Rig } from '../../environments/conformance.ts';
import { PluginEnvironment } from '../../environments/plugin/plugin-environment.ts';
import type { SecretTexts } from './certificates.ts';
import { DOCKER_CAPABILITIES, DockerPlugin } from './docker-plugin.ts';
import { Engine } from './engine.ts';
import type { TestEngine } from './test-daemon.ts';

const LOOK_MS = 100;
const PACES: Record<DrainPace, string> = {
  quick: 'trap "exit 0" TERM; while :; do sleep 0.05; done',
  slow: 'trap "sleep 1; exit 0" TERM; while :; do sleep 0.05; done',
  stuck: 'trap "" TERM; while :; do sleep 0.5; done',
};

/** Of a console where no secret is set. */
export const noSecrets: SecretTexts = async () => new Map();

let rigs = 0;

/** A rig of real containers, with what tests of the Docker back end need beyond the conformance suite. */
export interface DockerRig extends Rig {
  readonly environmentId: string;
  /** Of the engine itself, or of what stands before it at the socket. */
  newPlugin(socket?: string): DockerPlugin;
  readonly spec: DockerSpec;
}

class LossyPlugin extends DockerPlugin {
  lose: Call | 'next' | null = null;

  override async provision(spec: Spec, call: Call): Promise<string> {
    if (this.lose === 'next') this.lose = call;
    const id = await super.provision(spec, call);
    if (this.lose === call)
      throw new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: 'rig', operation: 'provision' });
    return id;
  }
}

/** Clusters that a test declares. */
class TestCatalog implements ClusterCatalog {
  readonly clusters = new Map<string, Omit<DeclaredCluster, 'config'>>();

  async byId(id: string): Promise<DeclaredCluster> {
    const cluster = this.clusters.get(id);
    if (!cluster) throw new DomainError('CLUSTER_UNKNOWN', { id });
    return { ...cluster, config: createHash('sha256').update(canonical(cluster.spec)).digest('hex') };
  }

  async byName(name: string): Promise<DeclaredCluster> {
    const found = [...this.clusters.values()].find((cluster) => cluster.name === name);
    return this.byId(found?.id ?? name);
  }
}

export async function dockerRig(engine: TestEngine): Promise<DockerRig> {
  rigs += 1;
  const environmentId = `rig-${rigs}`;
  const settings = { minHealthyMs: 200, network: 'host' };
  const engineAt = (socket: string) => new Engine('rig', { address: `unix://${socket}`, tls: null }, noSecrets);
  const plugin = new LossyPlugin({ engine: engineAt(engine.socket), environmentId, settings });
  const catalog = new TestCatalog();
  const spec: DockerSpec = { image: engine.image, command: ['sh', '-c', PACES.quick], env: {}, init: false };
  const declare = (changed: DockerSpec) => {
    for (const name of ['web', 'api']) {
      catalog.clusters.set(`c-${name}`, { id: `c-${name}`, name, spec: changed, minSize: 0, maxSize: 12 });
    }
  };
  declare(spec);
  const environment = new PluginEnvironment('docker', plugin, catalog, {
    clock: Date.now,
    capabilities: DOCKER_CAPABILITIES,
  });
  const label = `roundhouse.environment=${environmentId}`;
  const containers = (...labels: readonly string[]) =>
    engine.docker.listContainers({ all: true, filters: { label: [label, ...labels] } });
  const containerOf = async (id: string) => {
    const [container] = await containers(`roundhouse.id=${id}`);
    return engine.docker.getContainer(container?.Id ?? id);
  };

  return {
    environment,
    environmentId,
    clusterId: 'c-web',
    clusterName: 'web',
    otherClusterId: 'c-api',
    now: Date.now,
    moment: () => sleep(LOOK_MS),
    patience: 200,
    spec,
    newPlugin: (socket = engine.socket) => new DockerPlugin({ engine: engineAt(socket), environmentId, settings }),
    async changeSpec() {
      declare({ ...spec, env: { VERSION: '2' } });
      return (await catalog.byId('c-web')).config;
    },
    async setDrainPace(pace) {
      declare({ ...spec, command: ['sh', '-c', PACES[pace]] });
    },
    async loseNextAnswer() {
      plugin.lose = 'next';
    },
    async killInstance(id) {
      const container = await containerOf(id);
      await container.kill({ signal: 'SIGKILL' });
      await container.wait();
    },
    async removeInstance(id) {
      await (await containerOf(id)).remove({ force: true });
    },
    async close() {
      const components = await engine.docker.listContainers({ all: true, filters: { label: ['roundhouse.machine'] } });
      for (const { Id } of [...components, ...(await containers())])
        await engine.docker.getContainer(Id).remove({ force: true, v: true });
      const { Volumes } = await engine.docker.listVolumes({ filters: JSON.stringify({ label: [label] }) });
      for (const { Name } of Volumes ?? []) await engine.docker.getVolume(Name).remove();
      const volumes = (await engine.docker.listVolumes()).Volumes ?? [];
      const left = await engine.docker.listContainers({ all: true });
      return [...left.map(({ Names }) => `container ${Names}`), ...volumes.map(({ Name }) => `volume ${Name}`)];
    },
  };
}
