import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedServer } from '../server/adapters/postgres/embedded-server.ts';
import { applyMigrations } from '../server/adapters/postgres/migrate.ts';
import { grantToProduct } from '../server/adapters/postgres/product-role.ts';
import { say, step } from './progress.mjs';
import { Refusal } from './refusal.mjs';

const MIGRATIONS = 'prisma/migrations';
/** PostgreSQL's first files and its log take about 120 MB. */
const LEAST_FREE_BYTES = 300_000_000;
/** Held by the one start that runs on the embedded database. */
const RUN_LOCK = 'roundhouse start';

/**
 * The database that web and worker shall use, up to date: the one of DATABASE_URL, else the embedded one, which only one
 * start may use at a time. `stop` is for the end of all that use it.
 */
export async function openDatabase(env) {
  prepareDirectory(env.dataDirectory);
  return env.databaseUrl === null ? openEmbedded(env) : openOwn(env);
}

/** Applies what is missing to the database of DATABASE_URL. */
export async function migrateOwn(databaseUrl) {
  await step('Connecting to the database', () => connect(databaseUrl));
  await step('Migrating the database', () => applyMigrations(databaseUrl, MIGRATIONS));
}

async function openOwn({ databaseUrl, key }) {
  await migrateOwn(databaseUrl);
  return { url: databaseUrl, key: encodeKey(key), stop: async () => undefined };
}

async function openEmbedded({ dataDirectory, key }) {
  let server = await step('Starting the database', () => startEmbeddedServer(dataDirectory).catch(refuse));
  let lock = null;
  let stopping = false;
  const hold = async () => {
    lock = await lockRun(server.url, dataDirectory);
    lock.once('end', () => stopping || revive().catch(giveUp));
  };
  // Only a server that was killed ends before we do.
  const revive = async () => {
    say('The database has ended: starting it again');
    server = await startEmbeddedServer(dataDirectory);
    await hold();
  };
  const stop = async () => {
    stopping = true;
    await lock.end();
    await server.stop();
  };
  await hold();
  try {
    await step('Migrating the database', async () => {
      await applyMigrations(server.ownerUrl, MIGRATIONS).catch(refuse);
      await grantToProduct(server.ownerUrl);
    });
    return { url: server.url, key: key === null ? keyOfFile(dataDirectory) : encodeKey(key), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function lockRun(url, dataDirectory) {
  const client = new pg.Client({ connectionString: url, application_name: 'roundhouse start' });
  client.on('error', () => undefined); // `end` follows
  await client.connect();
  const { rows } = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as free', [RUN_LOCK]);
  if (rows[0].free) return client;
  await client.end();
  throw new Refusal(
    `Roundhouse is running already on ${dataDirectory}: stop it, or set ROUNDHOUSE_DATA to another directory.`,
  );
}

function prepareDirectory(directory) {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = statfsSync(directory);
    if (bavail * bsize >= LEAST_FREE_BYTES) return;
  } catch (error) {
    throw new Refusal(
      `The data directory ${directory} cannot be used (${error.code}): set ROUNDHOUSE_DATA to another one.`,
    );
  }
  throw new Refusal(`There is too little space left in ${directory}: the database needs at least 300 MB.`);
}

async function connect(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    const { host } = new URL(databaseUrl);
    throw new Refusal(`The database of DATABASE_URL at ${host} cannot be reached: ${error.message || error.code}.`);
  }
  await client.end();
}

/** Outside the database's directory, so that a copy of that directory alone gives no secret away. */
function keyOfFile(directory) {
  const file = join(directory, 'key');
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

function encodeKey(key) {
  return Buffer.from(key).toString('base64');
}

/** Web and worker follow. */
function giveUp(error) {
  say(`The database does not come back: ${error.message}`);
  process.exit(1);
}

function refuse(error) {
  throw new Refusal(error.message);
}
