import type { DockerSettings } from '../../../contract/docker-settings.ts';
import type { ConnectionStep } from '../../../domain/instance/connection.ts';
import type { Engine, Request } from './engine.ts';

/** The oldest interface that the product is made for, of engines from 20.10 on. */
const LEAST_API = '1.41';
/** Every engine has these. */
const BUILT_IN: readonly string[] = ['bridge', 'host', 'none'];

/** What no engine has: what is asked of it has no effect where it is allowed. */
const NOTHING = 'roundhouse-no-such-thing';

/** What an environment needs of its engine; each right is tried with the request that it is needed for, made harmless. */
export function dockerConnection(engine: Engine, { address, network }: DockerSettings): ConnectionStep[] {
  const allowed = (what: string, request: Request<unknown>): ConnectionStep => ({
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
    allowed('Containers can be listed', (docker) => docker.listContainers({ all: true, limit: 1 })),
    allowed('Containers can be inspected', (docker) => docker.getContainer(NOTHING).inspect()),
    allowed('Containers can be created', (docker) => docker.createContainer({ Image: NOTHING })),
    allowed('Containers can be started', (docker) => docker.getContainer(NOTHING).start()),
    allowed('Containers can be told to end', (docker) => docker.getContainer(NOTHING).kill({ signal: 'SIGTERM' })),
    allowed('Containers can be renamed', (docker) => docker.getContainer(NOTHING).rename({ name: NOTHING })),
    allowed('Containers can be waited for', (docker) => docker.getContainer(NOTHING).wait()),
    allowed('Containers can be removed', (docker) => docker.getContainer(NOTHING).remove()),
    allowed('Logs can be read', (docker) => docker.getContainer(NOTHING).logs({ stdout: true, follow: false })),
    allowed('Files can be put into containers', (docker) =>
      docker.getContainer(NOTHING).putArchive(Buffer.alloc(0), { path: '/' }),
    ),
    allowed('Images can be inspected', (docker) => docker.getImage(NOTHING).inspect()),
    allowed('Volumes can be listed', (docker) => docker.listVolumes()),
    allowed('Volumes can be inspected', (docker) => docker.getVolume(NOTHING).inspect()),
    allowed('Volumes can be removed', (docker) => docker.getVolume(NOTHING).remove()),
    allowed('The engine tells of itself', (docker) => docker.info()),
    {
      what: 'Events can be followed',
      async attempt(signal) {
        const past = await engine.ask('follow events', { signal }, (docker) =>
          docker.getEvents({ since: 0, until: 1 }),
        );
        past?.on('error', () => undefined).resume();
        return null;
      },
    },
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
