import { createHash, randomUUID } from 'node:crypto';
import { chmod, constants, copyFile, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Installation, isCode } from './installation.ts';

/** What runs on machines: paths that the machine's user may read. */
export interface Programs {
  readonly node: string;
  /** Where the programs lie. */
  readonly directory: string;
}

/**
 * Copies the programs of machines into the data directory, because machines outlive the checkout's present state and
 * their user may not be able to read it. Versions lie side by side.
 *
 * They are looked for in `programs/` beside the module of that URL, or beside the bundle that it is part of, which has
 * those of all modules in one directory.
 */
export async function installPrograms({ directory, user }: Installation, moduleUrl: string): Promise<Programs> {
  const source = path.join(path.dirname(fileURLToPath(moduleUrl)), 'programs');
  const names = (await readdir(source)).filter((name) => name.endsWith('.mjs')).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(await readFile(path.join(source, name)));
  const programs = path.join(directory, 'programs', hash.digest('hex').slice(0, 16));
  await installOnce(programs, async (draft) => {
    for (const name of names) {
      await copyFile(path.join(source, name), path.join(draft, name));
      await chmod(path.join(draft, name), 0o644);
    }
  });
  const node = user ? await nodeForOthers(directory) : process.execPath;
  return { node, directory: programs };
}

/** Node itself may lie where only root may look, as version managers like to do. */
async function nodeForOthers(directory: string): Promise<string> {
  const node = await realpath(process.execPath);
  if (await isOpenToOthers(node)) return process.execPath;
  const copy = path.join(directory, 'programs', `node-${process.version}`);
  await installOnce(copy, async (draft) => {
    await copyFile(node, path.join(draft, 'node'), constants.COPYFILE_FICLONE);
    await chmod(path.join(draft, 'node'), 0o755);
  });
  return path.join(copy, 'node');
}

async function isOpenToOthers(file: string): Promise<boolean> {
  const parent = path.dirname(file);
  if (((await stat(file)).mode & 0o001) === 0) return false;
  return parent === file || isOpenToOthers(parent);
}

async function installOnce(directory: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${directory}.${randomUUID()}`;
  await mkdir(path.dirname(directory), { recursive: true, mode: 0o711 });
  if (await exists(directory)) return;
  await mkdir(draft, { mode: 0o755 });
  try {
    await fill(draft);
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was first.
    if (!isCode(error, 'ENOTEMPTY') && !isCode(error, 'EEXIST')) throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}
