import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { createSchemaEngine, NO_FILTERS } from './schema-engine.ts';

/** Processes that start together migrate one after the other. */
const MIGRATION_LOCK = 'roundhouse migrate';

/**
 * Brings the database to the newest migration and returns the names that were applied now. The rows and checksums in
 * `_prisma_migrations` are Prisma's own. `url` is the owner's; safe to call from several processes at once.
 */
export async function applyMigrations(url: string, directory: string): Promise<readonly string[]> {
  const migrationsList = await readMigrations(directory);
  const lock = new pg.Client({ connectionString: url, application_name: 'roundhouse migrate' });
  // The engine closes no connection of its own: it gets a pool that we end.
  const pool = new pg.Pool({ connectionString: url, application_name: 'roundhouse migrate', max: 2 });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock(hashtextextended($1, 0))', [MIGRATION_LOCK]);
    const engine = await createSchemaEngine(new PrismaPg(pool));
    try {
      const history = await engine.diagnoseMigrationHistory({
        migrationsList,
        optInToShadowDatabase: false,
        filters: NO_FILTERS,
      });
      refuseEditedHistory(history.editedMigrationNames);
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
      return appliedMigrationNames;
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
    await lock.end();
  }
}

/** The engine itself would go on in silence, and the database would keep the tables of the older text. */
function refuseEditedHistory(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new Error(
    `This database was made by an older text of the migration ${names.join(', ')}: it cannot be brought up to date.`,
  );
}

async function readMigrations(directory: string): Promise<MigrationList> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(directory, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.sort().map((name) => readMigration(directory, name))),
  };
}

async function readMigration(directory: string, name: string): Promise<MigrationList['migrationDirectories'][number]> {
  const value = await readFile(join(directory, name, 'migration.sql'), 'utf8');
  return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
}
