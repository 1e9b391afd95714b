import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DomainError } from '../../../domain/errors.ts';
import { JsonText } from '../../../domain/instance/json-text.ts';
import type { InstancePlugin, Json } from '../../../domain/instance/plugin.ts';
import { type InfrakitServer, REQUEST_LIMIT_BYTES, type Served, serveInfrakit } from './infrakit-server.ts';
import { refuseChangedNumbers } from './serve-plugins.ts';
import { type CallCase, type InfoCase, vectors, type WireDescription } from './testdata/vectors.ts';

/** Beyond 2^53, as those of InfraKit's own clients. */
const ID = '6129484611666145821';

let directory: string;
let socket: string;
let server: InfrakitServer | null = null;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'rh-infrakit-'));
  socket = path.join(directory, 'plugins', 'plug');
});
afterEach(async () => {
  await server?.close();
  server = null;
  await rm(directory, { recursive: true });
});

/** Writes down what it is asked, and answers as it is told. */
class Recorder implements InstancePlugin {
  received: unknown[] | null = null;
  returns: CallCase['pluginReturns'] = { id: null, err: null, descriptions: null };

  async validate(properties: Json) {
    this.#receive(['Validate', properties]);
  }
  async provision({ properties, tags, init, logicalId, attachments }: Parameters<InstancePlugin['provision']>[0]) {
    this.#receive(['Provision', { properties, tags, init, logicalID: logicalId, attachments }]);
    return nothing<string>(this.returns.id);
  }
  async label(id: string, labels: object) {
    this.#receive(['Label', id, labels]);
  }
  async destroy(id: string, context: string) {
    this.#receive(['Destroy', id, context]);
  }
  async describeInstances(labels: object, properties: boolean) {
    this.#receive(['DescribeInstances', labels, properties]);
    return nothing<Awaited<ReturnType<InstancePlugin['describeInstances']>>>(
      this.returns.descriptions?.map(descriptionOf) ?? null,
    );
  }

  #receive(call: unknown[]) {
    this.received = call;
    if (this.returns.err !== null) throw new Error(this.returns.err);
  }
}

/** A plugin in Go may answer nil where ours may not; the bytes for it are recorded too. */
function nothing<T>(value: unknown): T {
  return value as T;
}

function descriptionOf({ id, logicalID, tags, propertiesText }: WireDescription) {
  const properties = propertiesText === null ? null : new JsonText(propertiesText);
  return { id, logicalId: logicalID, tags, properties };
}

/** What the port can say of it: null is nothing, and a reason is one of two. */
function asReceived([method, ...given]: readonly unknown[]): unknown[] {
  if (method === 'Validate') return [method, parsed(given[0])];
  if (method === 'Destroy') return [method, given[0], given[1] === 'rolling_update' ? given[1] : 'terminate'];
  if (method !== 'Provision') return [method, ...given.map((one) => one ?? {})];
  const { propertiesText, tags, attachments, ...rest } = Object(given[0]);
  return [method, { ...rest, properties: parsed(propertiesText), tags: tags ?? {}, attachments: attachments ?? [] }];
}

function parsed(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : null;
}

async function serve(served: Served): Promise<void> {
  await server?.close();
  server = await serveInfrakit(socket, served);
}

interface Answer {
  readonly status: number | undefined;
  readonly contentType: string | undefined;
  readonly text: string;
}

