import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { HookRules } from '../../../contract/hooks.ts';
import { infrakitSettingsSchema } from '../../../contract/infrakit-settings.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import type { Spec } from '../../../domain/instance/plugin.ts';
import { InfrakitClient } from './infrakit-client.ts';
import { InfrakitPlugin, infrakitCapabilities } from './infrakit-plugin.ts';
import { ForeignPlugin, type InfrakitRig, infrakitRig, serveMachines } from './infrakit-rig.ts';
import { serveInfrakit } from './infrakit-server.ts';
import { type CallCase, vectors } from './testdata/vectors.ts';

const never = new AbortController().signal;
const NOW = 1_700_000_000_000;

let directory: string;
let socket: string;
const open: (() => unknown)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'rh-infrakit-'));
  socket = path.join(directory, 'plug');
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
  await rm(directory, { recursive: true });
});

type Settings = Partial<z.input<typeof infrakitSettingsSchema>>;

function pluginWith(settings: Settings = {}, hooks: Partial<HookRules> = {}, clock = Date.now): InfrakitPlugin {
  const parsed = infrakitSettingsSchema.parse({ address: socket, ...settings });
  return new InfrakitPlugin({ name: 'abroad', settings: parsed, hooks: { commands: {}, reach: [], ...hooks }, clock });
}

function call(overrides: Partial<Call> = {}): Call {
  return { token: 'cycle/1/1', deadline: Date.now() + 5_000, signal: never, ...overrides };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function spec(logicalId: string | null = 'cycle/1/1#1'): Spec {
  const tags = { 'roundhouse.cluster': 'c', 'roundhouse.token': 'cycle/1/1', 'infrakit.config_sha': 'v1' };
  return { properties: {}, tags, init: '', logicalId, attachments: [] };
}

interface Asked {
  readonly method: string;
  readonly id: number;
  readonly text: string;
}

/** A plugin of which a test says every byte. `null` is never an answer. */
async function plugin(answer: (asked: Asked) => string | null, listen: string | number = socket): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const { method, id } = JSON.parse(text);
    const answered = answer({ method, id, text });
    if (answered !== null) response.writeHead(200, { 'content-type': 'text/plain' }).end(answered);
  });
  await new Promise<void>((resolve) => {
    if (typeof listen === 'number') server.listen(listen, '127.0.0.1', resolve);
    else server.listen(listen, resolve);
  });
  open.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return server;
}

const result = (value: unknown, id: number) => `${JSON.stringify({ jsonrpc: '2.0', result: value, id })}\n`;
const failure = (message: string, id: number) =>
  `${JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message, data: null }, id })}\n`;
const HELLO = { Objects: { 'Instance/0.6.1': [{ Name: '.', ProxyFor: '' }] } };
/** Shakes hands, and leaves the rest to the test. */
const afterHello = (answer: (asked: Asked) => string | null) => (asked: Asked) =>
  asked.method === 'Handshake.Hello' ? result(HELLO, asked.id) : answer(asked);
const listing = (...ids: readonly string[]) => ({ Descriptions: ids.map((ID) => ({ ID, LogicalID: null, Tags: {} })) });

