import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../adapters/postgres/test-database.ts';
import { crashKinds } from './crash-points.ts';
import { runSessionChaos, type SessionChaosOptions } from './session-chaos.ts';

let database: TestDatabase;
let mutated: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  mutated = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
  await mutated.drop();
});

const options = {
  kinds: crashKinds,
  within: 6,
  ttlMs: 1_000,
  limitMs: 170_000,
  mutant: false,
  say: () => undefined,
} satisfies Partial<SessionChaosOptions>;

test('twenty kills at all points leak no machine, run nothing twice and leave nothing behind', async () => {
  const { kills, sessions, starts, findings } = await runSessionChaos({ ...options, database, kills: 20 });
  expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(20);
  for (const [kind, count] of Object.entries(kills)) expect(count, kind).toBeGreaterThanOrEqual(2);
  expect(sessions).toBeGreaterThanOrEqual(3);
  expect(starts).toBe(sessions * 3);
  expect(findings).toEqual({
    ranTwice: [],
    miscounted: [],
    orphans: [],
    leaked: [],
    heldTwice: [],
    unsuccessful: [],
  });
}, 200_000);

test('a runner that leaves components behind is caught', async () => {
  const { findings } = await runSessionChaos({ ...options, database: mutated, kills: 0, mutant: true });
  expect(findings.orphans.length).toBeGreaterThan(0);
}, 100_000);
