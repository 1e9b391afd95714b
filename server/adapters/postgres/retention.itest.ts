import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { appendEvents } from './event-log.ts';
import { prune } from './retention.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let fresh: TestDatabase;

beforeAll(async () => {
  fresh = await createTestDatabase();
});
afterAll(() => fresh.drop());
beforeEach(() => fresh.database.backEndCall.deleteMany());

async function call(id: string, at: number, part: { token?: string; cycleId?: string } = {}): Promise<void> {
  const of = { environmentId: 'e', operation: 'describeCluster', durationMs: 5, result: 'refused' };
  await fresh.database.backEndCall.create({ data: { id, at: new Date(at), ...of, ...part } });
}

async function kept(): Promise<readonly string[]> {
  const rows = await fresh.database.backEndCall.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  return rows.map(({ id }) => id);
}

test('a read that failed is thrown away after 30 days', async () => {
  const now = Date.now();
  await call('old', now - 30 * DAY_MS - 1);
  await call('young', now - 30 * DAY_MS + 1);
  await prune(fresh.database, now);
  expect(await kept()).toEqual(['young']);
});

test('a call that changed something stays, be it of a cycle or of none', async () => {
  const now = Date.now();
  await call('of a cycle', now - 900 * DAY_MS, { token: 'cyc_1/drain/i-1', cycleId: 'cyc_1' });
  await call('of none', now - 900 * DAY_MS, { token: 'ses_1/start' });
  await prune(fresh.database, now);
  expect(await kept()).toEqual(['of a cycle', 'of none']);
});

test('an event is thrown away after a day, and its stream goes on counting', async () => {
  const { database } = fresh;
  const append = () => appendEvents(database, [{ stream: 'fleet', kind: 'changed', body: { what: 'clusters' } }]);
  const numbers = async () => (await database.event.findMany({ orderBy: { seq: 'asc' } })).map(({ seq }) => seq);
  await append();
  await append();
  await database.event.updateMany({ where: { seq: 1 }, data: { at: new Date(Date.now() - 25 * HOUR_MS) } });
  await prune(database, Date.now());
  expect(await numbers()).toEqual([2n]);
  await prune(database, Date.now() + 25 * HOUR_MS);
  await append();
  expect(await numbers()).toEqual([3n]);
});
