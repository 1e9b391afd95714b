import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkedConfiguration } from './configuration-at-start.ts';
import { EnvError } from './env.ts';

const GOOD = `version: 1
environments:
  prod:
    kind: simulator
    approvalsNeeded: 2
`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'roundhouse-'));
});
afterEach(() => rm(directory, { recursive: true }));
const file = async (text: string) => {
  const name = path.join(directory, 'roundhouse.yaml');
  await writeFile(name, text);
  return name;
};

test('a file that is good is read, and none is no error', async () => {
  expect(await checkedConfiguration(await file(GOOD))).toBe(GOOD);
  expect(await checkedConfiguration(null)).toBeNull();
});

test('a file that is wrong is refused with each error and its line', async () => {
  const name = await file(GOOD.replace('approvalsNeeded', 'aprovals').replace('simulator', 'aws'));
  const refused = checkedConfiguration(name);
  await expect(refused).rejects.toThrow(EnvError);
  await expect(refused).rejects.toThrow(`${name}:5: environments.prod.aprovals: is no field that we know`);
  await expect(refused).rejects.toThrow(`${name}:4: environments.prod.kind: `);
});

test('a file that is not there is refused', async () => {
  await expect(checkedConfiguration(path.join(directory, 'none.yaml'))).rejects.toThrow(
    /ROUNDHOUSE_CONFIG: .*none\.yaml/,
  );
});
