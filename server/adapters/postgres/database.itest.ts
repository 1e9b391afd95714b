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

describe('what is looked for again and again is found through an index, however much there was before', () => {
  test.each([
    ['samples that are too old', 'pool_sample_at_idx', `delete from pool_sample where at < now() - interval '30 days'`],
    [
      'when a machine was held last',
      'reservation_machine_cluster_id_instance_id_released_at_idx',
      `select released_at from reservation_machine where cluster_id = 'c' and instance_id = 'i' and released_at is not null
        order by released_at desc limit 1`,
    ],
    [
      'what is still to be removed from a machine',
      'execution_orphans',
      'select id from execution where removed_at is not null and retry_at <= now() limit 50',
    ],
    [
      'reservations that are open',
      'reservation_state_priority_requested_at_idx',
      `select 1 from reservation where state in ('waiting', 'held') and expires_at <= now() limit 1`,
    ],
  ])('%s', async (_, index, statement) => {
    const client = await owner.connect();
    try {
      // The tables are empty here, and none is looked up in an empty one.
      await client.query('set enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${statement}`);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain(` ${index} `);
      expect(plan).toContain('Index Cond');
      expect(plan).not.toMatch(/ Sort /);
    } finally {
      client.release(true);
    }
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
