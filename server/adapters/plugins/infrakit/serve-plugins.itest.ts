import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { infrakitSettingsSchema } from '../../../contract/infrakit-settings.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { JsonText } from '../../../domain/instance/json-text.ts';
import type { Spec } from '../../../domain/instance/plugin.ts';
import { withTestEngine } from '../docker/test-engine.ts';
import { openInstallation } from '../local/installation.ts';
import { removeMachines } from '../local/remove-machines.ts';
import { InfrakitClient } from './infrakit-client.ts';
import { InfrakitPlugin } from './infrakit-plugin.ts';
import type { InfrakitServer } from './infrakit-server.ts';
import { requests, resultSchemas } from './instance-messages.ts';
import { serveDocker } from './serve-plugins.ts';

const never = new AbortController().signal;
const script = path.resolve(import.meta.dirname, '../../../../scripts/infrakit.mjs');

let dataDirectory: string;
let sockets: string;

beforeEach(async () => {
  dataDirectory = await mkdtemp(path.join(tmpdir(), 'rh-infrakit-'));
  ({ sockets } = await openInstallation(dataDirectory));
});
afterEach(async () => {
  await removeMachines(dataDirectory);
  await rm(sockets, { recursive: true });
  await rm(dataDirectory, { recursive: true });
});

