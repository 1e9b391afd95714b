import { afterAll, beforeAll, expect, test } from 'vitest';
import { cycleListSchema } from '../../contract/cycle.ts';
import { PostgresCycleQueries } from './cycle-queries.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let fresh: TestDatabase;
let cycles: PostgresCycleQueries;

beforeAll(async () => {
  fresh = await createTestDatabase();
  cycles = new PostgresCycleQueries(fresh.database);
  for (const environment of ['lab', 'prod']) {
    const environmentId = `env_${environment}`;
    await fresh.database.environment.create({ data: { id: environmentId, name: environment, kind: 'simulator' } });
    for (const name of ['web', 'checkout']) await cycleOf(environmentId, `${environment}-${name}`, name);
  }
});
afterAll(() => fresh.drop());

async function cycleOf(environmentId: string, clusterId: string, name: string): Promise<void> {
  const of = { clusterId, environmentId };
  const sizes = { minSize: 0, targetSize: 2, maxSize: 4 };
  await fresh.database.cluster.create({
    data: { id: clusterId, environmentId, name, spec: {}, config: 'v1', ...sizes },
  });
  const planId = `pln_${clusterId}`;
  const expiresAt = new Date(Date.now() + 60_000);
  await fresh.database.plan.create({
    data: { id: planId, ...of, state: 'approved', authorId: 'ada', fingerprint: 'f', body: {}, expiresAt },
  });
  await fresh.database.cycle.create({ data: { id: `cyc_${clusterId}`, planId, ...of, state: 'completed' } });
}

test.each([
  [{}, ['cyc_prod-web', 'cyc_prod-checkout', 'cyc_lab-web', 'cyc_lab-checkout']],
  [{ environment: 'lab' }, ['cyc_lab-web', 'cyc_lab-checkout']],
  [{ environment: 'lab', q: 'WEB' }, ['cyc_lab-web']],
  [{ environment: 'nowhere' }, []],
])('of %j the list and its count know the same cycles', async (input, ids) => {
  const page = await cycles.list(cycleListSchema.parse(input));
  expect([page.rows.map(({ id }) => id), page.total]).toEqual([ids, ids.length]);
});
