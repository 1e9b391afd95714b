import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface UnprivilegedUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Whom the database and the machines run as when we are root: `postgres`, else `nobody`. Null when we are not root. */
export async function unprivilegedUser(): Promise<UnprivilegedUser | null> {
  if (process.getuid?.() !== 0) return null;
  const user = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (user === null)
    throw new Error('Running as root needs a user "postgres" or "nobody": the database refuses to run as root.');
  return user;
}

async function lookUp(name: string): Promise<UnprivilegedUser | null> {
  const id = (flag: string) => promisify(execFile)('id', [flag, name]).then(({ stdout }) => Number(stdout));
  try {
    return { name, uid: await id('-u'), gid: await id('-g') };
  } catch {
    return null; // `id` fails for a name that does not exist
  }
}