describe('the handshake', () => {
  /** A plugin of one generation, which does not know the words of the others. */
  const generation = (method: string, answer: object) =>
    plugin(({ method: asked, id }) => {
      if (asked === method) return result(answer, id);
      if (asked === 'Instance.DescribeInstances') return result({ Descriptions: null }, id);
      return failure(`rpc: can't find method "${asked}"`, id);
    });
  const api = (Version: string) => ({ APIs: [{ Name: 'Instance', Version }] });

  test.each([
    ['Handshake.Hello', HELLO],
    ['Handshake.Hello', { Objects: { 'Instance/0.6.17': null } }],
    ['Handshake.Types', { Types: { 'Instance/0.5.0': ['.'] } }],
    ['Handshake.Implements', api('0.5.0')],
    ['Handshake.Implements', api('0.3.0')],
  ])('%s is understood: %j', async (method, answer) => {
    await generation(method, answer);
    expect(await pluginWith().describeInstances({}, false, never)).toEqual([]);
  });

  test.each([
    ['Handshake.Hello', { Objects: { 'Group/0.1.0': [] } }, 'does not support interface Instance'],
    ['Handshake.Hello', { Objects: { 'Instance/0.7.0': [] } }, 'version 0.7.0'],
    ['Handshake.Implements', api('0.4.0'), 'version 0.4.0'],
    ['Handshake.Hello', { Objects: { 'Instance/0.6.1': [{ Name: 'vm' }] } }, 'no-plugin:; this address serves vm'],
  ])('%s is refused in words: %j', async (method, answer, words) => {
    await generation(method, answer);
    await expect(pluginWith().describeInstances({}, false, never)).rejects.toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      details: { environment: 'abroad', message: expect.stringContaining(words) },
    });
  });

  test('an older plugin may answer what it does not know with nothing at all', async () => {
    await plugin(({ method, id }) => {
      if (method === 'Handshake.Implements') return result(api('0.3.0'), id);
      return method.startsWith('Handshake.') ? '' : result({}, id);
    });
    expect(await pluginWith().describeInstances({}, false, never)).toEqual([]);
  });

  test('is made again after a plugin was away, since another may have come', async () => {
    const first = await plugin(afterHello(({ id }) => result({}, id)));
    const ours = pluginWith();
    await ours.describeInstances({}, false, never);
    await new Promise((resolve) => first.close(resolve));
    const away = { code: 'ENVIRONMENT_UNAVAILABLE' };
    await expect(ours.describeInstances({}, false, never)).rejects.toMatchObject(away);
    await plugin(({ id }) => result({ Objects: { 'Group/0.1.0': [] } }, id));
    await expect(ours.describeInstances({}, false, never)).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED' });
  });
});

describe('addresses', () => {
  test('a plugin is reached by tcp, and by the file that names where it listens', async () => {
    const server = await plugin(
      afterHello(({ id }) => result(listing('i-1'), id)),
      0,
    );
    const { port } = server.address() as AddressInfo;
    const file = path.join(directory, 'abroad.listen');
    await writeFile(file, `tcp://127.0.0.1:${port}\n`);
    for (const address of [`tcp://127.0.0.1:${port}`, file]) {
      expect(await pluginWith({ address }).describeInstances({}, false, never)).toMatchObject([{ id: 'i-1' }]);
    }
  });

  test.each(['plug', 'http://a:1', 'tcp://a', 'tcp://user@a:1', '/a b', 'unix:///a'])('%s is none', (address) => {
    expect(infrakitSettingsSchema.safeParse({ address }).success).toBe(false);
  });
});

describe('failures', () => {
  test('what the plugin says is kept in its words, and is for a person', async () => {
    for (const words of ['at capacity 3', 'no-plugin:vm']) {
      await plugin(
        afterHello(({ method, id }) => (method === 'Instance.Provision' ? failure(words, id) : result({}, id))),
      );
      await expect(pluginWith().provision(spec(), call())).rejects.toMatchObject({
        code: 'ENVIRONMENT_REFUSED',
        temporary: false,
        details: { environment: 'abroad', operation: 'Instance.Provision', message: words },
      });
      for (const close of open.splice(0)) await close();
    }
  });

  test('a plugin that is not there is unavailable', async () => {
    await expect(pluginWith().describeInstances({}, false, never)).rejects.toMatchObject({
      code: 'ENVIRONMENT_UNAVAILABLE',
      temporary: true,
    });
  });

  test('a plugin that does not answer in time is late, with the token', async () => {
    await plugin(afterHello(() => null));
    const late = { code: 'CALL_DEADLINE', temporary: true, details: { token: 'cycle/1/1' } };
    const deadline = Date.now() + 100;
    await expect(pluginWith().destroy('i', 'terminate', call({ deadline }))).rejects.toMatchObject(late);
  });

  test('a call that is given up rejects with the reason', async () => {
    const giveUp = new AbortController();
    await plugin(
      afterHello(() => {
        giveUp.abort(new Error('stopped'));
        return null;
      }),
    );
    await expect(pluginWith().describeInstances({}, false, giveUp.signal)).rejects.toThrow('stopped');
  });

  test.each([
    ['nothing', () => ''],
    ['no JSON', () => '<html>'],
    ['the answer to another request', ({ id }: Asked) => result({}, id + 1)],
    ['another shape', ({ id }: Asked) => result({ Descriptions: [{ Id: 5 }] }, id)],
  ])('%s leaves open what was done', async (_name, answer) => {
    await plugin(afterHello(answer));
    await expect(pluginWith().describeInstances({}, false, never)).rejects.toMatchObject({
      code: 'ENVIRONMENT_UNAVAILABLE',
      cause: expect.any(Error),
    });
  });

  test('an answer that never ends is cut off', async () => {
    await plugin(({ id }) => result('x'.repeat(10_000), id));
    const client = new InfrakitClient('abroad', socket, 1_000);
    await expect(client.hello({ signal: never })).rejects.toMatchObject({
      cause: { message: 'the answer is larger than 1000 bytes' },
    });
  });
});

