import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isCode } from './installation.ts';
import { LocalPlugin } from './local-plugin.ts';

const LIMIT_MS = 30_000;

/** Ends every local machine whose files lie in the data directory, of any environment. Answers their ids when all are gone. */
export async function removeMachines(dataDirectory: string): Promise<readonly string[]> {
  const call = { token: 'down', deadline: Date.now() + LIMIT_MS, signal: AbortSignal.timeout(LIMIT_MS) };
  const environmentIds = await environmentsIn(path.join(dataDirectory, 'local'));
  const ended = await Promise.all(
    environmentIds.map((environmentId) => new LocalPlugin({ environmentId, dataDirectory }).destroyAll(call)),
  );
  return ended.flat();
}

async function environmentsIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && entry.name !== 'programs').map((entry) => entry.name);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
