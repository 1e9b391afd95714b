import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { infrakitSettingsSchema } from '../../../contract/infrakit-settings.ts';
import type { Spec } from '../../../domain/instance/plugin.ts';
import { exchange } from './http-exchange.ts';
import { InfrakitClient } from './infrakit-client.ts';
import { InfrakitPlugin } from './infrakit-plugin.ts';
import { ForeignPlugin } from './infrakit-rig.ts';
import { asRecorded, recordedPlugins, serveTexts } from './test-recorded-plugin.ts';

const never = new AbortController().signal;
const call = { token: 't', deadline: Date.now() + 30_000, signal: never };
/** When they were recorded, for the tag of our own. */
const NOW = 1_700_000_000_000;

let directory: string;
let socket: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'rh-infrakit-'));
  socket = path.join(directory, 'plug');
});
afterEach(() => rm(directory, { recursive: true }));

const refused = (words: string) => ({
  code: 'ENVIRONMENT_REFUSED',
  details: { message: expect.stringContaining(words) },
});

function spec(tags: Spec['tags'], logicalId: string | null): Spec {
  return { properties: { image: '<é>' }, tags, init: '', logicalId, attachments: [] };
}

/** Every call that our client can make, in the order of the recording. */
async function askEverything(version: string): Promise<void> {
  const settings = infrakitSettingsSchema.parse({ address: socket });
  const hooks = { commands: {}, reach: [] };
  const ours = new InfrakitPlugin({ name: 'abroad', settings, hooks, clock: () => NOW });
  const list = (tags: Spec['tags'], properties: boolean) => ours.describeInstances(tags, properties, never);

  await ours.validate({ image: '<é>' }, never);
  await expect(ours.validate('web', never)).rejects.toMatchObject(refused('cannot unmarshal string'));
  expect(await list({}, false)).toEqual([]);
  const a = await ours.provision(spec({ team: 'a&b' }, null), call);
  const b = await ours.provision(spec({ 'roundhouse.token': 't' }, 't#1'), call);
  const created = { 'roundhouse.created': String(NOW) };
  const tagsOfB = { ...created, 'roundhouse.logical-id': 't#1', 'roundhouse.token': 't' };
  const both = [
    { id: a, logicalId: null, tags: { ...created, team: 'a&b' }, properties: null },
    { id: b, logicalId: 't#1', tags: tagsOfB, properties: null },
  ];
  const [first] = both;
  const whole = both.map((one) => ({
    ...one,
    properties: {
      Properties: { image: '<é>' },
      Tags: one.tags,
      Init: '',
      LogicalID: one.logicalId,
      Attachments: [],
    },
  }));
  expect(await list({}, false)).toEqual(both);
  expect(await list({}, true)).toEqual(version.startsWith('0.3') ? both : whole);
  expect(await list({ team: 'a&b' }, false)).toEqual([first]);

  await ours.label(a, { zone: 'z' }, never);
  await expect(ours.label('gone', { zone: 'z' }, never)).rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' });
  expect(await list({ zone: 'z' }, false)).toEqual([{ ...first, tags: { ...first?.tags, zone: 'z' } }]);
  await ours.destroy(a, 'terminate', call);
  await ours.destroy(a, 'terminate', call);
  await ours.destroy(b, 'rolling_update', call);
  await ours.destroy(b, 'rolling_update', call);

  const client = new InfrakitClient('abroad', socket);
  const ask = (method: string) => client.call(method, {}, z.unknown(), { signal: never });
  await expect(ask('Instance.Nothing')).rejects.toMatchObject(refused('rpc: can\'t find method "Instance.Nothing"'));
  const spoken = { '0.3': ['Implements'], '0.5': ['Types', 'Implements'], '0.6': ['Hello'] }[version.slice(0, 3)];
  for (const words of ['Hello', 'Types', 'Implements']) {
    const answer = await ask(`Handshake.${words}`).catch((error: unknown) => error);
    if (spoken?.includes(words)) expect(JSON.stringify(answer)).toContain('Instance');
    else expect(answer).toMatchObject(refused("rpc: can't find method"));
  }
}

describe.each(recordedPlugins)('a real plugin, $version', (recorded) => {
  test('is asked byte for byte as it was, and every answer is understood', async () => {
    const left = [...recorded.exchanges];
    const server = await serveTexts(socket, (text) => {
      const next = left.shift();
      expect(text).toBe(next?.request);
      return next?.response ?? '';
    });
    await askEverything(recorded.version).finally(server.close);
    expect(left).toEqual([]);
  });

  test('answers what it did not understand with nothing, and somebody else with their id: for us neither is an answer', async () => {
    expect(recorded.odd).toHaveLength(4);
    for (const { response } of recorded.odd) {
      const server = await serveTexts(socket, () => response);
      const client = new InfrakitClient('abroad', socket);
      await expect(client.call('Instance.Validate', {}, z.unknown(), { signal: never })).rejects.toMatchObject({
        code: 'ENVIRONMENT_UNAVAILABLE',
        cause: { message: response === '' ? 'the answer is empty' : 'the answer is to another request' },
      });
      await server.close();
    }
  });

  test('is replayed byte for byte, but for the ids of its machines', async () => {
    const server = await asRecorded(recorded).serve(socket, new ForeignPlugin());
    const ids = new Map<string, string>();
    const now = (text: string) => [...ids].reduce((changed, [before, id]) => changed.replaceAll(before, id), text);
    for (const { request, response } of recorded.exchanges) {
      const text = await post(now(request));
      const [before, id] = [response, text].map((one) => JSON.parse(one).result?.ID);
      if (before !== undefined) ids.set(before, id);
      expect(text).toBe(now(response));
    }
    expect(ids.size).toBe(2);
    await server.close();
  });

  test('is not replayed to a request in another form, which fails whoever replays it', async () => {
    const server = await asRecorded(recorded).serve(socket, new ForeignPlugin());
    const request = '{"jsonrpc":"2.0","method":"Handshake.Hello","params":[],"id":1}';
    expect(await post(request)).toContain('no such request was recorded');
    await expect(server.close()).rejects.toThrow('no such request was recorded');
  });
});

async function post(body: string): Promise<string> {
  const to = { socketPath: socket, method: 'POST', path: '/', headers: { 'content-type': 'application/json' } };
  return (await exchange({ ...to, body, limitBytes: 100_000, signal: never })).text;
}
