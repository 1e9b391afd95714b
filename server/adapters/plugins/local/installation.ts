import { createHash, randomUUID } from 'node:crypto';
import { chmod, chown, link, lstat, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/** The user that machines run as. */
export interface MachineUser {
  readonly uid: number;
  readonly gid: number;
}

/** What all processes that share a data directory on one host agree on. */
export interface Installation {
  /** Where everything of the local machines lies. */
  readonly directory: string;
  /** Of this data directory, drawn by chance. */
  readonly id: string;
  readonly hostId: string;
  /** A short directory for sockets, because a socket's path ends at about 104 bytes. */
  readonly sockets: string;
  /** Set when we are root: machines never are. */
  readonly user: MachineUser | null;
}

const recordSchema = z.object({ id: z.string(), sockets: z.string() });
const LONGEST_SOCKET_DIRECTORY = 70;

/** Opens what the local back end keeps in the data directory, and makes it where it is missing. */
export async function openInstallation(dataDirectory: string): Promise<Installation> {
  const directory = path.join(dataDirectory, 'local');
  const user = await machineUser();
  await mkdir(directory, { recursive: true, mode: user ? 0o711 : 0o700 });
  if (user) {
    // Its machines have to pass through; names stay unlisted and files have modes of their own.
    await letPass(dataDirectory);
    await letPass(directory);
  }
  const { id, sockets } = await readOrWriteRecord(directory, user);
  await prepareSockets(sockets, user);
  return { directory, id, hostId: await mixWithMachineId(id), sockets, user };
}

/** Stable for this data directory on this host; another one for a copy of the directory on another host. */
export async function hostId(dataDirectory: string): Promise<string> {
  return (await openInstallation(dataDirectory)).hostId;
}

async function readOrWriteRecord(directory: string, user: MachineUser | null): Promise<z.infer<typeof recordSchema>> {
  const file = path.join(directory, 'installation.json');
  const draft = `${file}.${randomUUID()}`;
  const short = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex')
    .slice(0, 10);
  const name = `rh-${user?.uid ?? process.getuid?.() ?? 0}-${short}`;
  const nearby = path.join(tmpdir(), name);
  const sockets = nearby.length <= LONGEST_SOCKET_DIRECTORY ? nearby : path.join('/tmp', name);
  await writeFile(draft, JSON.stringify({ id: randomUUID(), sockets }), { mode: 0o600 });
  try {
    // The first of several processes wins.
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

async function prepareSockets(sockets: string, user: MachineUser | null): Promise<void> {
  try {
    await mkdir(sockets, { mode: 0o700 });
    if (user) await chown(sockets, user.uid, user.gid);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  const found = await lstat(sockets);
  const owner = user?.uid ?? process.getuid?.();
  // Root may look between the other process's mkdir and chown.
  const safe =
    found.isDirectory() && (found.uid === owner || found.uid === process.getuid?.()) && (found.mode & 0o077) === 0;
  if (!safe)
    throw new Error(`${sockets} must be a directory that only user ${owner} may enter. Remove it and try again.`);
}

async function letPass(directory: string): Promise<void> {
  const { mode } = await stat(directory);
  if ((mode & 0o001) === 0) await chmod(directory, (mode & 0o777) | 0o011);
}

async function mixWithMachineId(id: string): Promise<string> {
  const machineId = await readFile('/etc/machine-id', 'utf8').catch(() => '');
  return createHash('sha256').update(`${machineId.trim()}\n${id}`).digest('hex').slice(0, 32);
}

/** `nobody`; but where there is no user `postgres`, the embedded database runs as nobody and machines as `daemon`. */
async function machineUser(): Promise<MachineUser | null> {
  if (process.getuid?.() !== 0) return null;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const wanted = lines.some(([name]) => name === 'postgres') ? 'nobody' : 'daemon';
  const [, , uid, gid] = lines.find(([name]) => name === wanted) ?? [];
  if (!uid || !gid) throw new Error(`Local machines never run as root, and there is no user ${wanted} to run them as.`);
  return { uid: Number(uid), gid: Number(gid) };
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
