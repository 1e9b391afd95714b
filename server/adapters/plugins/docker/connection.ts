import type { DockerSettings } from '../../../contract/docker-settings.ts';
import type { ConnectionStep } from '../../../domain/instance/connection.ts';
import type { Engine, Request } from './engine.ts';

/** The oldest interface that the product is made for, of engines from 20.10 on. */
const LEAST_API = '1.41';
/** Every engine has these. */
const BUILT_IN: readonly string[] = ['bridge', 'host', 'none'];

/** What an environment needs of its engine; each right is tried with the harmless request that it is needed for. */
export function dockerConnection(engine: Engine, { address, network }: DockerSettings): ConnectionStep[] {
  const reads = (what: string, request: Request<unknown>): ConnectionStep => ({
    what,
    async attempt(signal) {
      await engine.ask(what, { signal }, request, [404]);
      return null;
    },
  });
  return [
    {
      what: `The engine at ${address} answers`,
      isGround: true,
      async attempt(signal) {
        await engine.ask('ping', { signal }, (docker) => docker.ping());
        return null;
      },
    },
    {
      what: `Its interface is ${LEAST_API} or later`,
      async attempt(signal) {
        const version = await engine.ask('version', { signal }, (docker) => docker.version());
        const { Version = 'of no version', ApiVersion = '0' } = version ?? {};
        if (isOlder(ApiVersion, LEAST_API))
          throw new Error(`This engine has ${ApiVersion}: use Docker 20.10 or later.`);
        return `Docker ${Version}, interface ${ApiVersion}`;
      },
    },
    reads('Containers can be listed', (docker) => docker.listContainers({ all: true, limit: 1 })),
    reads('Images can be inspected', (docker) => docker.getImage('roundhouse-no-such-image').inspect()),
    reads('Volumes can be listed', (docker) => docker.listVolumes()),
    reads('The engine tells of itself', (docker) => docker.info()),
    ...(BUILT_IN.includes(network) ? [] : [networkExists(engine, network)]),
  ];
}

function networkExists(engine: Engine, network: string): ConnectionStep {
  return {
    what: `The network ${network} is there`,
    async attempt(signal) {
      const found = await engine.ask(
        'inspect a network',
        { signal },
        (docker) => docker.getNetwork(network).inspect(),
        [404],
      );
      if (found === null) throw new Error(`The engine has no network ${network}: docker network create ${network}`);
      return null;
    },
  };
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = than.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
