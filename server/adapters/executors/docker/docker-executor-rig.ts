import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution, MachineRef } from '../../../domain/execution/execution.ts';
import { type DockerRig, dockerRig, noSecrets } from '../../plugins/docker/docker-rig.ts';
import { Engine } from '../../plugins/docker/engine.ts';
import type { TestEngine } from '../../plugins/docker/test-daemon.ts';
import type { ExecutorRig } from '../conformance.ts';
import type { Dependencies } from '../process/process-executor.ts';
import { DockerExecutor } from './docker-executor.ts';

const never = new AbortController().signal;
const GRACE_MS = 300;
const SERVE =
  'mkdir -p /tmp/www; echo \'{"healthy":true}\' > /tmp/www/health; exec httpd -f -p 127.0.0.1:$PORT -h /tmp/www';

export interface DockerExecutorRig extends ExecutorRig {
  readonly docker: DockerRig;
  /** Of the engine itself, or of what stands before it at the socket. */
  newExecutor(socket?: string, network?: string): DockerExecutor;
}

/** Components of real containers. */
export async function dockerExecutorRig(engine: TestEngine): Promise<DockerExecutorRig> {
  const docker = await dockerRig(engine);
  const plugin = docker.newPlugin();
  const secrets = new Map([
    ['token', 'squeamish ossifrage'],
    ['other-token', 'not to be seen'],
    ['../configs/led-astray', 'out of its place'],
  ]);
  const configs = new Map([
    ['settings.json', '{"a":1}'],
    ['other.json', '{}'],
  ]);
  const dependenciesOf = async ({ name }: Execution): Promise<Dependencies> => ({
    label: `${name} of a test`,
    secrets: { get: async (secret) => bytes(secrets.get(secret)) },
    configs: { get: async (config) => bytes(configs.get(config)) },
  });
  const address = `unix://${engine.socket}`;
  const call = () => ({ token: 'test', deadline: Date.now() + 20_000, signal: never });
  let machines = 0;
  return {
    docker,
    secrets,
    configs,
    graceMs: GRACE_MS,
    newExecutor: (socket = engine.socket, network = 'host') =>
      new DockerExecutor({
        engine: new Engine('rig', { address: `unix://${socket}`, tls: null }, noSecrets),
        environmentId: docker.environmentId,
        settings: { address, network },
        dependenciesOf,
        graceMs: GRACE_MS,
      }),
    async newMachine() {
      machines += 1;
      const properties = { ...docker.spec, command: ['sleep', '600'], init: true };
      const spec = { properties, tags: {}, init: '', logicalId: `machine-${machines}`, attachments: [] };
      const instanceId = await plugin.provision(spec, call());
      const inService = async () => (await plugin.status([instanceId], never)).get(instanceId)?.health === 'healthy';
      for (const end = Date.now() + 15_000; !(await inService()); await sleep(20)) {
        if (Date.now() > end) throw new Error('The machine does not come into service.');
      }
      return { environmentId: docker.environmentId, clusterId: 'c-web', instanceId } satisfies MachineRef;
    },
    removeMachine: ({ instanceId }) => plugin.destroy(instanceId, 'terminate', call()),
    script: (text) => ({ image: engine.image, command: ['sh', '-c', text] }),
    server: { image: engine.image, command: ['sh', '-c', SERVE] },
    unsupported: { image: 'no image at all', command: [] },
    ambient: ['PATH', 'HOSTNAME', 'HOME'],
    close: () => docker.close(),
  };
}

function bytes(text: string | undefined): Uint8Array | null {
  return text === undefined ? null : new TextEncoder().encode(text);
}
