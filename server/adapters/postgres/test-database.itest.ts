import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './test-database.ts';

test('a connection that is left open fails the file, and the database is gone all the same', async () => {
  const tested = await createTestDatabase();
  const leak = new pg.Client({ connectionString: tested.url, application_name: 'leak' });
  const cut = new Promise<string>((resolve) => leak.on('error', (error) => resolve(error.message)));
  await leak.connect();
  await leak.query('select 1');
  await expect(tested.drop()).rejects.toThrow('Connections were left open: leak: select 1');
  expect(await cut).toContain('terminating connection');
  const again = new pg.Client({ connectionString: tested.url });
  await expect(again.connect()).rejects.toThrow('does not exist');
});

test('two databases share nothing', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await one.database.eventStream.create({ data: { name: 'activity' } });
  expect(await one.database.eventStream.count()).toBe(1);
  expect(await two.database.eventStream.count()).toBe(0);
  await Promise.all([one.drop(), two.drop()]);
});