function ask(body: string, { method = 'POST', path = '/', contentType = 'application/json' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = contentType === '' ? {} : { 'content-type': contentType };
    const asked = request({ socketPath: socket, method, path, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: response.statusCode, contentType: response.headers['content-type'], text });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

const rpc = vectors('rpc');
const calls = rpc.filter((one) => one.kind === 'call');
const typed = () => {
  const plugin = new Recorder();
  return { plugin, plugins: new Map([['vm', plugin] as const, ['disk/ssd', plugin] as const]) };
};
const single = () => {
  const plugin = new Recorder();
  return { plugin, plugins: new Map([['', plugin]]) };
};
const serverOf = (name: string) => (name === 'plug' ? single() : typed());

describe('the recorded exchanges', () => {
  test('every call reaches the plugin as recorded and is answered byte for byte, its id included', async () => {
    expect(calls).toHaveLength(136);
    let seen: string | null = null;
    const look = (params: string) => {
      seen = params;
    };
    for (const which of ['plug', 'typed']) {
      const { plugin, plugins } = serverOf(which);
      await serve({ plugins, look });
      for (const { name, call, exchange, pluginReceived, pluginReturns } of calls) {
        if (name.split('/')[0] !== which) continue;
        plugin.received = null;
        plugin.returns = pluginReturns;
        seen = null;
        const answer = await ask(exchange.request.replace('"#ID"', ID));
        expect(answer).toEqual({
          status: exchange.status,
          contentType: exchange.responseContentType,
          text: `${exchange.response.replace('"#ID"', ID)}\n`,
        });
        expect(plugin.received).toEqual(pluginReceived && asReceived(pluginReceived));
        // A plugin takes values, in which a number of many digits is rounded; whoever looks before sees its digits.
        if (call.fn === 'validate' || call.fn === 'provision') expect(exchange.request).toContain(`"params":${seen}`);
        else expect(seen).toBeNull();
      }
    }
  });

  test('the handshake names the one plugin, or every type', async () => {
    const handshakes = rpc.filter((one) => one.kind === 'handshake');
    expect(handshakes).toHaveLength(2);
    for (const { name, exchange } of handshakes) {
      await serve(serverOf(name));
      for (const { request, response } of exchange) {
        expect((await ask(request.replace('"#ID"', ID))).text).toBe(`${response.replace('"#ID"', ID)}\n`);
      }
    }
  });

  test('odd requests are answered byte for byte, but for the ten that the source runs or passes over', async () => {
    const { plugin, plugins } = single();
    await serve({ plugins });
    for (const [index, one] of vectors('rpc-raw').entries()) {
      plugin.received = null;
      const answer = await ask(one.body, one);
      const mended = MENDED.get(index);
      if (mended === undefined) {
        const { status, response, responseContentType } = one;
        expect(answer, `case ${index}`).toEqual({ status, contentType: responseContentType, text: response });
        expect(plugin.received).toEqual(one.pluginReceived && asReceived(one.pluginReceived));
      } else {
        expect(answer, `case ${index}`).toMatchObject({ status: 200, contentType: 'text/plain; charset=utf-8' });
        expect(JSON.parse(answer.text), `case ${index}`).toEqual({
          jsonrpc: '2.0',
          error: { code: mended.code, message: mended.message ?? expect.any(String), data: mended.data ?? null },
          id: mended.id,
        });
        expect(plugin.received).toBeNull();
      }
    }
    expect(vectors('rpc-raw')).toHaveLength(43);
    expect(MENDED.size).toBe(10);
  });

  test('the description of the interface is the same byte for byte, but for the time in its examples', async () => {
    for (const one of vectors('info')) {
      await serve(infoServer(one));
      const { status, contentType, text } = await ask('', { ...one, contentType: '' });
      expect(status).toBe(one.status);
      if (one.contentType !== undefined) expect(contentType).toBe(one.contentType);
      if (one.body !== undefined) expect(text.replaceAll(/"id":\d+/g, '"id":"#UNIXTIME"')).toBe(one.body);
      if (one.firstFunction !== undefined) {
        const functions = JSON.parse(text);
        expect(functions.builtin[0]).toEqual(one.firstFunction);
        expect({ builtin: functions.builtin.length }).toEqual(one.functionCounts);
      }
    }
    expect(vectors('info')).toHaveLength(9);
  });
});

const EMPTY = 'params are missing or empty';

/** By index in the file: what is answered instead, and nothing is run. */
const MENDED = new Map<
  number,
  { readonly code: number; readonly id: unknown; readonly message?: string; readonly data?: unknown }
>([
  [4, { code: -32600, id: 1, message: EMPTY }],
  [5, { code: -32600, id: 1, message: EMPTY }],
  [8, { code: -32600, id: 1, message: EMPTY, data: [] }],
  [11, { code: -32600, id: null, message: 'a request needs an id' }],
  [12, { code: -32600, id: null, message: 'a request needs an id' }],
  [24, { code: -32700, id: null }],
  [25, { code: -32700, id: null }],
  [26, { code: -32600, id: null, message: 'batches are not supported' }],
  [27, { code: -32600, id: null, message: 'batches are not supported' }],
  [28, { code: -32700, id: null }],
]);

function infoServer({ server }: InfoCase): Served {
  if (server === 'typed') return typed();
  if (server === 'default') return single();
  const vendor = { name: 'vendor-x', version: '1.2', url: 'https://example.org' };
  return { ...single(), vendor, exampleProperties: { Size: 'large' } };
}

const destroy = (params: string) => `{"jsonrpc":"2.0","method":"Instance.Destroy","params":${params},"id":${ID}}`;

test('older clients are answered in their own handshake', async () => {
  await serve(typed());
  const hello = (method: string) => ask(`{"jsonrpc":"2.0","method":"Handshake.${method}","params":{},"id":1}`);
  expect(JSON.parse((await hello('Types')).text).result).toEqual({ Types: { 'Instance/0.6.1': ['disk/ssd', 'vm'] } });
  expect(JSON.parse((await hello('Implements')).text).result).toEqual({
    APIs: [{ Name: 'Instance', Version: '0.6.1', Sub: '' }],
  });
});

test.each(['{}', '[{}]', '[null]', '{"Type":""}', '{"Instance":""}', '{"Instance":null,"Context":{"Reason":"x"}}'])(
  'nothing is destroyed by params that name no instance: %s',
  async (params) => {
    const { plugin, plugins } = single();
    await serve({ plugins });
    expect(JSON.parse((await ask(destroy(params))).text).error.code).toBe(-32600);
    expect(plugin.received).toBeNull();
  },
);

test.each(['{"Properties":{"disks":[1,{"size":9007199254740993}]}}', '[{"Properties":{"disks":{"size":1e400}}}]'])(
  'properties that would reach the plugin changed do not reach it, and the answer names them: %s',
  async (params) => {
    const { plugin, plugins } = single();
    await serve({ plugins, look: refuseChangedNumbers });
    const { text } = await ask(`{"jsonrpc":"2.0","method":"Instance.Validate","params":${params},"id":1}`);
    expect(JSON.parse(text).error).toMatchObject({
      code: -32000,
      message: expect.stringMatching(/^Properties\.disks\.size: (9007199254740993|1e400) would not be kept/),
    });
    expect(plugin.received).toBeNull();
  },
);

test('a failure of the product is told in words, since InfraKit knows no codes', async () => {
  const failures = [
    [new DomainError('INSTANCE_UNKNOWN', { id: 'i' }), 'not found: i'],
    [
      new DomainError('ENVIRONMENT_REFUSED', { environment: 'e', operation: 'o', message: 'at capacity 3' }),
      'at capacity 3',
    ],
    [new DomainError('INVALID_INPUT', { field: 'version', message: 'Required' }), 'version: Required'],
  ] as const;
  for (const [error, words] of failures) {
    const plugin: InstancePlugin = Object.assign(new Recorder(), { destroy: () => Promise.reject(error) });
    await serve({ plugins: new Map([['', plugin]]) });
    expect(JSON.parse((await ask(destroy('{"Instance":"i"}'))).text).error).toEqual({
      code: -32000,
      message: words,
      data: null,
    });
  }
});

test('a request that is too large is refused in words, and reaches no plugin', async () => {
  const { plugin, plugins } = single();
  await serve({ plugins });
  const answer = await ask(destroy(`{"Instance":"${'i'.repeat(REQUEST_LIMIT_BYTES)}"}`));
  expect(answer).toMatchObject({ status: 413, text: 'rpc: a request has at most 1048576 bytes' });
  expect(plugin.received).toBeNull();
});

test('clients that send half a request and then nothing hold up no other', async () => {
  const { plugins } = single();
  await serve({ plugins });
  const hanging = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const connection = createConnection(socket);
      connection.on('error', () => {});
      await new Promise((resolve) => connection.once('connect', resolve));
      connection.write('POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 100\r\n\r\n{"jsonrpc"');
      return connection;
    }),
  );
  expect(await ask(destroy('{"Instance":"i"}'))).toMatchObject({ status: 200 });
  await server?.close();
  server = null;
  for (const connection of hanging) connection.destroy();
});

