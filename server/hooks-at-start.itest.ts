import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvError } from './env.ts';
import { checkedHooks } from './hooks-at-start.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'roundhouse-'));
});
afterEach(() => rm(directory, { recursive: true }));
const file = async (text: string) => {
  const name = path.join(directory, 'hooks.yaml');
  await writeFile(name, text);
  return name;
};

test('without a file hooks may run nothing and reach nothing of this host', async () => {
  expect(await checkedHooks(null)).toEqual({ commands: {}, reach: [] });
});

test('commands and addresses are those of the file', async () => {
  const name = await file('commands:\n  drain: [/usr/local/bin/drain, --all]\nreach: ["127.0.0.1:9000"]\n');
  expect(await checkedHooks(name)).toEqual({
    commands: { drain: ['/usr/local/bin/drain', '--all'] },
    reach: ['127.0.0.1:9000'],
  });
});

test('a file that is wrong, or not there, is refused with each error and its line', async () => {
  const refused = checkedHooks(await file('commands:\n  drain: [drain]\n  stop: []\nurls: []\n'));
  await expect(refused).rejects.toThrow(EnvError);
  await expect(refused).rejects.toThrow(':2: commands.drain: begin with the absolute path of a program');
  await expect(refused).rejects.toThrow(':3: commands.stop');
  await expect(refused).rejects.toThrow(':4: ');
  await expect(checkedHooks(path.join(directory, 'none.yaml'))).rejects.toThrow(/ROUNDHOUSE_HOOKS: .*none\.yaml/);
});
