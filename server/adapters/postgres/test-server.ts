import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedServer } from './embedded-server.ts';
import { applyMigrations } from './migrate.ts';
import { grantToProduct } from './product-role.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The owner's URL of the migrated template database, and the product's role's. */
    testServer: { ownerUrl: string; url: string };
  }
}

const PREFIX = 'roundhouse-test-';
/** Nothing that a test writes must survive the machine. */
const FAST_AND_LOSABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Vitest's global set-up: one PostgreSQL for the run, with the template that every test database is copied from. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const server = await startEmbeddedServer(directory, FAST_AND_LOSABLE);
  const tearDown = async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  };
  try {
    await applyMigrations(server.ownerUrl, 'prisma/migrations');
    await grantToProduct(server.ownerUrl);
    project.provide('testServer', { ownerUrl: server.ownerUrl, url: server.url });
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}

/** A run that was killed leaves its server behind. */
async function removeAbandoned(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of names.filter((each) => !isAlive(Number(each.slice(PREFIX.length).split('-')[0])))) {
    const directory = join(tmpdir(), name);
    if (existsSync(join(directory, 'database/data/postmaster.pid')))
      await (await startEmbeddedServer(directory)).stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
