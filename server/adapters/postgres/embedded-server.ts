import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { type UnprivilegedUser, unprivilegedUser } from '../unprivileged-user.ts';
import { embeddedBinaries } from './embedded-binaries.ts';
import { PRODUCT_ROLE } from './product-role.ts';

export interface EmbeddedServer {
  /** The product's database as its owner: for migrations and grants only. */
  readonly ownerUrl: string;
  /** The product's database as the product's role. */
  readonly url: string;
  /** It ran already: left behind by a start that was killed. */
  readonly adopted: boolean;
  /** Ends the server in order, adopted or not; connections that are open are cut. */
  stop(): Promise<void>;
}

/**
 * Real PostgreSQL from the binaries of the npm package, its data in `directory`/database. Listens on 127.0.0.1 only. It
 * outlives this process until `stop`; a later call adopts it. `settings` are added to the server's configuration.
 */
export async function startEmbeddedServer(
  directory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedServer> {
  const user = await unprivilegedUser();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (user !== null) await letIn(user, directory);
  const binaries = await embeddedBinaries(directory, user);
  const place = join(directory, 'database');
  const config = (await readConfig(place)) ?? (await initialise(place, binaries, user));
  const { port, adopted } = await run(place, binaries, user, config, settings);
  await createProductDatabase(ownerUrl(port, config, 'postgres'), config);
  return {
    ownerUrl: ownerUrl(port, config, DATABASE),
    url: connectionUrl(PRODUCT_ROLE, config.password, port, DATABASE),
    adopted,
    stop: () => stop(join(place, 'data')),
  };
}

const OWNER = 'roundhouse_owner';
const DATABASE = 'roundhouse';
/** Recovery after a crash replays the log first. */
const READY_WITHIN_MS = 60_000;
/** After a hard kill, what is left of the old server needs a moment to go. */
const STALE_WITHIN_MS = 3_000;
const STOPPED_WITHIN_MS = 20_000;
/** A unix socket's path may have 107 bytes, on macOS 103. */
const LONGEST_SOCKET_DIRECTORY = 80;
/** Nothing of the caller's environment or locale reaches the server. (Next's types ask for NODE_ENV everywhere.) */
const SERVER_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', NODE_ENV: 'production' } as const;

const configSchema = z.object({ port: z.number(), ownerPassword: z.string(), password: z.string() });
type Config = z.infer<typeof configSchema>;

/** The database's user must be able to pass through, but need not see what else is there. */
async function letIn(user: UnprivilegedUser, directory: string): Promise<void> {
  await chmod(directory, 0o711);
  try {
    await promisify(execFile)('test', ['-x', directory], { ...identity(user), cwd: '/' });
  } catch (cause) {
    const who = `The user ${user.name}, whom the database runs as,`;
    throw new Error(`${who} may not enter ${directory}: set ROUNDHOUSE_DATA to another directory.`, { cause });
  }
}

async function readConfig(place: string): Promise<Config | null> {
  const text = await readFile(join(place, 'server.json'), 'utf8').catch(ignoreMissing);
  return text === null ? null : configSchema.parse(JSON.parse(text));
}

async function writeConfig(place: string, config: Config): Promise<void> {
  const file = join(place, 'server.json');
  await writeFile(`${file}.new`, JSON.stringify(config, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Made beside its place and moved there when complete, so that a start that is cut short leaves nothing half-made. */
async function initialise(place: string, binaries: string, user: UnprivilegedUser | null): Promise<Config> {
  const password = () => randomBytes(24).toString('base64url');
  const config = { port: await freePort(), ownerPassword: password(), password: password() };
  const partial = await mkdtemp(`${place}.`);
  try {
    await chmod(partial, 0o755);
    await writeConfig(partial, config);
    await initdb(partial, binaries, user, config);
    await rename(partial, place);
    return config;
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    const made = await readConfig(place); // by another process, which was quicker
    if (made !== null) return made;
    const reason = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`The database could not be made in ${place}: ${reason}`, { cause });
  }
}

async function initdb(place: string, binaries: string, user: UnprivilegedUser | null, config: Config): Promise<void> {
  const data = join(place, 'data');
  const passwordFile = join(place, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, config.ownerPassword, { mode: 0o600 });
  if (user !== null) {
    await chown(data, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const flags = ['-D', data, '-U', OWNER, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8'];
  await promisify(execFile)(join(binaries, 'bin/initdb'), [...flags, '--locale=C', '--no-instructions'], {
    ...identity(user),
    cwd: '/',
    env: SERVER_ENVIRONMENT,
  });
  await rm(passwordFile);
}

/** The port of the server that already runs on these data, if there is one. */
async function adopt(data: string, config: Config): Promise<number | null> {
  const running = await readPidFile(data);
  if (running === null) return null;
  if (!(await isServerOf(running.pid, data))) {
    // The process is gone and its number may belong to another now, for which PostgreSQL would refuse to start.
    await rm(join(data, 'postmaster.pid'), { force: true });
    return null;
  }
  const isGone = async () => (await readPidFile(data)) === null || !(await isServerOf(running.pid, data));
  return (await isReady(ownerUrl(running.port, config, 'postgres'), isGone)) ? running.port : null;
}

async function run(
  place: string,
  binaries: string,
  user: UnprivilegedUser | null,
  config: Config,
  settings: Readonly<Record<string, string>>,
): Promise<{ port: number; adopted: boolean }> {
  const giveUpAt = Date.now() + STALE_WITHIN_MS;
  for (;;) {
    const running = await adopt(join(place, 'data'), config);
    if (running !== null) return { port: running, adopted: true };
    const port = (await isFree(config.port)) ? config.port : await freePort();
    const failure = await launch(place, binaries, user, port, config, settings);
    if (failure === null) {
      if (port !== config.port) await writeConfig(place, { ...config, port });
      return { port, adopted: false };
    }
    // What is left of a server that was killed, or another start at this moment, holds the data.
    const isHeld = /postmaster\.pid|shared memory block/.test(failure);
    if (!isHeld || Date.now() > giveUpAt) throw new Error(`The database did not start: ${explain(failure)}`);
    await delay(100);
  }
}

/** Null once the server answers; what it said when it ended before that. */
async function launch(
  place: string,
  binaries: string,
  user: UnprivilegedUser | null,
  port: number,
  config: Config,
  settings: Readonly<Record<string, string>>,
): Promise<string | null> {
  const logFile = join(place, 'server.log');
  await rename(logFile, `${logFile}.1`).catch(ignoreMissing);
  const log = await open(logFile, 'w', 0o600);
  const server = spawn(join(binaries, 'bin/postgres'), serverArguments(join(place, 'data'), port, settings), {
    ...identity(user),
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    // Its own process group: Ctrl-C in a terminal is for us, who stop the server last.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let end: string | null = null;
  server.on('error', (error) => (end = error.message));
  server.on('exit', (code, signal) => (end = `it ended with ${signal ?? code}`));
  server.unref();
  await log.close();
  if (await isReady(ownerUrl(port, config, 'postgres'), async () => end !== null)) return null;
  return `${await readFile(logFile, 'utf8')}\n${end}`;
}

function serverArguments(data: string, port: number, settings: Readonly<Record<string, string>>): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: Buffer.byteLength(data) > LONGEST_SOCKET_DIRECTORY ? '' : data,
    max_connections: '200',
    ...settings,
  };
  return [
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** True once the server answers, false when it has ended. */
async function isReady(url: string, isGone: () => Promise<boolean>): Promise<boolean> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (cause) {
      if (await isGone()) return false;
      if (!isNotYet(cause) || Date.now() > giveUpAt)
        throw new Error('The database runs, but does not let us in.', { cause });
      await delay(25);
    }
  }
}

function isNotYet(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const cannotConnectNow = '57P03';
  return code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === cannotConnectNow;
}

async function createProductDatabase(url: string, config: Config): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtextextended('roundhouse roles', 0))`);
    const role = await client.query('select from pg_roles where rolname = $1', [PRODUCT_ROLE]);
    if (role.rowCount === 0) await client.query(`create role ${PRODUCT_ROLE} login password '${config.password}'`);
    const database = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (database.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function stop(data: string): Promise<void> {
  const running = await readPidFile(data);
  if (running === null) return;
  process.kill(running.pid, 'SIGINT'); // fast: ends connections, writes a checkpoint
  const giveUpAt = Date.now() + STOPPED_WITHIN_MS;
  // The server removes the file last. A zombie that nobody collects would still look alive.
  while ((await readPidFile(data)) !== null && (await isServerOf(running.pid, data))) {
    if (Date.now() > giveUpAt) throw new Error(`The database (process ${running.pid}) does not stop.`);
    await delay(20);
  }
}

async function readPidFile(data: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(ignoreMissing);
  if (text === null) return null;
  const [pid, , , port] = text.split('\n');
  return { pid: Number(pid), port: Number(port) };
}

/** Whether that process is a PostgreSQL server on these data, and not another one that got the same number. */
async function isServerOf(pid: number, data: string): Promise<boolean> {
  const command = await commandLine(pid);
  return command.includes('postgres') && command.includes(data);
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const ps = promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
  return ps.then(({ stdout }) => stdout).catch(() => '');
}

function explain(log: string): string {
  if (/No space left on device/.test(log)) return 'There is no space left on the disk.';
  return log.split('\n').findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? log.trim();
}

function identity(user: UnprivilegedUser | null): { uid?: number; gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid };
}

function ownerUrl(port: number, config: Config, database: string): string {
  return connectionUrl(OWNER, config.ownerPassword, port, database);
}

function connectionUrl(role: string, password: string, port: number, database: string): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
}

function isFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return listenOnce(0);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address === null || typeof address === 'string' ? reject(new Error('no port')) : resolve(address.port),
      );
    });
  });
}

function ignoreMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