describe('the recorded exchanges', () => {
  const calls = vectors('rpc').filter((one): one is CallCase => one.kind === 'call');

  test('of a plugin of the source are understood through the port', async () => {
    let one = calls[0];
    let seen = '';
    await plugin(({ method, id, text }) => {
      if (method === 'Handshake.Hello') {
        const types = ['', 'vm', 'disk/ssd', 'none'].map((Name) => ({ Name }));
        return result({ Objects: { 'Instance/0.6.1': types } }, id);
      }
      if (one === undefined || method.toLowerCase() !== `instance.${one.call.fn.toLowerCase()}`) {
        // Whether a machine is there after its call was refused.
        const ID = one !== undefined && 'id' in one.call ? one.call.id : '';
        return result({ Descriptions: [{ ID }] }, id);
      }
      seen = text.replace(new RegExp(`"id":${id}}$`), '"id":"#ID"}');
      return `${one.exchange.response.replace('"#ID"', String(id))}\n`;
    });
    let compared = 0;
    for (one of calls) {
      const { name, exchange, clientError, pluginReturns } = one;
      const [, ...type] = name.split('/');
      const ours = pluginWith({ type: type.join('/') });
      const outcome = await made(ours, one.call).catch((error: unknown) => error);
      if (clientError !== null) {
        const message = clientError === '' ? 'the plugin refused and did not say why' : clientError;
        expect(outcome).toMatchObject({ code: 'ENVIRONMENT_REFUSED', details: { message } });
      } else if (one.call.fn === 'provision' && pluginReturns.id === null) {
        expect(outcome).toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE' });
      } else {
        expect(outcome).toEqual(one.call.fn === 'provision' ? pluginReturns.id : undefined);
      }
      // A provision carries our tags too, and the reason of a destroy is one of two.
      if (one.call.fn === 'label' || one.call.fn === 'validate') {
        const asRecorded = exchange.request.replace('"Labels":null', '"Labels":{}');
        expect(seen).toBe(asRecorded);
        compared += 1;
      }
    }
    expect(compared).toBe(53);
  });

  function made(ours: InfrakitPlugin, call_: CallCase['call']): Promise<unknown> {
    if (call_.fn === 'validate') return ours.validate(JSON.parse(call_.propertiesText ?? 'null'), never);
    if (call_.fn === 'label') return ours.label(call_.id, call_.labels ?? {}, never);
    if (call_.fn === 'destroy') return ours.destroy(call_.id, 'terminate', call());
    if (call_.fn === 'describeInstances') return ours.describeInstances({}, false, never).then(() => undefined);
    const { propertiesText, tags, init, attachments } = call_.spec;
    const properties = JSON.parse(propertiesText ?? 'null');
    const given = { properties, tags: tags ?? {}, init, attachments: attachments ?? [], logicalId: null };
    return ours.provision(given, call());
  }
});

describe('lists', () => {
  test('are in the order of their ids, and hold nothing that lacks a wanted tag', async () => {
    const described = [
      { ID: 'i-2', Tags: { a: '1' } },
      { ID: 'i-3', Tags: null },
      { ID: '\ue000', Tags: { a: '1' } },
      { ID: 'i-10', Tags: { a: '1', b: '2' }, Properties: { Spec: { Tags: {} } } },
      { ID: '😀', Tags: { a: '1' } },
      { ID: 'i-4', Tags: { a: '2' } },
    ];
    await plugin(afterHello(({ id }) => result({ Descriptions: described }, id)));
    const ours = await pluginWith().describeInstances({ a: '1' }, true, never);
    expect(ours.map(({ id }) => id)).toEqual(['i-10', 'i-2', '\ue000', '😀']);
    expect(ours[0]?.properties).toEqual({ Spec: { Tags: {} } });
  });
});

