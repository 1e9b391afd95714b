import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ForeignPlugin } from './infrakit-rig.ts';
import { serveInfrakit } from './infrakit-server.ts';
import { type FoundPlugins, watchPlugins } from './plugin-directory.ts';

let directory: string;
let watching: { seen: FoundPlugins[]; stop: () => Promise<void> } | null = null;
const open: (() => unknown)[] = [];

beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'rh-infrakit-')), 'plugins');
});
afterEach(async () => {
  await watching?.stop();
  watching = null;
  for (const close of open.splice(0)) await close();
  await rm(path.dirname(directory), { recursive: true });
});

function watchIt(rereadMs: number): FoundPlugins[] {
  const end = new AbortController();
  const seen: FoundPlugins[] = [];
  const watched = watchPlugins(directory, (found) => seen.push(found), end.signal, rereadMs);
  watching = {
    seen,
    stop: () => {
      end.abort();
      return watched;
    },
  };
  return seen;
}

const names = (found: FoundPlugins | undefined) => found?.plugins.map(({ name }) => name);
const serve = async (name: string, ...types: readonly string[]) => {
  const plugins = new Map(types.map((type) => [type, new ForeignPlugin()]));
  const server = await serveInfrakit(path.join(directory, name), { plugins });
  open.push(server.close);
  return server;
};
/** So long that only the watch can have told. */
const NEVER_MS = 3_600_000;

test('plugins that come and go are told, each type by its name', async () => {
  await mkdir(directory, { mode: 0o700 });
  const seen = watchIt(NEVER_MS);
  await expect.poll(() => seen).toEqual([{ plugins: [], silent: [], problem: null }]);
  const server = await serve('typed', 'vm', 'disk/ssd');
  await expect.poll(() => names(seen.at(-1))).toEqual(['typed/disk/ssd', 'typed/vm']);
  expect(seen.at(-1)?.plugins[1]).toEqual({
    name: 'typed/vm',
    address: path.join(directory, 'typed'),
    type: 'vm',
    interfaces: ['Instance/0.6.1'],
    refusal: null,
  });
  await serve('plug', '');
  await expect.poll(() => names(seen.at(-1))).toEqual(['plug', 'typed/disk/ssd', 'typed/vm']);
  await server.close();
  await expect.poll(() => names(seen.at(-1))).toEqual(['plug']);
});

test('a directory that comes later is found, and nothing is told twice', async () => {
  const seen = watchIt(20);
  await expect.poll(() => seen).toHaveLength(1);
  await mkdir(directory, { mode: 0o700 });
  await serve('plug', '');
  await expect.poll(() => names(seen.at(-1))).toEqual(['plug']);
  const told = seen.length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(seen).toHaveLength(told);
});

test('a plugin elsewhere is found by its file, and what does not answer is named', async () => {
  await mkdir(directory, { mode: 0o700 });
  const elsewhere = path.join(path.dirname(directory), 'private', 'p');
  const server = await serveInfrakit(elsewhere, { plugins: new Map([['', new ForeignPlugin()]]) });
  open.push(server.close);
  await writeFile(path.join(directory, 'far.listen'), `unix://${elsewhere}`);
  await writeFile(path.join(directory, 'wrong.listen'), 'ftp://nobody');
  await writeFile(path.join(directory, 'notes.txt'), 'no plugin');
  const mute = createServer((connection) =>
    connection
      .on('error', () => {})
      .resume()
      .end('what?'),
  );
  await new Promise<void>((resolve) => mute.listen(path.join(directory, 'mute'), resolve));
  open.push(() => new Promise((resolve) => mute.close(resolve)));
  const seen = watchIt(NEVER_MS);
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  expect(names(seen[0])).toEqual(['far']);
  expect(seen[0]?.plugins[0]?.address).toBe(path.join(directory, 'far.listen'));
  expect(seen[0]?.silent).toEqual(['mute', 'wrong']);
});

test('a directory that cannot be read is told in words', async () => {
  await writeFile(directory, 'a file');
  const seen = watchIt(NEVER_MS);
  await expect.poll(() => seen[0]?.problem).toContain('ENOTDIR');
});

test('it ends at the signal, also while it waits', async () => {
  await mkdir(directory, { mode: 0o700 });
  const seen = watchIt(NEVER_MS);
  await expect.poll(() => seen).toHaveLength(1);
  await watching?.stop();
  await serve('plug', '');
  expect(seen).toHaveLength(1);
});