function program(...args: readonly string[]) {
  return spawn(process.execPath, [script, ...args], {
    env: { NODE_ENV: 'production', PATH: '/usr/bin:/bin', ROUNDHOUSE_DATA: dataDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Where it serves. */
async function addressOf(serving: ReturnType<typeof program>): Promise<string> {
  const lines = createInterface(serving.stdout)[Symbol.asyncIterator]();
  return String((await lines.next()).value);
}

function pluginAt(address: string): InfrakitPlugin {
  const settings = infrakitSettingsSchema.parse({ address, minimumAgeMs: 0 });
  return new InfrakitPlugin({ name: 'served', settings, hooks: { commands: {}, reach: [] } });
}

const call = (token: string): Call => ({ token, deadline: Date.now() + 10_000, signal: never });

async function told(socketPath: string, at: string): Promise<unknown> {
  const asked = request({ socketPath, path: at, agent: false }).end();
  const [answer] = await once(asked, 'response');
  return JSON.parse(Buffer.concat(await answer.toArray()).toString());
}

await withTestEngine('containers served to the tools of InfraKit', (engine) => {
  const label = ['roundhouse.environment=infrakit'];
  const containers = () => engine.docker.listContainers({ all: true, filters: { label } });
  const imageOf = async (id: string) => (await engine.docker.getContainer(id).inspect()).Image;
  const TAGS = { 'infrakit.group': 'workers', 'infrakit.config_sha': 'ogwnrsjyyhggkkclq7q7gxbkxbdwcmdb' };
  const specOf = (image: string, logicalId: string | null): Spec => ({
    properties: { image, command: ['sleep', '600'] },
    tags: TAGS,
    init: '',
    logicalId,
    attachments: [],
  });
  /** As InfraKit's tools do: without a look whether it is there already. */
  const provision = (address: string, spec: Spec) => {
    const client = new InfrakitClient('served', address);
    return client.call('Instance.Provision', requests.provision('', spec), resultSchemas.provisioned, call('p'));
  };
  let settings: string;

  beforeEach(async () => {
    settings = path.join(dataDirectory, 'docker.yaml');
    await writeFile(settings, `address: unix://${engine.socket}\nnetwork: host\n`);
  });
  afterEach(async () => {
    for (const { Id } of await containers()) await engine.docker.getContainer(Id).remove({ force: true });
    const { Volumes } = await engine.docker.listVolumes({ filters: JSON.stringify({ label }) });
    for (const { Name } of Volumes) await engine.docker.getVolume(Name).remove();
  });

  test('are made once for a logical id, keep their tags, and outlive the program', async () => {
    const serving = program('docker', '--settings', settings);
    const ended = once(serving, 'exit');
    const address = await addressOf(serving);
    expect(address).toBe(path.join(dataDirectory, 'plugins', 'docker'));
    expect(await new InfrakitClient('served', address).hello({ signal: never })).toEqual({
      interfaces: [{ name: 'Instance', version: '0.6.1', sub: '' }],
      types: [''],
    });
    const example = { image: 'registry.example.org/web:2', command: [], env: {}, init: true };
    const methods = expect.arrayContaining([
      expect.objectContaining({
        Request: expect.objectContaining({
          method: 'Instance.Validate',
          params: { Type: '', Properties: example },
        }),
      }),
    ]);
    expect(await told(address, '/info/api.json')).toMatchObject({
      Vendor: { Name: 'roundhouse' },
      Interfaces: [{ Name: 'Instance', Version: '0.6.1', Methods: methods }],
    });
    expect(await told(address, '/info/functions.json')).toMatchObject({ builtin: expect.any(Array) });

    const plugin = pluginAt(address);
    await plugin.validate({ image: engine.image }, never);
    await expect(plugin.validate({ image: 'web' }, never)).rejects.toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      details: { message: expect.stringMatching(/^image: write name:tag/) },
    });
    const large = requests.validate('', new JsonText(`{"image":"${engine.image}","env":{"N":12345678901234567890}}`));
    const asked = new InfrakitClient('served', address).call('Instance.Validate', large, z.unknown(), call('v'));
    await expect(asked).rejects.toMatchObject({
      details: { message: expect.stringMatching(/^Properties\.env\.N: 12345678901234567890 would not be kept/) },
    });
    const id = await plugin.provision(specOf(engine.image, 'worker-1'), call('p'));
    expect(await provision(address, specOf(engine.image, 'worker-1'))).toBe(id);
    const other = await provision(address, specOf(engine.image, null));
    expect(await containers()).toHaveLength(2);

    const described = await plugin.describeInstances(TAGS, true, never);
    expect(described.map((one) => one.id).sort()).toEqual([id, other].sort());
    expect(described.find((one) => one.id === id)).toMatchObject({
      logicalId: 'worker-1',
      tags: TAGS,
      properties: { image: engine.image, command: ['sleep', '600'] },
    });
    const [plain] = await plugin.describeInstances({ 'infrakit.group': 'workers' }, false, never);
    expect(plain).toMatchObject({ tags: TAGS, properties: null });
    expect(await plugin.describeInstances({ 'infrakit.group': 'others' }, false, never)).toEqual([]);
    await expect(plugin.label(id, { role: 'web' }, never)).rejects.toMatchObject({
      details: { message: 'The labels of a container are fixed when it is made.' },
    });

    for (const unknown of ['rh-0000000000000000', engine.image]) await plugin.destroy(unknown, 'terminate', call('d'));
    await plugin.destroy(id, 'rolling_update', call('d'));
    await plugin.destroy(id, 'rolling_update', call('d'));
    expect(await provision(address, specOf(engine.image, 'worker-1'))).toBe(id);
    serving.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await expect(access(address)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await containers()).toMatchObject([{ Names: [`/${other}`], State: 'running' }]);
  });

  describe('a tag', () => {
    const moveTo = (image: string) => engine.docker.getImage(image).tag({ repo: 'served-test', tag: '1' });
    const untag = () => engine.docker.getImage('served-test:1').remove();
    let address: string;
    let server: InfrakitServer;

    beforeEach(async () => {
      address = path.join(dataDirectory, 'plugins', 'docker');
      server = await serveDocker(address, settings);
      await moveTo(engine.image);
    });
    afterEach(() => server.close());

    test('is looked up when a machine is made of it, and once for each machine', async () => {
      const plugin = pluginAt(address);
      await plugin.validate({ image: 'served-test:1' }, never);
      const first = await plugin.provision(specOf('served-test:1', 'worker-1'), call('p'));
      await moveTo(engine.checkedImage);
      expect(await provision(address, specOf('served-test:1', 'worker-1'))).toBe(first);
      const second = await plugin.provision(specOf('served-test:1', 'worker-2'), call('p'));
      expect(await imageOf(first)).toBe(engine.image);
      expect(await imageOf(second)).toBe(engine.checkedImage);
      const described = await plugin.describeInstances({}, true, never);
      expect(described.find(({ id }) => id === first)).toMatchObject({
        properties: { image: `served-test:1@${engine.image}`, command: ['sleep', '600'] },
      });

      await untag();
      expect(await provision(address, specOf('served-test:1', 'worker-1'))).toBe(first);
      const message = expect.stringContaining('run docker pull served-test:1 there');
      const refusal = { code: 'ENVIRONMENT_REFUSED', details: { message } };
      await expect(plugin.validate({ image: 'served-test:1' }, never)).rejects.toMatchObject(refusal);
      await expect(provision(address, specOf('served-test:1', 'worker-3'))).rejects.toMatchObject(refusal);
      expect(await containers()).toHaveLength(2);
    });

    test('with a digest stands for the image of the digest, wherever it points', async () => {
      await moveTo(engine.checkedImage);
      const image = `served-test:1@${engine.image}`;
      const id = await provision(address, specOf(image, 'worker-1'));
      expect(await imageOf(id ?? '')).toBe(engine.image);
      await untag();
    });
  });
});

test('machines of this host are served until the program is stopped, which takes the socket away', async () => {
  const serving = program('local');
  const ended = once(serving, 'exit');
  const address = await addressOf(serving);
  expect(address).toBe(path.join(dataDirectory, 'plugins', 'local'));

  const plugin = pluginAt(address);
  const spec = { tags: { 'roundhouse.token': 't' }, init: '', logicalId: 't#1', attachments: [] };
  await expect(plugin.validate({ version: '' }, never)).rejects.toMatchObject({
    code: 'ENVIRONMENT_REFUSED',
    details: { message: expect.stringContaining('version:') },
  });
  const id = await plugin.provision({ ...spec, properties: { version: '1' } }, call('t'));
  expect(await plugin.describeInstances({ 'roundhouse.token': 't' }, true, never)).toMatchObject([
    { id, logicalId: 't#1', properties: { version: '1' } },
  ]);
  await plugin.label(id, { role: 'web' }, never);
  expect(await plugin.describeInstances({ role: 'web' }, false, never)).toMatchObject([{ id }]);
  for (const unknown of ['m-000000000000', `../machines/${id}`, '..']) {
    await plugin.destroy(unknown, 'terminate', call('d'));
    await expect(plugin.label(unknown, { a: 'b' }, never)).rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' });
  }
  expect(await plugin.describeInstances({}, false, never)).toMatchObject([{ id }]);
  await plugin.destroy(id, 'rolling_update', call('d'));
  const machines = () => plugin.describeInstances({}, false, never);
  await expect.poll(machines, { timeout: 10_000 }).toEqual([]);

  serving.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await expect(access(address)).rejects.toMatchObject({ code: 'ENOENT' });
});

test.each<[string, (directory: string) => string[], (directory: string) => string]>([
  ['nothing', () => [], () => 'Say what to serve'],
  ['what is not ours to serve', () => ['simulator'], () => 'Say what to serve'],
  [
    'what takes no settings, with some',
    (at) => ['local', '--settings', `${at}/absent.yaml`],
    () => 'Say what to serve',
  ],
  ['settings without a file', () => ['docker', '--settings'], () => 'Say what to serve'],
  ['a socket with a long path', (at) => ['local', `${at}/${'n'.repeat(100)}`], () => 'at most 100 bytes'],
  [
    'settings that are not there',
    (at) => ['docker', '--settings', `${at}/none.yaml`],
    (at) => `no such file or directory, open '${at}/none.yaml'`,
  ],
  [
    'settings that are wrong',
    (at) => ['docker', '--settings', `${at}/wrong.yaml`],
    (at) => `${at}/wrong.yaml:2: address: write unix:///path/of/the/socket or tcp://host:port`,
  ],
  [
    'settings that name a secret',
    (at) => ['docker', '--settings', `${at}/secret.yaml`],
    () => 'names engine-key: there is no console here that keeps secrets, so name files of this host.',
  ],
  [
    'an engine that does not answer',
    (at) => ['docker', '--settings', `${at}/absent.yaml`],
    () => 'The engine at unix:///nowhere/docker.sock gave no answer',
  ],
])('refused in words: %s', async (_, args, words) => {
  await writeFile(path.join(dataDirectory, 'absent.yaml'), 'address: unix:///nowhere/docker.sock\n');
  await writeFile(path.join(dataDirectory, 'wrong.yaml'), 'network: host\naddress: /var/run/docker.sock\n');
  const tls = '{ ca: /ca.pem, cert: /cert.pem, key: "secret:engine-key" }';
  await writeFile(path.join(dataDirectory, 'secret.yaml'), `address: tcp://127.0.0.1:1\ntls: ${tls}\n`);
  const refused = program(...args(dataDirectory));
  let said = '';
  refused.stderr.on('data', (text) => {
    said += text;
  });
  expect(await once(refused, 'close')).toEqual([1, null]);
  expect(said).toContain(words(dataDirectory));
});
