import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../adapters/postgres/test-database.ts';
import { type ChaosOptions, runChaos } from './chaos.ts';
import { crashKinds } from './crash-points.ts';

let correct: TestDatabase;
let mutated: TestDatabase;

beforeAll(async () => {
  correct = await createTestDatabase();
  mutated = await createTestDatabase();
});

afterAll(async () => {
  await correct.drop();
  await mutated.drop();
});

const options = {
  clusters: 20,
  stops: false,
  ttlMs: 1_000,
  limitMs: 170_000,
  kinds: crashKinds,
  within: 6,
  mutant: false,
  say: () => undefined,
} satisfies Partial<ChaosOptions>;

test('twenty kills at all points lose nothing, do nothing twice and never break the floor', async () => {
  const { kills, cycles, unfinished, verdict, settingsLeft } = await runChaos({
    ...options,
    databaseUrl: correct.url,
    kills: 20,
  });
  expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(20);
  for (const [kind, count] of Object.entries(kills)) expect(count, kind).toBeGreaterThanOrEqual(2);
  expect(unfinished).toEqual([]);
  expect(cycles.completed).toBeGreaterThanOrEqual(20);
  const { calls, effects, ...findings } = verdict;
  expect(calls).toBeGreaterThan(0);
  expect(effects).toBeGreaterThan(0);
  expect(findings).toEqual({
    duplicates: [],
    losses: [],
    breaches: [],
    excused: [],
    ceilingBreaches: [],
    callsWithoutIntent: [],
    lateEffects: [],
  });
  expect(settingsLeft).toEqual([]);
}, 180_000);

test('a runner that records after the call is caught', async () => {
  // Where the call has taken effect and nothing is written yet: the point that tells the two apart.
  const kinds = ['answer-received'] as const;
  const { verdict, settingsLeft } = await runChaos({
    ...options,
    databaseUrl: mutated.url,
    clusters: 6,
    kills: 3,
    kinds,
    mutant: true,
  });
  expect(verdict.callsWithoutIntent.length + settingsLeft.length).toBeGreaterThan(0);
}, 180_000);
