import { expect, test } from 'vitest';
import { dockerSettingsSchema } from '../../../contract/docker-settings.ts';
import { findingsOf } from '../../../domain/instance/connection.ts';
import { dockerConnection } from './connection.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { noSecrets } from './docker-rig.ts';
import { Engine } from './engine.ts';
import { withTestEngine } from './test-engine.ts';

async function findings(socket: string, network = 'host') {
  const settings = dockerSettingsSchema.parse({ address: `unix://${socket}`, network });
  return findingsOf(dockerConnection(new Engine('lab', settings, noSecrets), settings), AbortSignal.timeout(10_000));
}
const missing = (found: Awaited<ReturnType<typeof findings>>) =>
  found.flatMap(({ what, problem }) => (problem === null ? [] : [[what, problem]]));

test('where nothing is at the address, that is all that is said', async () => {
  expect(missing(await findings('/nowhere/docker.sock'))).toEqual([
    ['The engine at unix:///nowhere/docker.sock answers', expect.stringContaining('ENOENT')],
  ]);
});

await withTestEngine('the test of an engine', (engine) => {
  test('finds nothing missing where all is there, and tells the version', async () => {
    const found = await findings(engine.socket);
    expect(missing(found)).toEqual([]);
    expect(found.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(/^Docker .+, interface 1\.\d+$/));
  });

  test('names each right that the engine refuses', async () => {
    const proxy = await cuttingProxy(engine.socket);
    try {
      proxy.fate = (_, url) =>
        url.includes('/images/') ? { status: 403, message: 'images are forbidden' } : 'answered';
      expect(missing(await findings(proxy.socket))).toEqual([
        ['Images can be inspected', 'The engine says: images are forbidden'],
      ]);
    } finally {
      await proxy.close();
    }
  });

  test('leaves nothing behind, and finds each right to change something', async () => {
    const before = await engine.docker.listContainers({ all: true });
    const proxy = await cuttingProxy(engine.socket);
    try {
      proxy.fate = (method) => (method === 'GET' ? 'answered' : { status: 403, message: 'only reading is allowed' });
      expect(missing(await findings(proxy.socket)).map(([what]) => what)).toEqual([
        'Containers can be created',
        'Containers can be started',
        'Containers can be told to end',
        'Containers can be renamed',
        'Containers can be waited for',
        'Containers can be removed',
        'Files can be put into containers',
        'Volumes can be removed',
      ]);
      proxy.fate = (_, url) => (url.includes('/events') ? { status: 403, message: 'no events' } : 'answered');
      expect(missing(await findings(proxy.socket))).toEqual([
        ['Events can be followed', expect.stringContaining('no events')],
      ]);
    } finally {
      await proxy.close();
    }
    expect(await engine.docker.listContainers({ all: true })).toEqual(before);
  });

  test('names an engine that is too old', async () => {
    const proxy = await cuttingProxy(engine.socket);
    try {
      proxy.fate = (_, url) => (url.includes('/version') ? { status: 200, message: 'of long ago' } : 'answered');
      expect(missing(await findings(proxy.socket))).toEqual([
        ['Its interface is 1.41 or later', expect.stringContaining('use Docker 20.10 or later')],
      ]);
    } finally {
      await proxy.close();
    }
  });

  test('names a network that is not there, and how to make it', async () => {
    expect(missing(await findings(engine.socket, 'nowhere'))).toEqual([
      ['The network nowhere is there', 'The engine has no network nowhere: docker network create nowhere'],
    ]);
  });
});