test('the call of a client that goes away is given up', async () => {
  let begun = () => {};
  const begins = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const ended = new Promise((resolve) => {
    const plugin: InstancePlugin = Object.assign(new Recorder(), {
      describeInstances: (_labels: object, _properties: boolean, signal: AbortSignal) => {
        begun();
        return new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => {
            resolve('given up');
            reject(signal.reason);
          });
        });
      },
    });
    void serve({ plugins: new Map([['', plugin]]) }).then(() => {
      const body = '{"jsonrpc":"2.0","method":"Instance.DescribeInstances","params":{"Type":""},"id":1}';
      const asked = request({ socketPath: socket, method: 'POST', agent: false }).once('error', () => {});
      asked.end(body);
      void begins.then(() => asked.destroy());
    });
  });
  expect(await ended).toBe('given up');
});

describe('the socket', () => {
  test('lets only this user in', async () => {
    await serve(single());
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(socket))).mode & 0o777).toBe(0o700);
  });

  test('is not made where others may enter the directory, or where its path is too long', async () => {
    const open = path.join(directory, 'open');
    const { chmod, mkdir } = await import('node:fs/promises');
    await mkdir(open);
    await chmod(open, 0o755);
    await expect(serveInfrakit(path.join(open, 'plug'), single())).rejects.toThrow('mode 0700');
    await expect(serveInfrakit(path.join(directory, 'n'.repeat(100), 'p'), single())).rejects.toThrow('100 bytes');
  });

  test('replaces one that nobody serves, and no other, and no file', async () => {
    await serve(single());
    await expect(serveInfrakit(socket, single())).rejects.toThrow('already');
    await server?.close();
    server = null;
    await writeFile(socket, 'kept');
    await expect(serveInfrakit(socket, single())).rejects.toThrow('no socket');
  });

  test('is gone when the server has ended', async () => {
    await serve(single());
    await server?.close();
    server = null;
    await expect(stat(socket)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
