import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hooksSchema } from '../../../contract/hooks.ts';
import { infrakitSettingsSchema } from '../../../contract/infrakit-settings.ts';
import { readYaml } from '../../../contract/read-yaml.ts';
import { readInstallation } from '../../../contract/roundhouse-yaml.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { InfrakitPlugin } from './infrakit-plugin.ts';

const never = new AbortController().signal;
const guide = await readFile(path.resolve(import.meta.dirname, '../../../../docs/plugins.md'), 'utf8');

function example(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);
}

describe('the plugin of the guide', () => {
  let directory: string;
  let running: ChildProcess;
  let socket: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'rh-infrakit-'));
    socket = path.join(directory, 'plug');
    const [program = ''] = example('js');
    await writeFile(path.join(directory, 'plugin.mjs'), program);
    running = spawn(process.execPath, [path.join(directory, 'plugin.mjs'), socket, path.join(directory, 'machines')], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const openTo = () => stat(socket).then(({ mode }) => mode & 0o077);
    await expect.poll(() => openTo().catch(() => 'nobody yet'), { timeout: 10_000 }).toBe(0);
  });
  afterEach(async () => {
    running.kill('SIGTERM');
    if (running.exitCode === null) await once(running, 'exit');
    await rm(directory, { recursive: true });
  });

  const plugin = (type = '') => {
    const settings = infrakitSettingsSchema.parse({ address: socket, type, minimumAgeMs: 0, drainWaitMs: 0 });
    return new InfrakitPlugin({ name: 'example', settings, hooks: hooksSchema.parse({}) });
  };
  const call = (): Call => ({ token: 't', deadline: Date.now() + 5_000, signal: never });
  const spec = (logicalId: string) => {
    const tags = { 'roundhouse.token': 't', 'roundhouse.cluster': 'é <c>' };
    return { properties: { image: 'web:1' }, tags, init: '', logicalId, attachments: [] };
  };

  test('makes, tags, lists and ends machines, each logical id once', async () => {
    const id = await plugin().provision(spec('t#1'), call());
    expect(await plugin().provision(spec('t#1'), call())).toBe(id);
    const other = await plugin().provision(spec('t#2'), call());
    await plugin().label(id, { role: 'web' }, never);
    expect(await plugin().describeInstances({ role: 'web', 'roundhouse.cluster': 'é <c>' }, true, never)).toMatchObject(
      [{ id, logicalId: 't#1', properties: { image: 'web:1' } }],
    );
    expect((await plugin().status([id], never)).get(id)).toMatchObject({ state: 'started', health: 'healthy' });
    await plugin().drain(id, call());
    expect((await plugin().status([id], never)).get(id)).toMatchObject({ state: 'drained' });
    for (const gone of [id, id, 'vm-0', `../machines/${other}`]) await plugin().destroy(gone, 'terminate', call());
    expect((await plugin().describeInstances({}, false, never)).map((one) => one.id)).toEqual([other]);
  });

  test('says what is wrong with properties, and has no types', async () => {
    const refused = (message: string) => ({ code: 'ENVIRONMENT_REFUSED', details: { message } });
    await plugin().validate({ image: 'web:1' }, never);
    await expect(plugin().validate({}, never)).rejects.toMatchObject(refused('image: name what the machine runs'));
    await expect(plugin('vm').validate({}, never)).rejects.toMatchObject(
      refused('no-plugin:vm; this address serves the plugin itself'),
    );
  });
});

test('the plugin of the guide is short', () => {
  expect(example('js').map((program) => program.trimEnd().split('\n').length)).toEqual([60]);
});

test('the files of the guide are good', () => {
  const [environment = '', hooks = ''] = example('yaml');
  expect(readInstallation(environment).problems).toEqual([]);
  expect(readYaml(hooks, hooksSchema).problems).toEqual([]);
});
