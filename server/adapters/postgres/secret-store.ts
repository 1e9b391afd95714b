import { randomUUID } from 'node:crypto';
import { secretsNamedBy } from '../../contract/environment-settings.ts';
import { hasRole, type Viewer } from '../../contract/people.ts';
import type { ConfigRow, SecretRow } from '../../contract/secret.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import type { Cipher } from '../secrets/cipher.ts';
import { recordActivity } from './activity-log.ts';
import type { Database } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

/** What people keep for their components. A value goes in and never comes out here; activity and logs see names only. */
export class PostgresSecrets {
  readonly #db: PrismaClient;
  readonly #cipher: Cipher;

  constructor(db: PrismaClient, cipher: Cipher) {
    this.#db = db;
    this.#cipher = cipher;
  }

  /** By name. */
  async list(): Promise<readonly SecretRow[]> {
    const select = { name: true, ownerName: true, createdAt: true, updatedAt: true } as const;
    const rows = await this.#db.secret.findMany({ select, orderBy: { name: 'asc' } });
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.getTime(), updatedAt: row.updatedAt.getTime() }));
  }

  /**
   * Creates or replaces it; its owner is who set it last. Throws FORBIDDEN where settings of an environment name it and
   * the owner may not change those.
   */
  async set({ name, value }: { name: string; value: string }, owner: Viewer, requestId: string): Promise<void> {
    const sealed = this.#cipher.seal(new TextEncoder().encode(value), { ownerId: owner.id, name });
    const data = { ...sealed, ownerId: owner.id, ownerName: owner.name };
    await this.#db.$transaction(async (tx) => {
      const environments = hasRole(owner.role, 'administrator') ? null : await environmentsThatName(tx, name);
      if (environments !== null) {
        const needs = `the role administrator, because the settings of ${environments} name this secret`;
        throw new DomainError('FORBIDDEN', { action: 'set the secret', needs });
      }
      const before = await tx.secret.findUnique({ where: { name }, select: { id: true } });
      await tx.secret.upsert({ where: { name }, create: { id: randomUUID(), name, ...data }, update: data });
      await record(tx, 'secret', name, before === null ? 'created' : 'replaced', owner, requestId);
    });
  }

  /** Throws CONFLICT while a session that is not over names it, or the settings of an environment do. */
  async remove(name: string, actor: Viewer, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      // Waits for whoever submits a session that names it; who comes later finds it gone.
      const locked = await tx.$queryRaw<unknown[]>`select 1 from secret where name = ${name} for update`;
      if (locked.length === 0) throw new DomainError('NOT_FOUND', { kind: 'secret', id: name });
      await refuseWhileNamed(tx, 'secret', name);
      const environments = await environmentsThatName(tx, name);
      if (environments !== null) {
        const message = `the secret ${name} is named by the settings of ${environments}; change them first`;
        throw new DomainError('CONFLICT', { kind: 'secret', id: name, message });
      }
      await tx.secret.delete({ where: { name } });
      await record(tx, 'secret', name, 'removed', actor, requestId);
    });
  }
}

/** Files that components can name. Nothing in them is secret. */
export class PostgresConfigs {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** By name. */
  async list(): Promise<readonly ConfigRow[]> {
    const rows = await this.#db.configFile.findMany({ orderBy: { name: 'asc' } });
    return rows.map(({ name, ownerName, data, createdAt, updatedAt }) => ({
      name,
      ownerName,
      data,
      createdAt: createdAt.getTime(),
      updatedAt: updatedAt.getTime(),
    }));
  }

  /** Creates or replaces it; its owner is who set it last. */
  async set({ name, data }: { name: string; data: string }, owner: Viewer, requestId: string): Promise<void> {
    const row = { data, ownerId: owner.id, ownerName: owner.name };
    await this.#db.$transaction(async (tx) => {
      const before = await tx.configFile.findUnique({ where: { name }, select: { id: true } });
      await tx.configFile.upsert({ where: { name }, create: { id: randomUUID(), name, ...row }, update: row });
      await record(tx, 'config', name, before === null ? 'created' : 'replaced', owner, requestId);
    });
  }

  /** Throws CONFLICT while a session that is not over names it. */
  async remove(name: string, actor: Viewer, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const locked = await tx.$queryRaw<unknown[]>`select 1 from config_file where name = ${name} for update`;
      if (locked.length === 0) throw new DomainError('NOT_FOUND', { kind: 'config', id: name });
      await refuseWhileNamed(tx, 'config', name);
      await tx.configFile.delete({ where: { name } });
      await record(tx, 'config', name, 'removed', actor, requestId);
    });
  }
}

