import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { infrakitSettingsSchema } from '../../../contract/infrakit-settings.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { openInstallation } from '../local/installation.ts';
import { removeMachines } from '../local/remove-machines.ts';
import { InfrakitPlugin } from './infrakit-plugin.ts';

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

const call = (token: string): Call => ({ token, deadline: Date.now() + 10_000, signal: never });

test('machines of this host are served until the program is stopped, which takes the socket away', async () => {
  const serving = program('local');
  const ended = once(serving, 'exit');
  const lines = createInterface(serving.stdout)[Symbol.asyncIterator]();
  const address = String((await lines.next()).value);
  expect(address).toBe(path.join(dataDirectory, 'plugins', 'local'));

  const settings = infrakitSettingsSchema.parse({ address, minimumAgeMs: 0 });
  const plugin = new InfrakitPlugin({ name: 'served', settings, hooks: { commands: {}, reach: [] } });
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
  await expect.poll(() => plugin.describeInstances({}, false, never)).toEqual([]);

  serving.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await expect(access(address)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('what cannot be served is refused in words', async () => {
  for (const [args, words] of [
    [[], 'Say what to serve'],
    [['docker'], 'Say what to serve'],
    [['local', path.join(dataDirectory, 'n'.repeat(100))], 'at most 100 bytes'],
  ] as const) {
    const refused = program(...args);
    let said = '';
    refused.stderr.on('data', (text) => {
      said += text;
    });
    expect(await once(refused, 'close')).toEqual([1, null]);
    expect(said).toContain(words);
  }
});
