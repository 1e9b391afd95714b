import { homedir, hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';

/** What the product is told from outside. Everything else is data. */
export interface Env {
  /** Where the embedded database, local machines and the key file live. Never in the checkout. */
  readonly dataDirectory: string;
  /** Null before `npm start` has brought the embedded database up. */
  readonly databaseUrl: string | null;
  /** Encrypts secrets: 32 bytes. Null only without a database of your own. */
  readonly key: Uint8Array | null;
  readonly host: string;
  readonly port: number;
  /** The address that people and links use. */
  readonly publicUrl: string;
  /** Addresses or CIDR ranges of the proxies whose X-Forwarded-For is believed; sign-in is limited by client address. */
  readonly trustedProxies: readonly string[];
  /** Whether real processes on this host may be started for `local` environments. */
  readonly localMachines: boolean;
  /** The file that the worker applies at its start; null: none. */
  readonly configFile: string | null;
  /** The file that says which commands hooks may run and what of this host they may reach; null: nothing. */
  readonly hooksFile: string | null;
  /** The directory whose InfraKit plugins the worker tells of; null: none. */
  readonly pluginsDirectory: string | null;
  readonly leaseTtlMs: number;
  /** How many sessions one worker runs at once. */
  readonly executorCount: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly workerId: string;
}

/** What web and worker run with: the database is there. */
export interface ProcessEnv extends Env {
  readonly databaseUrl: string;
  readonly key: Uint8Array;
}

/** Its message is one or more whole sentences for the person who starts the product. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;

/** A variable that is set to nothing is not set. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const whole = (min: number, max: number) =>
  z.coerce.number(`must be a whole number from ${min} to ${max}`).int().min(min).max(max);

const schema = z.object({
  ROUNDHOUSE_DATA: optional(z.string().refine(isAbsolute, 'must be an absolute path')),
  XDG_DATA_HOME: optional(z.string()),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgresql://')),
  ROUNDHOUSE_KEY: optional(z.string().transform(decodeKey)),
  ROUNDHOUSE_HOST: optional(z.string()),
  ROUNDHOUSE_PORT: optional(whole(1, 65_535)),
  ROUNDHOUSE_URL: optional(z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
  ROUNDHOUSE_TRUSTED_PROXIES: optional(
    z.string().transform((list) => list.split(/[\s,]+/).filter((proxy) => proxy !== '')),
  ),
  ROUNDHOUSE_LOCAL: optional(z.enum(['on', 'off'])),
  ROUNDHOUSE_CONFIG: optional(z.string().refine(isAbsolute, 'must be an absolute path')),
  ROUNDHOUSE_HOOKS: optional(z.string().refine(isAbsolute, 'must be an absolute path')),
  ROUNDHOUSE_PLUGINS: optional(z.string().refine(isAbsolute, 'must be an absolute path')),
  ROUNDHOUSE_LEASE_TTL_MS: optional(whole(200, 600_000)),
  ROUNDHOUSE_EXECUTOR_COUNT: optional(whole(0, 1_000)),
  ROUNDHOUSE_LOG_LEVEL: optional(z.enum(LOG_LEVELS)),
  ROUNDHOUSE_WORKER_ID: optional(z.string()),
});

/** Reads the variables of this process; throws an `EnvError` that names each one that is wrong. */
export function parseEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    throw new EnvError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`).join('\n'));
  }
  const given = parsed.data;
  if (given.DATABASE_URL !== undefined && given.ROUNDHOUSE_KEY === undefined) {
    throw new EnvError(
      'DATABASE_URL is set, so ROUNDHOUSE_KEY must be too: 32 bytes in base64 (openssl rand -base64 32), the same for every process.',
    );
  }
  const host = given.ROUNDHOUSE_HOST ?? '127.0.0.1';
  const port = given.ROUNDHOUSE_PORT ?? 3000;
  return {
    dataDirectory: given.ROUNDHOUSE_DATA ?? defaultDataDirectory(given.XDG_DATA_HOME),
    databaseUrl: given.DATABASE_URL ?? null,
    key: given.ROUNDHOUSE_KEY ?? null,
    host,
    port,
    publicUrl: given.ROUNDHOUSE_URL?.replace(/\/$/, '') ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    trustedProxies: given.ROUNDHOUSE_TRUSTED_PROXIES ?? [],
    localMachines: given.ROUNDHOUSE_LOCAL === undefined ? LOOPBACK.test(host) : given.ROUNDHOUSE_LOCAL === 'on',
    configFile: given.ROUNDHOUSE_CONFIG ?? null,
    hooksFile: given.ROUNDHOUSE_HOOKS ?? null,
    pluginsDirectory: given.ROUNDHOUSE_PLUGINS ?? null,
    leaseTtlMs: given.ROUNDHOUSE_LEASE_TTL_MS ?? 10_000,
    executorCount: given.ROUNDHOUSE_EXECUTOR_COUNT ?? 16,
    logLevel: given.ROUNDHOUSE_LOG_LEVEL ?? 'info',
    workerId: given.ROUNDHOUSE_WORKER_ID ?? `${hostname()}-${process.pid}`,
  };
}

let current: ProcessEnv | undefined;

/** The environment of this web or worker process, read once. */
export function env(): ProcessEnv {
  current ??= withDatabase(parseEnv());
  return current;
}

function withDatabase(parsed: Env): ProcessEnv {
  const { databaseUrl, key } = parsed;
  if (databaseUrl === null || key === null) {
    throw new EnvError(
      'DATABASE_URL is not set: `npm start` brings a database along, a process started alone needs one.',
    );
  }
  return { ...parsed, databaseUrl, key };
}

function decodeKey(text: string, context: z.RefinementCtx): Uint8Array {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length !== 32) context.addIssue('must be 32 bytes in base64 or hexadecimal (openssl rand -base64 32)');
  return key;
}

function defaultDataDirectory(dataHome: string | undefined): string {
  if (process.getuid?.() === 0) return '/var/lib/roundhouse';
  return join(dataHome ?? join(homedir(), '.local/share'), 'roundhouse');
}