/** The values that executions and settings name, for the worker. */
export class PostgresDependencies {
  readonly #db: PrismaClient;
  readonly #cipher: Cipher;

  constructor(db: PrismaClient, cipher: Cipher) {
    this.#db = db;
    this.#cipher = cipher;
  }

  /**
   * Throws NOT_FOUND where one is missing, because nothing runs without it, and SECRET_UNREADABLE where a value was
   * encrypted with another key, or its row was changed.
   */
  async secrets(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    return everyOne('secret', names, await this.#secretsThere(names));
  }

  /** Of those that are there, by name, for settings that name them. Throws SECRET_UNREADABLE likewise. */
  async secretTexts(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const there = await this.#secretsThere(names);
    return new Map([...there].map(([name, value]) => [name, new TextDecoder().decode(value)]));
  }

  async #secretsThere(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const rows = await this.#db.secret.findMany({ where: { name: { in: [...names] } } });
    return new Map(rows.map((row) => [row.name, this.#cipher.open(row, row)]));
  }

  /** Throws NOT_FOUND where one is missing. */
  async configs(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const rows = await this.#db.configFile.findMany({ where: { name: { in: [...names] } } });
    return everyOne('config', names, new Map(rows.map(({ name, data }) => [name, new TextEncoder().encode(data)])));
  }
}

/**
 * Holds the secrets and configs of these names until the transaction ends, so that none is removed meanwhile; gives the
 * names that exist.
 */
export async function holdDependencies(
  tx: Database,
  names: { readonly secrets: readonly string[]; readonly configs: readonly string[] },
): Promise<{ readonly secrets: ReadonlySet<string>; readonly configs: ReadonlySet<string> }> {
  const secrets = await tx.$queryRaw<{ name: string }[]>`
    select name from secret where name = any(${names.secrets}::text[]) order by name for share`;
  const configs = await tx.$queryRaw<{ name: string }[]>`
    select name from config_file where name = any(${names.configs}::text[]) order by name for share`;
  return { secrets: new Set(secrets.map(({ name }) => name)), configs: new Set(configs.map(({ name }) => name)) };
}

function everyOne(
  kind: Kind,
  names: readonly string[],
  values: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, Uint8Array> {
  const missing = names.find((name) => !values.has(name));
  if (missing !== undefined) throw new DomainError('NOT_FOUND', { kind, id: missing });
  return values;
}

type Kind = 'secret' | 'config';

const SESSIONS_SHOWN = 5;

/** `the environment lab`, disabled ones included; null where the settings of none name the secret. */
export async function environmentsThatName(tx: Database, secret: string): Promise<string | null> {
  const rows = await tx.environment.findMany({
    where: { removedAt: null },
    orderBy: { name: 'asc' },
    select: { name: true, kind: true, settings: true },
  });
  const [first, ...others] = rows.filter(({ kind, settings }) =>
    secretsNamedBy(kind, settings as Json).includes(secret),
  );
  if (first === undefined) return null;
  return others.length === 0
    ? `the environment ${first.name}`
    : `the environments ${[first, ...others].map(({ name }) => name).join(', ')}`;
}

async function refuseWhileNamed(tx: Database, kind: Kind, name: string): Promise<void> {
  const path = Prisma.raw(`'$.components[*].${kind}s[*] ? (@ == $name)'`);
  const sessions = await tx.$queryRaw<{ name: string; id: string }[]>`
    select name, id from session
    where state <> 'ended' and jsonb_path_exists(spec, ${path}, jsonb_build_object('name', ${name}::text))
    order by id limit ${SESSIONS_SHOWN + 1}`;
  if (sessions.length === 0) return;
  const shown = sessions.slice(0, SESSIONS_SHOWN).map((session) => `${session.name} (${session.id})`);
  const more = sessions.length > SESSIONS_SHOWN ? ' and others' : '';
  const message = `the ${kind} ${name} is named by sessions that are not over: ${shown.join(', ')}${more}`;
  throw new DomainError('CONFLICT', { kind, id: name, message });
}

async function record(
  tx: Database,
  kind: Kind,
  name: string,
  verb: 'created' | 'replaced' | 'removed',
  actor: Viewer,
  requestId: string,
): Promise<void> {
  await recordActivity(tx, { actor, verb: `${verb} the ${kind}`, object: { kind, id: name, name }, requestId });
}
