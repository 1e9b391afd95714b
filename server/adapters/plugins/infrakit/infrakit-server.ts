import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import path from 'node:path';
import type { z } from 'zod';
import type { Call } from '../../../domain/cycle/environment.ts';
import { isDomainError } from '../../../domain/errors.ts';
import type { Encodable } from '../../../domain/instance/json-text.ts';
import { type InstancePlugin, type Json, TAGS } from '../../../domain/instance/plugin.ts';
import { compareBytewise } from '../../../domain/pool/bytewise.ts';
import { readParams, requestSchemas, results } from './instance-messages.ts';
import { encodeInterface, INSTANCE } from './interface-spec.ts';
import { apiText, functionsText, type Vendor } from './plugin-info.ts';
import { answerTo, RPC_CODES, RpcError, type RpcRequest } from './rpc.ts';

export interface Served {
  /** By type; the empty type is that of a socket with one plugin. */
  readonly plugins: ReadonlyMap<string, InstancePlugin>;
  readonly vendor?: Vendor;
  /** What `validate` would take, for `/info/api.json`. */
  readonly exampleProperties?: Json;
  /** Is shown what is validated or provisioned as it is written, and throws where the plugins would not keep it. */
  readonly look?: (params: string) => void;
}

export const REQUEST_LIMIT_BYTES = 1_048_576;
/** How long a call may take once its request is there. */
const CALL_LIMIT_MS = 30_000;
const REQUEST_ARRIVES_MS = 10_000;
/** A client that takes nothing of its answer for so long is cut off. */
const SILENCE_MS = CALL_LIMIT_MS + 5_000;
/** The path of a socket ends at 104 bytes on some systems. */
const LONGEST_SOCKET_PATH = 100;

export interface InfrakitServer {
  /** Ends what is under way, and removes the socket. */
  close(): Promise<void>;
}

/**
 * Serves plugins to InfraKit's tools, and to us, on a unix socket that only this user may open. Source: docker/infrakit
 * `pkg/rpc/server`, whose bytes it answers with but for what `answerTo` mends.
 */
export async function serveInfrakit(socket: string, served: Served): Promise<InfrakitServer> {
  await prepare(socket);
  const server = createServer(
    { requestTimeout: REQUEST_ARRIVES_MS, headersTimeout: REQUEST_ARRIVES_MS, connectionsCheckingInterval: 1_000 },
    (request, response) => void handle(request, response, served),
  );
  server.maxConnections = 256;
  server.setTimeout(SILENCE_MS);
  await listen(server, socket);
  // The directory lets nobody else in before this.
  await chmod(socket, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function prepare(socket: string): Promise<void> {
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) {
    throw new Error(`A socket's path has at most ${LONGEST_SOCKET_PATH} bytes: ${socket}`);
  }
  const directory = path.dirname(socket);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const found = await lstat(directory);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) {
    throw new Error(`${directory} must be a directory that only you may enter (mode 0700).`);
  }
  const before = await lstat(socket).catch(() => null);
  if (before === null) return;
  if (!before.isSocket()) throw new Error(`${socket} is no socket. Remove it, or name another path.`);
  if (await answers(socket)) throw new Error(`Somebody serves ${socket} already.`);
  // Of a server that was killed.
  await rm(socket, { force: true });
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    const end = (known: boolean) => {
      connection.destroy();
      resolve(known);
    };
    connection.once('connect', () => end(true)).once('error', () => end(false));
  });
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function handle(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const [path] = (request.url ?? '').split('?');
  if (path === '/info/api.json') {
    return answer(response, 200, apiText(served.vendor ?? null, served.exampleProperties ?? null, Date.now()));
  }
  if (path === '/info/functions.json') return answer(response, 200, functionsText());
  if (path !== '/') return answer(response, 404, '404 page not found\n');
  if (request.method !== 'POST') return answer(response, 405, `rpc: POST method required, received ${request.method}`);
  const [contentType = ''] = (request.headers['content-type'] ?? '').split(';');
  if (contentType !== '' && contentType.toLowerCase() !== 'application/json') {
    return answer(response, 415, `rpc: unrecognized Content-Type: ${contentType}`);
  }
  // A client that has gone away no longer waits for what it asked.
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the client has gone')));
  try {
    const body = await bodyOf(request);
    if (body === null) {
      response.setHeader('connection', 'close');
      return answer(response, 413, `rpc: a request has at most ${REQUEST_LIMIT_BYTES} bytes`);
    }
    answer(response, 200, await answerTo(body, (asked) => run(asked, served, gone.signal)));
  } catch {
    // The request broke off: there is nobody to answer.
    response.destroy();
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

/** `null`: too large. Rejects where the request breaks off. */
function bodyOf(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > REQUEST_LIMIT_BYTES) resolve(null);
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}

async function run(request: RpcRequest, served: Served, signal: AbortSignal): Promise<Encodable> {
  const { method } = request;
  const [service, name, ...rest] = method.split('.');
  if (service === undefined || name === undefined || rest.length > 0) {
    throw new RpcError(RPC_CODES.failed, `rpc: service/method request ill-formed: ${JSON.stringify(method)}`);
  }
  const methods = SERVICES.get(service);
  if (methods === undefined) throw new RpcError(RPC_CODES.failed, `rpc: can't find service ${JSON.stringify(method)}`);
  const found = methods.get(name);
  if (found === undefined) throw new RpcError(RPC_CODES.failed, `rpc: can't find method ${JSON.stringify(method)}`);
  try {
    return await found(request, served, AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]));
  } catch (error) {
    throw error instanceof RpcError ? error : new RpcError(RPC_CODES.failed, textOf(error));
  }
}

