import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DockerPlugin } from './docker-plugin.ts';
import { noSecrets } from './docker-rig.ts';
import { Engine } from './engine.ts';

// An engine has digests of a registry only where it pulled from one or pushed to one, which that of the tests cannot. So
// images are played here, with the names that `GET /images/{name}/json` knows them by; containers are only written down.

interface Image {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[] | null;
}

const never = new AbortController().signal;
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const [ID, OTHER_ID, D1, D2, D3] = [digest('a'), digest('b'), digest('1'), digest('2'), digest('3')];

let images: readonly Image[];
/** What was ordered to be run. */
let ordered: string[];
let plugin: DockerPlugin;
let close: () => Promise<void>;

beforeEach(async () => {
  ordered = [];
  const directory = await mkdtemp(join(tmpdir(), 'rh-images-'));
  const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url ?? '', 'http://engine');
    const say = (status: number, body: unknown) =>
      answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const [, name] = /\/images\/(.+)\/json$/.exec(pathname) ?? [];
    if (name !== undefined) {
      const asked = decodeURIComponent(name);
      const found = images.find(
        ({ Id, RepoTags, RepoDigests }) => Id === asked || [...RepoTags, ...(RepoDigests ?? [])].includes(asked),
      );
      return say(found === undefined ? 404 : 200, found ?? { message: `No such image: ${asked}` });
    }
    if (pathname.endsWith('/containers/create')) {
      const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
      ordered.push(body.Image);
      return say(201, { Id: `c${ordered.length}` });
    }
    if (pathname.endsWith('/containers/json')) return say(200, []);
    return pathname.includes('/volumes') ? say(404, { message: 'no such volume' }) : say(204, '');
  });
  const socket = join(directory, 'engine.sock');
  server.listen(socket);
  await once(server, 'listening');
  close = async () => {
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  };
  plugin = new DockerPlugin({
    engine: new Engine('rig', { address: `unix://${socket}`, tls: null }, noSecrets),
    environmentId: 'env',
    settings: { minHealthyMs: 1, network: 'host' },
  });
});
afterEach(() => close());

const pinned = async (image: string) => plugin.pinnedSpec({ image }, never);

describe('what is written behind a tag', () => {
  test.each<[string, Omit<Image, 'Id'>, string, string]>([
    ['is the digest of the registry', { RepoTags: ['web:2'], RepoDigests: [`web@${D1}`] }, 'web:2', D1],
    [
      'is that of the name itself where the image has several names',
      { RepoTags: ['lab:5000/web:2', 'web:2'], RepoDigests: [`web@${D1}`, `lab:5000/web@${D2}`] },
      'lab:5000/web:2',
      D2,
    ],
    [
      'is the id where only another name has a digest',
      { RepoTags: ['web:2'], RepoDigests: [`elsewhere/web@${D1}`] },
      'web:2',
      ID,
    ],
    ['is the id where no registry has the image', { RepoTags: ['web:2'], RepoDigests: [] }, 'web:2', ID],
    ['is the id where the engine says of digests nothing', { RepoTags: ['web:2'], RepoDigests: null }, 'web:2', ID],
  ])('%s', async (_, image, tag, expected) => {
    images = [{ Id: ID, ...image }];
    expect(await pinned(tag)).toEqual({ image: `${tag}@${expected}` });
  });

  test('is one of several digests of one image, and stays it in whatever order the engine tells them', async () => {
    images = [{ Id: ID, RepoTags: ['web:2'], RepoDigests: [`web@${D2}`, `web@${D1}`] }];
    const before = await pinned('web:2');
    images = [{ Id: ID, RepoTags: ['web:2'], RepoDigests: [`web@${D1}`, `web@${D2}`] }];
    expect(await pinned('web:2')).toEqual(before);
    for (const known of [D1, D2, ID]) {
      expect(await pinned(`web:2@${known}`)).toEqual({ image: `web:2@${known}` });
    }
  });

  test('stays when the image is pushed to a registry, since it is no other image', async () => {
    images = [{ Id: ID, RepoTags: ['web:2'], RepoDigests: [] }];
    const before = await pinned('web:2');
    images = [{ Id: ID, RepoTags: ['web:2'], RepoDigests: [`web@${D1}`] }];
    expect(await plugin.pinnedSpec(before, never)).toEqual(before);
  });

  test('is another when the tag was moved, though the image before is still there', async () => {
    images = [
      { Id: ID, RepoTags: [], RepoDigests: [`web@${D1}`] },
      { Id: OTHER_ID, RepoTags: ['web:2'], RepoDigests: [`web@${D3}`] },
    ];
    expect(await pinned(`web:2@${D1}`)).toEqual({ image: `web:2@${D3}` });
    expect(await pinned(`web:2@${ID}`)).toEqual({ image: `web:2@${D3}` });
  });
});

describe('what the engine is told to run', () => {
  const provision = (image: string) =>
    plugin.provision(
      { properties: { image }, tags: {}, init: '', logicalId: 'one', attachments: [] },
      { token: 'cycle/1/1', deadline: Date.now() + 5_000, signal: never },
    );

  beforeEach(() => {
    images = [
      { Id: ID, RepoTags: [], RepoDigests: [`web@${D1}`] },
      { Id: OTHER_ID, RepoTags: ['web:2'], RepoDigests: [`web@${D2}`] },
    ];
  });

  test.each([
    ['a digest of a registry by its name', `web:2@${D1}`, `web@${D1}`],
    ['the id of an image as it is', `web:2@${ID}`, ID],
    ['a fixed digest by its name', `web@${D2}`, `web@${D2}`],
    ['a fixed id as it is', OTHER_ID, OTHER_ID],
  ])('is %s, wherever the tag points', async (_, image, expected) => {
    await provision(image);
    expect(ordered).toEqual([expected]);
  });

  test.each([`web:2@${D3}`, `other:2@${D1}`, `web@${D3}`, D3])('is nothing where it has not %s', async (image) => {
    const message = expect.stringContaining(`The engine has no image ${image}`);
    await expect(provision(image)).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED', message });
    expect(ordered).toEqual([]);
  });
});
