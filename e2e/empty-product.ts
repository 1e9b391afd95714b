import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { freePort } from './free-port.ts';
import { besideProduct, dataDirectory } from './stack.ts';

export interface EmptyProduct {
  readonly address: string;
  /** For its first administrator. */
  readonly firstSignInLink: string;
  stop(): Promise<void>;
}

const DATABASE = 'empty';
const READY_WITHIN_MS = 30_000;

/** Web alone on a database of its own, which is migrated and has nothing in it: no worker has filled it. */
export async function startEmptyProduct(): Promise<EmptyProduct> {
  const owner = ownerUrl('postgres');
  await inOne(owner, `create database ${DATABASE}`);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const env = {
    ...besideProduct(),
    DATABASE_URL: ownerUrl(DATABASE),
    ROUNDHOUSE_KEY: randomBytes(32).toString('base64'),
    ROUNDHOUSE_PORT: String(port),
  };
  const run = (program: string) => promisify(execFile)(process.execPath, [program], { env });
  await run('scripts/migrate.mjs');
  const { stdout } = await run('dist/first-sign-in.mjs');
  const { link } = z.object({ link: z.string() }).parse(JSON.parse(stdout));
  const web = spawn(process.execPath, ['scripts/web.mjs'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(web, 'close');
  const stop = async () => {
    web.kill('SIGTERM');
    await ended;
    await inOne(owner, `drop database ${DATABASE} with (force)`);
  };
  try {
    await whenServing(address);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, firstSignInLink: link, stop };
}

const serverSchema = z.object({ port: z.number(), ownerPassword: z.string() });

/** A database of the server that the product has brought along. */
function ownerUrl(database: string): string {
  const file = join(dataDirectory(), 'database/server.json');
  const { port, ownerPassword } = serverSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return `postgresql://roundhouse_owner:${ownerPassword}@127.0.0.1:${port}/${database}`;
}

async function inOne(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function whenServing(address: string): Promise<void> {
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await delay(100)) {
    const answer = await fetch(`${address}/healthz`).catch(() => null);
    if (answer?.ok === true) return;
  }
  throw new Error(`Web does not serve at ${address}.`);
}