describe('a machine that was listed', () => {
  const lists = async (...answers: readonly (readonly string[])[]) => {
    let asked = 0;
    await plugin(
      afterHello(({ method, id }) => {
        if (method !== 'Instance.DescribeInstances') return result({ OK: true }, id);
        asked += 1;
        return result(listing(...(answers[asked - 1] ?? [])), id);
      }),
    );
    const ours = pluginWith();
    const ids = async () => (await ours.describeInstances({}, false, never)).map((one) => one.id);
    return { ours, ids, asked: () => asked };
  };

  test('is not gone because one list lacks it, as while a plugin writes its label', async () => {
    const { ids, asked } = await lists(['a', 'b'], ['a'], ['a', 'b']);
    expect(await ids()).toEqual(['a', 'b']);
    expect(await ids()).toEqual(['a', 'b']);
    expect(asked()).toBe(3);
  });

  test('is gone where two lists lack it, or the first after we destroyed it, and is not looked for again', async () => {
    const { ours, ids, asked } = await lists(['a', 'b'], ['b'], ['b'], ['b'], []);
    await ids();
    expect(await ids()).toEqual(['b']);
    expect(await ids()).toEqual(['b']);
    await ours.destroy('b', 'terminate', call());
    expect(await ids()).toEqual([]);
    expect(asked()).toBe(5);
  });
});

describe('machines that are not there', () => {
  test('are destroyed and drained already, in whatever words the plugin says so', async () => {
    await plugin(
      afterHello(({ method, id }) =>
        method === 'Instance.DescribeInstances' ? result(listing('other'), id) : failure('remove x: ENOENT', id),
      ),
    );
    const ours = pluginWith();
    await ours.destroy('i', 'terminate', call());
    await ours.drain('i', call());
    await expect(ours.label('i', {}, never)).rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' });
  });

  test('are told from those that the plugin does not let go', async () => {
    await plugin(
      afterHello(({ method, id }) =>
        method === 'Instance.DescribeInstances' ? result(listing('i'), id) : failure('not found, or so', id),
      ),
    );
    const kept = { code: 'ENVIRONMENT_REFUSED', details: { message: 'not found, or so' } };
    await expect(pluginWith().destroy('i', 'terminate', call())).rejects.toMatchObject(kept);
    await expect(pluginWith().drain('i', call())).rejects.toMatchObject(kept);
  });
});

describe('provisioning', () => {
  let rig: InfrakitRig;
  beforeEach(async () => {
    rig = await infrakitRig();
  });
  afterEach(() => rig.close());
  const ours = () => new InfrakitPlugin({ name: 'abroad', settings: rig.settings, hooks: rig.hooks });

  test('another worker finds what was made by the tags, after an answer was lost', async () => {
    await rig.loseNextAnswer();
    await expect(ours().provision(spec(), call())).rejects.toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE' });
    const [made] = [...rig.plugin.machines.keys()];
    expect(await ours().provision(spec(), call())).toBe(made);
    expect(rig.plugin.provisions).toBe(1);
    expect(await ours().provision(spec('cycle/1/1#2'), call())).not.toBe(made);
  });

  test('the config, the cluster and when it was made reach the plugin with a machine', async () => {
    const id = await ours().provision(spec(), call());
    expect(rig.plugin.machines.get(id)?.tags).toMatchObject({
      'infrakit.config_sha': 'v1',
      'roundhouse.cluster': 'c',
      'roundhouse.token': 'cycle/1/1',
      'roundhouse.logical-id': 'cycle/1/1#1',
      'roundhouse.created': expect.stringMatching(/^\d{13}$/),
    });
  });
});

