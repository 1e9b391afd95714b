import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool } from './database.ts';
import { Prisma } from './generated/client.ts';
import { applyMigrations } from './migrate.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let tested: TestDatabase;
let product: pg.Pool;
let owner: pg.Pool;

beforeAll(async () => {
  tested = await createTestDatabase();
  product = createPool(tested.url);
  owner = createPool(tested.ownerUrl);
});
afterAll(async () => {
  await product.end();
  await owner.end();
  await tested.drop();
});

test('the migrations make every column that the schema names', async () => {
  const models = Object.values(Prisma.ModelName);
  expect(models.length).toBeGreaterThan(0);
  for (const model of models) {
    const table: unknown = Reflect.get(tested.database, model.charAt(0).toLowerCase() + model.slice(1));
    if (!isTable(table)) throw new Error(`the client has no table ${model}`);
    await expect(table.findFirst(), model).resolves.toBeNull();
  }
});

test('a database that is up to date needs no migration', async () => {
  expect(await applyMigrations(tested.ownerUrl, 'prisma/migrations')).toEqual([]);
});

describe('the role of the product', () => {
  test('is no superuser and makes no tables', async () => {
    const { rows } = await product.query(
      'select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user',
    );
    expect(rows).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }]);
    await expect(product.query('create table mine ()')).rejects.toThrow('permission denied for schema public');
  });

  test('adds to the activity and reads it, but neither changes nor deletes it', async () => {
    await product.query(
      `insert into activity (actor_name, verb, object_kind, object_id, object_name) values ('Ada', 'approved', 'plan', 'p', 'web')`,
    );
    expect((await product.query('select verb from activity')).rows).toEqual([{ verb: 'approved' }]);
    for (const forbidden of [`update activity set verb = 'rejected'`, 'delete from activity', 'truncate activity']) {
      await expect(product.query(forbidden), forbidden).rejects.toThrow('permission denied for table activity');
    }
  });

  test('cannot rewrite the history of migrations', async () => {
    await expect(product.query('delete from _prisma_migrations')).rejects.toThrow('permission denied');
  });
});

describe('what the tables refuse', () => {
  const insertCycle = (id: string, state: string) =>
    owner.query(
      `insert into cycle (id, plan_id, cluster_id, environment_id, state) values ($1, $1, 'cluster', 'environment', $2)`,
      [id, state],
    );

  beforeAll(async () => {
    await owner.query(`
      insert into environment (id, name, kind) values ('environment', 'e', 'simulator');
      insert into cluster (id, environment_id, name, spec, config, min_size, target_size, max_size)
        values ('cluster', 'environment', 'c', '{}', 'v1', 1, 2, 3);
      insert into plan (id, cluster_id, environment_id, state, author_id, fingerprint, body, expires_at)
        select id, 'cluster', 'environment', 'approved', 'ada', 'f', '{}', now() from unnest(array['one', 'two', 'three']) id;
    `);
  });

  test('a second active cycle of one cluster, but not one after a cycle that ended', async () => {
    await insertCycle('one', 'completed');
    await insertCycle('two', 'paused');
    await expect(insertCycle('three', 'approved')).rejects.toThrow('cycle_one_active_per_cluster');
  });

  test('a state that the domain does not know', async () => {
    await expect(insertCycle('three', 'cancelled')).rejects.toThrow('cycle_state_check');
  });
});

function isTable(value: unknown): value is { findFirst(): Promise<unknown> } {
  return typeof value === 'object' && value !== null && 'findFirst' in value && typeof value.findFirst === 'function';
}
