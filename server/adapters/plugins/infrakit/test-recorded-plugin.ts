import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { encodableProperties, encodableTags } from '../../../domain/instance/description.ts';
import { type Encodable, goJson } from '../../../domain/instance/json-text.ts';
import type { Json } from '../../../domain/instance/plugin.ts';
import type { ForeignPlugin, Voice } from './infrakit-rig.ts';
import type { InfrakitServer } from './infrakit-server.ts';

/** Byte for byte; the status is 200, and what is not empty is text/plain. */
interface Exchange {
  readonly request: string;
  readonly response: string;
}

interface RecordedPlugin {
  readonly version: string;
  /** What our client asked, in this order, of a plugin that had no machines yet. */
  readonly exchanges: readonly Exchange[];
  /** What our client does not ask. */
  readonly odd: readonly Exchange[];
}

/** One of each generation, the oldest first. How they were recorded stands in the file. */
export const recordedPlugins: readonly RecordedPlugin[] = JSON.parse(
  readFileSync(new URL('./testdata/recorded-plugins.json', import.meta.url), 'utf8'),
).plugins;

/** Answers each request with a text. Its `close` rejects where a request had none. */
export async function serveTexts(
  socket: string,
  answer: (body: string) => string | Promise<string>,
): Promise<InfrakitServer> {
  const failures: unknown[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => null);
    // The request broke off: there is nobody to answer.
    if (body === null) return void response.destroy();
    try {
      const way = `${request.method} ${request.url} ${request.headers['content-type']}`;
      if (way !== 'POST / application/json') throw new Error(`a plugin is not asked by ${way}`);
      const said = await answer(body);
      response.writeHead(200, said === '' ? {} : { 'content-type': 'text/plain; charset=utf-8' }).end(said);
    } catch (error) {
      failures.push(error);
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (failures.length > 0) throw new AggregateError(failures, `not answered: ${failures.join('; ')}`);
    },
  };
}

/** Speaks as the real plugin did: the recorded answers are filled with the machines that are there now. */
export function asRecorded({ exchanges }: RecordedPlugin): Voice {
  return {
    type: '',
    serve: (socket, plugin) => serveTexts(socket, (body) => filledAnswer(body, exchanges, plugin)),
  };
}

type Tags = Readonly<Record<string, string>>;

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: {
    readonly Instance?: string;
    readonly Labels: Tags;
    readonly Tags: Tags;
    readonly Spec: { readonly [key: string]: Json; readonly Tags: Tags; readonly LogicalID: string | null };
  };
}

type Listed = readonly { readonly [key: string]: Encodable }[];

interface Said {
  readonly error?: { readonly message: string };
  readonly result?: { readonly ID?: string; readonly Descriptions?: Listed };
}

async function filledAnswer(body: string, exchanges: readonly Exchange[], plugin: ForeignPlugin): Promise<string> {
  const { id, method, params }: Asked = JSON.parse(body);
  const alike = exchanges.filter(({ request }) => formOf(request) === formOf(body));
  if (alike.length === 0) throw new Error(`no such request was recorded: ${body}`);
  const call = CALLS[method];
  const now = call && (await call(plugin, params).catch((): Said => ({ error: { message: '' } })));
  // What concerns no machine is answered as it always was.
  const found = alike.find(({ response }) => now === undefined || isLike(JSON.parse(response), now));
  if (found === undefined) throw new Error(`no such answer was recorded: ${body} ${JSON.stringify(now)}`);
  const asked: Asked = JSON.parse(found.request);
  const said: Said = JSON.parse(found.response.replace(asked.params.Instance ?? '', params.Instance ?? ''));
  return `${goJson({ ...said, ...(said.result && { result: filled(said.result, now?.result) }), id })}\n`;
}

/** A request without what may differ from one to the next. */
function formOf(request: string): string {
  const free = new Set(['id', 'Instance', 'Labels', 'LogicalID', 'Tags']);
  return JSON.stringify(JSON.parse(request), (key, value) => {
    const isFree = free.has(key) || (key === 'Properties' && typeof value === 'object');
    return isFree && value !== null ? typeof value : value;
  });
}

/** Both refuse, or neither does; and both list something, or neither does. */
function isLike(one: Said, other: Said): boolean {
  const isEmpty = ({ result }: Said) => result?.Descriptions?.length === 0;
  return (one.error === undefined) === (other.error === undefined) && isEmpty(one) === isEmpty(other);
}

/** Each generation tells other things of a machine. */
function filled(known: NonNullable<Said['result']>, now: Said['result']): Encodable {
  const [first = {}] = known.Descriptions ?? [];
  const keys = Object.keys(first);
  const descriptions = now?.Descriptions?.map((one) => Object.fromEntries(keys.map((key) => [key, one[key] ?? null])));
  return { ...known, ...now, ...(descriptions && { Descriptions: descriptions }) };
}

/** A real plugin goes on with what its client no longer waits for. */
const UNTIL_DONE = { token: '', deadline: Number.POSITIVE_INFINITY, signal: new AbortController().signal };

const CALLS: Readonly<Record<string, (plugin: ForeignPlugin, params: Asked['params']) => Promise<Said>>> = {
  // The `file` plugin tells the whole spec as the properties of a machine.
  async 'Instance.Provision'(plugin, { Spec }) {
    const spec = { properties: Spec, tags: Spec.Tags, init: '', logicalId: Spec.LogicalID, attachments: [] };
    return { result: { ID: await plugin.provision(spec, UNTIL_DONE) } };
  },
  async 'Instance.Label'(plugin, { Instance = '', Labels }) {
    await plugin.label(Instance, Labels);
    return { result: {} };
  },
  async 'Instance.Destroy'(plugin, { Instance = '' }) {
    await plugin.destroy(Instance);
    return { result: {} };
  },
  // It takes each tag at its word, and lists by the names of its files, which here are in the order of provision.
  async 'Instance.DescribeInstances'(plugin, { Tags }) {
    const listed = [...plugin.machines.values()].filter(({ tags }) =>
      Object.entries(Tags).every(([name, value]) => tags[name] === value),
    );
    const Descriptions = listed.map(({ id, logicalId, tags, properties }) => ({
      ID: id,
      LogicalID: logicalId,
      Tags: encodableTags(tags),
      Properties: encodableProperties(properties),
    }));
    return { result: { Descriptions } };
  },
};
