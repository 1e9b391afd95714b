import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { TestEngine } from '../../plugins/docker/test-daemon.ts';

/** A registry on the loopback, where engines speak plain http, that has one image. */
interface TestRegistry {
  /** The image is busybox, as that of the engine, with `PULLED=yes` in its environment. */
  readonly image: string;
  /** What it was asked for, as `GET /v2/app/manifests/1`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

interface Served {
  readonly type: string;
  readonly body: Buffer;
}

const DOCKER = 'application/vnd.docker';

/** Source: docker/distribution, "HTTP API V2" and "Image Manifest V 2, Schema 2". */
export async function testRegistry(engine: TestEngine): Promise<TestRegistry> {
  const layer = await rootfs(engine);
  const { Os, Arch } = await engine.docker.version();
  const config = json(`${DOCKER}.container.image.v1+json`, {
    os: Os,
    architecture: Arch,
    config: { Env: ['PATH=/bin', 'PULLED=yes'] },
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
  });
  const manifest = json(`${DOCKER}.distribution.manifest.v2+json`, {
    schemaVersion: 2,
    mediaType: `${DOCKER}.distribution.manifest.v2+json`,
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
  });
  const served = new Map<string, Served>([
    ['/v2/', json('application/json', {})],
    ['/v2/app/manifests/1', manifest],
    [`/v2/app/manifests/${digestOf(manifest)}`, manifest],
    [`/v2/app/blobs/${digestOf(config)}`, config],
    [`/v2/app/blobs/${digestOf(layer)}`, layer],
  ]);

  const asked: string[] = [];
  const server = createServer(({ method, url = '' }, answer) => {
    asked.push(`${method} ${url}`);
    const found = served.get(url);
    if (found === undefined) return answer.writeHead(404).end();
    answer.writeHead(200, {
      'content-type': found.type,
      'content-length': found.body.length,
      'docker-content-digest': digestOf(found),
      'docker-distribution-api-version': 'registry/2.0',
    });
    answer.end(method === 'HEAD' ? undefined : found.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    image: `127.0.0.1:${port}/app:1`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** That of the engine's image. */
async function rootfs({ docker, image }: TestEngine): Promise<Served> {
  const container = await docker.createContainer({ Image: image, Cmd: ['true'] });
  const parts: Buffer[] = [];
  for await (const part of await container.export()) parts.push(Buffer.from(part));
  await container.remove();
  return { type: `${DOCKER}.image.rootfs.diff.tar`, body: Buffer.concat(parts) };
}

function json(type: string, value: object): Served {
  return { type, body: Buffer.from(JSON.stringify(value)) };
}

function digestOf({ body }: Served): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

function descriptorOf(one: Served) {
  return { mediaType: one.type, size: one.body.length, digest: digestOf(one) };
}