type Method = (request: RpcRequest, served: Served, signal: AbortSignal) => Promise<Encodable>;

function instanceMethod<T extends { readonly Type: string }>(
  schema: z.ZodType<T>,
  body: (plugin: InstancePlugin, given: T, signal: AbortSignal) => Promise<Encodable>,
): Method {
  return async ({ params }, { plugins }, signal) => {
    const given = readParams(params, schema);
    const plugin = plugins.get(given.Type);
    if (plugin === undefined) throw new RpcError(RPC_CODES.failed, `no-plugin:${given.Type}`);
    return body(plugin, given, signal);
  };
}

function looked(method: Method): Method {
  return async (request, served, signal) => {
    served.look?.(request.params?.text ?? '');
    return method(request, served, signal);
  };
}

const instanceMethods = new Map<string, Method>([
  [
    'Validate',
    looked(
      instanceMethod(requestSchemas.Validate, async (plugin, { Type, Properties }, signal) => {
        await plugin.validate(Properties, signal);
        return results.done(Type);
      }),
    ),
  ],
  [
    'Provision',
    looked(
      instanceMethod(requestSchemas.Provision, async (plugin, { Type, Spec }, signal) => {
        const token = Spec.tags[TAGS.token] ?? Spec.logicalId ?? randomUUID();
        return results.provisioned(Type, await plugin.provision(Spec, callOf(token, signal)));
      }),
    ),
  ],
  [
    'Label',
    instanceMethod(requestSchemas.Label, async (plugin, { Type, Instance, Labels }, signal) => {
      await plugin.label(Instance, Labels, signal);
      return results.done(Type);
    }),
  ],
  [
    'Destroy',
    instanceMethod(requestSchemas.Destroy, async (plugin, { Type, Instance, Context }, signal) => {
      const context = Context.Reason === 'rolling_update' ? 'rolling_update' : 'terminate';
      await plugin.destroy(Instance, context, callOf(`destroy ${Instance}`, signal));
      return results.done(Type);
    }),
  ],
  [
    'DescribeInstances',
    instanceMethod(requestSchemas.DescribeInstances, async (plugin, { Type, Tags, Properties }, signal) =>
      results.described(Type, await plugin.describeInstances(Tags, Properties, signal)),
    ),
  ],
]);

const INTERFACE = encodeInterface(INSTANCE);

/** Of three generations: clients try the newest first. */
const handshakeMethods = new Map<string, Method>([
  [
    'Hello',
    async (_request, served) => ({
      Objects: { [INTERFACE]: namesOf(served).map((Name) => ({ Name, ProxyFor: '' })) },
    }),
  ],
  ['Types', async (_request, served) => ({ Types: { [INTERFACE]: namesOf(served) } })],
  ['Implements', async () => ({ APIs: [{ Name: INSTANCE.name, Version: INSTANCE.version, Sub: INSTANCE.sub }] })],
]);

const SERVICES = new Map([
  ['Instance', instanceMethods],
  ['Handshake', handshakeMethods],
]);

/** A dot is the plugin without a type. */
function namesOf({ plugins }: Served): readonly string[] {
  return [...plugins.keys()].map((type) => (type === '' ? '.' : type)).sort(compareBytewise);
}

function callOf(token: string, signal: AbortSignal): Call {
  return { token, deadline: Date.now() + CALL_LIMIT_MS, signal };
}

/** InfraKit knows failures by their text alone. */
function textOf(error: unknown): string {
  if (!isDomainError(error)) return error instanceof Error ? error.message : String(error);
  const { details } = error;
  if (error.code === 'INSTANCE_UNKNOWN' && 'id' in details) return `not found: ${details.id}`;
  if ('message' in details) return 'field' in details ? `${details.field}: ${details.message}` : details.message;
  return error.message;
}
