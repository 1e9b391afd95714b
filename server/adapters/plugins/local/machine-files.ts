import { randomUUID } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { localSpecSchema } from '../../../contract/local-spec.ts';
import { type Installation, isCode } from './installation.ts';

const identitySchema = z.object({
  id: z.string(),
  logicalId: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  spec: localSpecSchema,
  init: z.string(),
  createdAt: z.number(),
  /** When the caller that provisions it gives up: without a supervisor by then, it will never have one. */
  deadline: z.number(),
  socket: z.string(),
});
/** What a machine is, in its `identity.json`: written before anything runs. */
export type MachineIdentity = z.infer<typeof identitySchema>;

const processSchema = z.object({ pid: z.int().positive(), startTime: z.string() });

export const machineStateSchema = z.object({
  phase: z.enum(['starting', 'started', 'draining', 'drained']),
  health: z.enum(['healthy', 'unhealthy', 'unknown']),
  healthySince: z.number().nullable(),
  drainingSince: z.number().nullable(),
  workloads: z.array(z.object({ name: z.string(), since: z.number().nullable() })),
  program: processSchema.nullable(),
});
/** What a supervisor answers, and keeps in `state.json`. */
export type MachineState = z.infer<typeof machineStateSchema>;

/** Of a component's `component.json`: its process, once it has one. */
const componentSchema = z.object({ process: processSchema.nullable() });

/** Parts of one machine that are handed to `create`. */
export type Draft = Omit<MachineIdentity, 'socket'>;

/**
 * The machines of one environment on disk. A machine is there while its directory is; a mark `made` outlives it, so
 * that an id is never used twice, and a mark `ended` says that its end was ordered.
 *
 * Machines belong to another user where we are root, and their programs may do as they please in there. So nothing
 * is written through a path that they could have put a link at, and what is read is parsed.
 */
export class MachineFiles {
  readonly #installation: Installation;
  readonly #directory: string;

  constructor(installation: Installation, environmentId: string) {
    if (!/^[\w-]{1,64}$/.test(environmentId)) throw new Error(`Not a name for a directory: ${environmentId}`);
    this.#installation = installation;
    this.#directory = path.join(installation.directory, environmentId);
  }

  async prepare(): Promise<void> {
    for (const name of ['machines', 'marks', 'drafts']) {
      await mkdir(path.join(this.#directory, name), { recursive: true, mode: 0o711 });
    }
  }

  directory(id: string): string {
    return path.join(this.#directory, 'machines', id);
  }

  async ids(): Promise<readonly string[]> {
    return (await readdir(path.join(this.#directory, 'machines'))).sort();
  }

  /** In one step: afterwards the machine is there, whole. False if it was there before. `commit` may still throw. */
  async create(draft: Draft, commit: () => void): Promise<boolean> {
    const identity: MachineIdentity = { ...draft, socket: path.join(this.#installation.sockets, `${draft.id}.sock`) };
    const directory = path.join(this.#directory, 'drafts', randomUUID());
    await mkdir(directory, { mode: 0o700 });
    try {
      await this.#write(path.join(directory, 'identity.json'), identity);
      const { user } = this.#installation;
      if (user) await chown(directory, user.uid, user.gid);
      commit();
      await rename(directory, this.directory(draft.id));
      return true;
    } catch (error) {
      await rm(directory, { recursive: true });
      if (isCode(error, 'ENOTEMPTY') || isCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /** `null` where there is no such machine, which is also what its supervisor takes a broken file for. */
  async identity(id: string): Promise<MachineIdentity | null> {
    const identity = await this.#read(id, 'identity.json', identitySchema);
    return identity?.id === id ? identity : null;
  }

  supervisor(id: string): Promise<z.infer<typeof processSchema> | null> {
    return this.#read(id, 'supervisor.json', processSchema);
  }

  state(id: string): Promise<MachineState | null> {
    return this.#read(id, 'state.json', machineStateSchema);
  }

  /** The processes that the machine's components were started as. They may have ended. */
  async components(id: string): Promise<readonly z.infer<typeof processSchema>[]> {
    const names = await readdir(path.join(this.directory(id), 'components')).catch((error: unknown) => {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return [];
      throw error;
    });
    const found = await Promise.all(names.map((name) => this.component(id, name)));
    return found.filter((process) => process !== null);
  }

  async component(id: string, executionId: string): Promise<z.infer<typeof processSchema> | null> {
    const record = await this.#read(id, path.join('components', executionId, 'component.json'), componentSchema);
    return record?.process ?? null;
  }

  async writeTags(identity: MachineIdentity): Promise<void> {
    await this.#replace(identity.id, 'identity.json', identity);
  }

  /** Only where the supervisor, whose file it is, has died. */
  async writeState(id: string, state: MachineState): Promise<void> {
    await this.#replace(id, 'state.json', state);
  }

  async remove(id: string, socket: string | null): Promise<void> {
    await rm(this.directory(id), { recursive: true, force: true });
    if (socket) await rm(socket, { force: true });
  }

  /** When the mark was set. */
  async marked(id: string, mark: 'made' | 'ended'): Promise<number | null> {
    try {
      return (await stat(path.join(this.#directory, 'marks', `${id}.${mark}`))).mtimeMs;
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null;
      throw error;
    }
  }

  /** Setting it again leaves the first time. */
  async mark(id: string, mark: 'made' | 'ended'): Promise<void> {
    const file = await open(path.join(this.#directory, 'marks', `${id}.${mark}`), 'a', 0o600);
    await file.close();
  }

  async #read<T>(id: string, name: string, schema: z.ZodType<T>): Promise<T | null> {
    try {
      return schema.parse(JSON.parse(await readFile(path.join(this.directory(id), name), 'utf8')));
    } catch (error) {
      if (isCode(error, 'EACCES') || isCode(error, 'EMFILE')) throw error;
      return null;
    }
  }

  async #replace(id: string, name: string, value: object): Promise<void> {
    const file = path.join(this.directory(id), name);
    const draft = `${file}.${randomUUID()}`;
    await this.#write(draft, value);
    await rename(draft, file);
  }

  /** The name is new, so nobody can have put a link there. */
  async #write(name: string, value: object): Promise<void> {
    const file = await open(name, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(value));
      const { user } = this.#installation;
      if (user) await file.chown(user.uid, user.gid);
    } finally {
      await file.close();
    }
  }
}
