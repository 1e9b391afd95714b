import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedServer, startEmbeddedServer } from './embedded-server.ts';

let directory: string;
let servers: EmbeddedServer[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'roundhouse-embedded-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  await rm(directory, { recursive: true });
});

async function start(): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer(directory);
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const pidFile = () => join(directory, 'database/data/postmaster.pid');
const postmaster = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0]);

test('what was written is there after a stop and a start, at the same address', async () => {
  const first = await start();
  await query(first.ownerUrl, 'create table kept as select 1 as n');
  await first.stop();
  expect(existsSync(pidFile())).toBe(false);
  const second = await start();
  expect(second.adopted).toBe(false);
  expect(second.url).toBe(first.url);
  expect(await query(second.ownerUrl, 'select n from kept')).toEqual([{ n: 1 }]);
});

test('a server that runs already is adopted, and can be stopped', async () => {
  const first = await start();
  const second = await start();
  expect(second).toMatchObject({ adopted: true, url: first.url });
  await second.stop();
  await expect(query(first.url, 'select')).rejects.toThrow('ECONNREFUSED');
});

test('two starts at the same moment give one server', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  expect(one.url).toBe(two.url);
  expect(await query(one.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('after a hard kill the committed rows are there', async () => {
  const first = await start();
  await query(first.ownerUrl, 'create table kept as select 1 as n');
  process.kill(await postmaster(), 'SIGKILL');
  const second = await start();
  expect(second.adopted).toBe(false);
  expect(await query(second.ownerUrl, 'select n from kept')).toEqual([{ n: 1 }]);
});

test('a pid file that names a process which is no database does not stand in the way', async () => {
  const first = await start();
  await first.stop();
  await writeFile(pidFile(), `${process.pid}\n${join(directory, 'database/data')}\n1\n5432\n\n127.0.0.1\n\nready\n`);
  const second = await start();
  expect(await query(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('what a first start that was cut short has left does not stand in the way', async () => {
  await mkdir(join(directory, 'database.Ab12Cd/data/base'), { recursive: true });
  const server = await start();
  expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('passwords are asked for and kept to ourselves', async () => {
  const server = await start();
  const stranger = new URL(server.url);
  stranger.password = 'guess';
  await expect(query(stranger.href, 'select')).rejects.toThrow('password authentication failed');
  expect((await stat(join(directory, 'database/server.json'))).mode & 0o777).toBe(0o600);
});
