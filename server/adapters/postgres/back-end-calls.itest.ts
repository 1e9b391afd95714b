import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ObservedCall } from '../environments/observed.ts';
import { BackEndCalls } from './back-end-calls.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const MINUTE_MS = 60_000;

let fresh: TestDatabase;
let calls: BackEndCalls;
let made: number;

beforeAll(async () => {
  fresh = await createTestDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  await fresh.database.backEndCall.deleteMany();
  await fresh.database.backEndTraffic.deleteMany();
  calls = new BackEndCalls(fresh.database, pino({ level: 'silent' }));
  made = 0;
});

const NOW = Date.now();
const read: Omit<ObservedCall, 'requestId'> = {
  operation: 'pinnedSpec',
  token: null,
  detail: 'a spec',
  at: NOW,
  durationMs: 5,
  result: 'The engine has no image web:2',
  isThrottled: false,
};

function record(changes: Partial<ObservedCall> = {}, environmentId = 'e'): void {
  made += 1;
  calls.record(environmentId, { ...read, requestId: `request-${made}`, ...changes });
}

async function kept(): Promise<readonly string[]> {
  await calls.flush();
  return (await fresh.database.backEndCall.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
}

test('a read that fails again and again in the same way is kept once a minute, and counted each time', async () => {
  for (const after of [0, 1_000, MINUTE_MS - 1, MINUTE_MS, MINUTE_MS + 1, 2 * MINUTE_MS]) record({ at: NOW + after });
  expect(await kept()).toEqual(['request-1', 'request-4', 'request-6']);
  await calls.writeTraffic();
  const { _sum: sums } = await fresh.database.backEndTraffic.aggregate({ _sum: { calls: true, failures: true } });
  expect(sums).toEqual({ calls: 6, failures: 6 });
});

test('one that fails in another way, or elsewhere, is kept at once', async () => {
  record();
  record({ result: 'The engine has no image web:3' });
  record({ operation: 'describeCluster' });
  record({ detail: 'c' });
  record({}, 'f');
  record();
  expect(await kept()).toEqual([1, 2, 3, 4, 5].map((number) => `request-${number}`));
});

test('a read that went well is not kept, and every order is, however it ended', async () => {
  record({ result: 'ok' });
  const order = { operation: 'drainInstances', token: 'cyc_1/2/3', detail: 'i' } as const;
  for (const result of ['ok', 'ok', 'too many', 'too many']) record({ ...order, result });
  expect(await kept()).toEqual([2, 3, 4, 5].map((number) => `request-${number}`));
});
