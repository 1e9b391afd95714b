import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { createDatabase } from './database.ts';
import type { PrismaClient } from './generated/client.ts';

export interface TestDatabase {
  /** As the product's role: what web and worker get. */
  readonly url: string;
  /** As the owner: for what the product may not do. */
  readonly ownerUrl: string;
  /** Connects at its first use. */
  readonly database: PrismaClient;
  /** Closes `database` and removes the database; fails if any other connection to it is still open. */
  drop(): Promise<void>;
}

/** A fresh, migrated, empty database: one for each test file, dropped in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('testServer');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = new URL(server.ownerUrl).pathname.slice(1);
  await asOwner(server.ownerUrl, (owner) => owner.query(`create database ${name} template ${template}`));
  const url = inDatabase(server.url, name);
  const database = createDatabase(url);
  return {
    url,
    ownerUrl: inDatabase(server.ownerUrl, name),
    database,
    async drop() {
      await database.$disconnect();
      await asOwner(server.ownerUrl, async (owner) => {
        const leaked = await openConnections(owner, name);
        await owner.query(`drop database ${name} with (force)`);
        if (leaked.length > 0) throw new Error(`Connections were left open: ${leaked.join('; ')}`);
      });
    },
  };
}

/** What is connected still after the moment that PostgreSQL needs to notice a connection that was closed. */
async function openConnections(owner: pg.Client, name: string): Promise<readonly string[]> {
  for (let attempt = 0; ; attempt++) {
    const { rows } = await owner.query<{ application: string; query: string }>(
      'select application_name as application, query from pg_stat_activity where datname = $1',
      [name],
    );
    if (rows.length === 0 || attempt === 20) return rows.map(({ application, query }) => `${application}: ${query}`);
    await delay(50);
  }
}

/** Outside the template: a database with open connections cannot be copied. */
async function asOwner<T>(ownerUrl: string, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: inDatabase(ownerUrl, 'postgres') });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