describe('what plugins do not tell', () => {
  let foreign: ForeignPlugin;
  let host: string;
  let now = NOW;
  beforeEach(async () => {
    foreign = new ForeignPlugin();
    const machines = await serveMachines(foreign);
    host = machines.host;
    const server = await serveInfrakit(socket, { plugins: new Map([['', foreign]]) });
    open.push(
      () => server.close(),
      () => {
        machines.server.closeAllConnections();
        return new Promise((resolve) => machines.server.close(resolve));
      },
    );
    now = NOW;
  });
  const withClock = (settings: Settings, hooks: Partial<HookRules> = {}) =>
    pluginWith(settings, { reach: [host], ...hooks }, () => now);
  const factsOf = async (ours: InfrakitPlugin, id: string) => (await ours.status([id], never)).get(id);

  test('without a probe a machine is starting until its minimum age, and healthy from then on', async () => {
    const ours = withClock({ minimumAgeMs: 1_000 });
    const id = await ours.provision(spec(), call());
    expect(await factsOf(ours, id)).toMatchObject({ state: 'starting', health: 'unknown', createdAt: NOW });
    now += 1_000;
    const inService = { state: 'started', health: 'healthy', healthySince: NOW + 1_000 };
    expect(await factsOf(ours, id)).toMatchObject(inService);
    expect(await factsOf(withClock({ minimumAgeMs: 1_000 }), id)).toMatchObject(inService);
  });

  test('one that somebody else made is started, and its age is not known', async () => {
    const id = await foreign.provision(spec(), call());
    expect(await factsOf(withClock({}), id)).toMatchObject({ state: 'started', health: 'healthy', createdAt: null });
  });

  test('with a probe it is starting until the probe passes or it is old enough, and then as the probe says', async () => {
    const ours = withClock({ minimumAgeMs: 10_000, probe: { url: `http://${host}/{id}` } });
    const id = await ours.provision(spec(), call());
    const machine = foreign.machines.get(id);
    if (machine === undefined) throw new Error('it was not made');
    machine.dead = true;
    expect(await factsOf(ours, id)).toMatchObject({ state: 'starting', health: 'unknown' });
    machine.dead = false;
    now += 5_000;
    await expect.poll(() => factsOf(ours, id)).toMatchObject({ state: 'started', health: 'healthy' });
    expect(await factsOf(ours, id)).toMatchObject({ healthySince: NOW + 5_000 });
    machine.dead = true;
    expect(await factsOf(ours, id)).toMatchObject({ state: 'started', health: 'unhealthy', healthySince: null });
    machine.dead = false;
    now += 1_000;
    expect(await factsOf(ours, id)).toMatchObject({ health: 'healthy', healthySince: NOW + 6_000 });
    machine.dead = true;
    now += 10_000;
    expect(await factsOf(withClock({ minimumAgeMs: 10_000, probe: { url: `http://${host}/{id}` } }), id)).toMatchObject(
      {
        state: 'started',
        health: 'unhealthy',
      },
    );
  });

  test('a probe whose URL names what a machine lacks says nothing of it', async () => {
    const ours = withClock({ minimumAgeMs: 0, probe: { url: 'http://{tag:address}/health' } });
    const id = await ours.provision(spec(), call());
    expect(await factsOf(ours, id)).toMatchObject({ state: 'started', health: 'unknown' });
  });

  test.each([
    ['too long', 'x'.repeat(8_001)],
    ['half a character', '\ud800'],
  ])(
    'a machine whose URL would be %s is not asked for its health, and its hook is refused in words',
    async (_, note) => {
      const url = `http://${host}/{tag:note}`;
      const ours = withClock({ minimumAgeMs: 0, probe: { url }, drainHook: { url } });
      const id = await ours.provision({ ...spec(), tags: { ...spec().tags, note } }, call());
      expect(await factsOf(ours, id)).toMatchObject({ state: 'started', health: 'unknown' });
      await expect(ours.drain(id, call())).rejects.toMatchObject({
        code: 'ENVIRONMENT_REFUSED',
        details: {
          message: `no URL comes of the drain hook ${url} for ${id}: it lacks what is named there, or it is too long`,
        },
      });
    },
  );

  test.each(['127.0.0.1:1', 'localhost:1', '[::1]:1', '[::ffff:127.0.0.1]:1', '169.254.169.254', '0.0.0.0:1'])(
    'a probe or a hook at %s is refused where the server does not list it',
    async (inward) => {
      const url = `http://${inward}/{id}`;
      const probing = pluginWith({ probe: { url } });
      const id = await probing.provision(spec(), call());
      const refused = {
        code: 'ENVIRONMENT_REFUSED',
        details: { message: expect.stringContaining('does not list it') },
      };
      await expect(probing.status([id], never)).rejects.toMatchObject(refused);
      await expect(pluginWith({ drainHook: { url } }).drain(id, call())).rejects.toMatchObject(refused);
    },
  );

  test('without a hook a machine is taken for drained after the wait, counted from the first order', async () => {
    const ours = withClock({ drainWaitMs: 5_000 });
    const id = await ours.provision(spec(), call());
    await ours.drain(id, call());
    now += 4_999;
    await ours.drain(id, call());
    expect(await factsOf(ours, id)).toMatchObject({ state: 'draining', drainingSince: NOW });
    now += 1;
    expect(await factsOf(withClock({ drainWaitMs: 5_000 }), id)).toMatchObject({ state: 'drained' });
    expect(foreign.machines.get(id)?.tags['roundhouse.drain']).toBe(String(NOW));
  });

  test('that a drain cannot be observed stands in the capabilities', () => {
    const settings = (given: Settings) => infrakitSettingsSchema.parse({ address: socket, ...given });
    expect(infrakitCapabilities(settings({ drainWaitMs: 7_000 }))).toMatchObject({
      observesDrain: false,
      drainWaitMs: 7_000,
      token: 'by-tag',
    });
    expect(infrakitCapabilities(settings({ drainHook: { command: 'drain' } }))).toEqual({
      undrain: false,
      close: false,
      token: 'by-tag',
      observesDrain: true,
    });
  });

  test('a hook that fails at the order fails the drain, which may be ordered again', async () => {
    const ours = withClock({ drainHook: { url: `http://${host}/{id}` } }, { reach: [host] });
    const id = await ours.provision(spec(), call());
    const away = pluginWith({ drainHook: { url: 'http://127.0.0.1:1/{id}' } }, { reach: ['127.0.0.1:1'] });
    const failed = { code: 'ENVIRONMENT_UNAVAILABLE', details: { operation: 'drain hook' } };
    await expect(away.drain(id, call())).rejects.toMatchObject(failed);
    expect(await factsOf(away, id)).toMatchObject({ state: 'draining' });
    await ours.drain(id, call());
    expect(await factsOf(ours, id)).toMatchObject({ state: 'drained' });
  });

  describe('a command of the server as drain hook', () => {
    async function script(text: string): Promise<Partial<HookRules>> {
      const file = path.join(directory, 'hook.mjs');
      await writeFile(file, text);
      await chmod(file, 0o600);
      return { commands: { drain: [process.execPath, file] } };
    }
    const drained = `
      let text = '';
      for await (const chunk of process.stdin) text += chunk;
      const { action, instance, drainingSince } = JSON.parse(text);
      const isGiven = Object.keys(process.env).sort().join() === 'NODE_ENV,PATH';
      if (!isGiven || drainingSince !== ${NOW} || instance.tags['roundhouse.drain'] !== '${NOW}') process.exit(1);
      console.log(JSON.stringify({ drained: action === 'status' }));`;

    test('is asked on its input, with nothing of our environment, and answers on its output', async () => {
      const ours = withClock({ drainHook: { command: 'drain' } }, await script(drained));
      const id = await ours.provision(spec(), call());
      await ours.drain(id, call());
      now += 1_000;
      await ours.drain(id, call());
      expect(await factsOf(ours, id)).toMatchObject({ state: 'drained', drainingSince: NOW });
    });

    test('is ended by force at its limit', async () => {
      const file = path.join(directory, 'pid');
      const deaf = `
        process.on('SIGTERM', () => {});
        (await import('node:fs')).writeFileSync(${JSON.stringify(file)}, String(process.pid));
        setInterval(() => {}, 1000);`;
      const ours = withClock({ drainHook: { command: 'drain' }, hookLimitMs: 2_000 }, await script(deaf));
      const id = await ours.provision(spec(), call());
      await expect(ours.drain(id, call())).rejects.toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE' });
      const pid = Number(await readFile(file, 'utf8'));
      await expect.poll(() => isRunning(pid)).toBe(false);
    });

    test.each([
      ['that fails', 'process.exit(3)'],
      ['that says something else', 'console.log("yes")'],
      ['that hangs', 'setInterval(() => {}, 1000)'],
    ])('%s has not said that the machine is drained', async (_name, text) => {
      const ours = withClock({ drainHook: { command: 'drain' }, hookLimitMs: 300 }, await script(text));
      const id = await ours.provision(spec(), call());
      await expect(ours.drain(id, call())).rejects.toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE' });
      expect(await factsOf(ours, id)).toMatchObject({ state: 'draining' });
    });

    test('is refused where the server does not know it', async () => {
      const ours = withClock({ drainHook: { command: 'rm' } });
      const id = await ours.provision(spec(), call());
      const refused = { code: 'ENVIRONMENT_REFUSED', details: { message: expect.stringContaining('no command "rm"') } };
      await expect(ours.drain(id, call())).rejects.toMatchObject(refused);
    });
  });
});
