import { isTrackedEnvelope } from '@trpc/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appendLog } from '../adapters/postgres/log-store.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { composeWeb, type Services } from '../compose.ts';
import type { Viewer } from '../contract/people.ts';
import type { LogNews } from '../contract/session.ts';
import type { LogLine } from '../domain/execution/controller.ts';
import type { LogLevel } from '../domain/session/log-level.ts';
import { createCaller } from './app-router.ts';

const ADA: Viewer = { id: 'ada', name: 'Ada', email: 'ada@example.org', role: 'viewer' };
const BEGAN = Date.UTC(2026, 0, 1);

let fresh: TestDatabase;
let services: Services;

beforeAll(async () => {
  fresh = await createTestDatabase();
  services = composeWeb({
    databaseUrl: fresh.url,
    key: new Uint8Array(32).fill(7),
    publicUrl: 'http://127.0.0.1:1',
    trustedProxies: [],
    localMachines: true,
  });
  await fresh.database.user.create({ data: { id: 'ada', name: 'Ada', email: 'ada@example.org' } });
  await fresh.database.authSession.create({
    data: { id: 's', token: 't', userId: 'ada', expiresAt: new Date(Date.now() + 3_600_000) },
  });
});
afterAll(async () => {
  await services.close();
  await fresh.drop();
});
beforeEach(async () => {
  const { database } = fresh;
  await database.session.deleteMany();
  await database.session.create({
    data: { id: 'ses_1', name: 'smoke', state: 'running', spec: {}, ownerName: 'Ada' },
  });
  await execution('exe_1', 'server');
});

async function execution(id: string, name: string, change: object = {}): Promise<void> {
  await fresh.database.execution.create({
    data: {
      id,
      sessionId: 'ses_1',
      name,
      kind: name,
      ordinal: Number(id.slice(4)),
      pool: 'workers',
      environmentId: 'env_1',
      clusterId: 'clu_1',
      instanceId: `machine-${id}`,
      workload: {},
      state: 'RUNNING',
      desiredState: 'RUNNING',
      ...change,
    },
  });
}

const caller = () => createCaller({ viewer: ADA, sessionId: 's', requestId: 'r', services, now: Date.now() });

type Line = LogLine & { readonly level: LogLevel };
const line = (number: number, text = `line ${number}`, level: LogLevel = 'info'): Line => ({
  line: number,
  at: BEGAN + number * 1_000,
  stream: 'stdout',
  level,
  text,
});
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => line(from + index));

function append(...some: Line[]): Promise<void> {
  return fresh.database.$transaction((tx) => appendLog(tx, 'exe_1', some));
}

const numbers = (view: { readonly lines: readonly LogLine[] }) => view.lines.map((one) => one.line);

describe('lines that are stored', () => {
  test('come back as they were written, whatever is in them', async () => {
    const odd = line(0, 'quote " \' \\ {x,NULL} \u{1f642} \u001b[31m\ttab', 'error');
    await append(odd, { ...line(1, ''), stream: 'stderr' });
    const { lines: read } = await caller().execution.logs({ executionId: 'exe_1', from: 0 });
    expect(read).toEqual([odd, { ...line(1, ''), stream: 'stderr' }]);
  });

  test('may hold a NUL, which is shown as unreadable', async () => {
    await append(line(0, 'a\0b'));
    expect((await caller().execution.logs({ executionId: 'exe_1', from: 0 })).lines[0]?.text).toBe('a\ufffdb');
  });

  test('may be given again, and stay as they were', async () => {
    await append(...lines(0, 3));
    await append(line(2, 'another text'), line(3));
    const view = await caller().execution.logs({ executionId: 'exe_1', from: 0 });
    expect(view.lines).toEqual(lines(0, 4));
    expect(view.total).toBe(4);
  });

  test('are one event for a thousand, and none where nothing is new', async () => {
    const events = () => fresh.database.event.count({ where: { stream: 'execution:exe_1' } });
    const before = await events();
    await append(...lines(0, 1_000));
    expect(await events()).toBe(before + 1);
    await append(...lines(0, 1_000));
    expect(await events()).toBe(before + 1);
  });
});

describe('a range', () => {
  beforeEach(() => append(...lines(0, 20)));

  test('begins where it is asked to, and says how much there is', async () => {
    const view = await caller().execution.logs({ executionId: 'exe_1', from: 5, limit: 3 });
    expect(numbers(view)).toEqual([5, 6, 7]);
    expect(view).toMatchObject({ total: 20, firstAt: BEGAN, lastAt: BEGAN + 19_000 });
  });

  test('without a beginning is the end', async () => {
    expect(numbers(await caller().execution.logs({ executionId: 'exe_1', from: null, limit: 3 }))).toEqual([
      17, 18, 19,
    ]);
  });

  test('after the end is empty', async () => {
    expect(numbers(await caller().execution.logs({ executionId: 'exe_1', from: 20 }))).toEqual([]);
  });

  test('of more than a thousand lines is refused: a log is never read whole', async () => {
    await expect(caller().execution.logs({ executionId: 'exe_1', from: 0, limit: 1_001 })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  test('of nothing that we know is not found', async () => {
    await expect(caller().execution.logs({ executionId: 'none', from: 0 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

test('an execution without a line has an empty log', async () => {
  expect(await caller().execution.logs({ executionId: 'exe_1', from: null })).toMatchObject({
    lines: [],
    total: 0,
    firstAt: null,
    lastAt: null,
  });
  expect(await caller().execution.logLineAt({ executionId: 'exe_1', at: BEGAN })).toBeNull();
});

describe('a search', () => {
  beforeEach(() =>
    append(
      line(0, 'listening'),
      line(1, 'Connection refused', 'error'),
      line(2, '100% done'),
      line(3, '100 percent done', 'warn'),
      line(4, 'snake_case'),
      line(5, 'snakeXcase'),
      line(6, 'connection closed', 'debug'),
    ),
  );
  const search = (input: object) => caller().execution.searchLog({ executionId: 'exe_1', text: '', ...input });

  test.each([
    [{ text: 'CONNECTION' }, [1, 6]],
    [{ text: '100%' }, [2]],
    [{ text: 'snake_' }, [4]],
    [{ text: 'no such text' }, []],
    [{ level: 'warn' }, [1, 3]],
    [{ level: 'info', text: 'connection' }, [1]],
    [{ text: 'connection', from: 2 }, [6]],
  ])('for %o finds %o', async (input, found) => {
    const view = await search(input);
    expect(numbers(view)).toEqual(found);
    expect(view.next).toBeNull();
  });

  test('goes on where the page ended', async () => {
    const first = await search({ text: 'connection', limit: 1 });
    expect(first).toMatchObject({ lines: [{ line: 1 }], next: 2 });
    const second = await search({ text: 'connection', limit: 1, from: first.next });
    expect(second).toMatchObject({ lines: [{ line: 6 }], next: null });
  });
});

test.each([
  [BEGAN - 1, 0],
  [BEGAN, 0],
  [BEGAN + 1, 1],
  [BEGAN + 2_000, 2],
  [BEGAN + 99_000, 2],
])('the line at %i is %i: the first not before it, or the last', async (at, expected) => {
  await append(...lines(0, 3));
  expect(await caller().execution.logLineAt({ executionId: 'exe_1', at })).toBe(expected);
});

describe('a follower', () => {
  /** The lines of each message that has any, until the log is over. */
  async function* followed(input: { from?: number | null; tail?: number; lastEventId?: number }) {
    for await (const message of await caller().execution.log({ executionId: 'exe_1', ...input })) {
      if (!isTrackedEnvelope<LogNews>(message)) throw new Error('the message has no id to resume from');
      const [id, news] = message;
      if (news.lines.length > 0) yield { id, numbers: numbers(news) };
    }
  }

  async function all(input: { from?: number | null; tail?: number; lastEventId?: number }) {
    const messages: { id: string; numbers: number[] }[] = [];
    for await (const message of followed(input)) messages.push(message);
    return messages;
  }

  test('gets what is there, then what comes, each once and in order, until the component is gone', async () => {
    await append(...lines(0, 2));
    const follower = followed({ from: 1 });
    expect((await follower.next()).value).toEqual({ id: '2', numbers: [1] });
    const next = follower.next();
    await append(...lines(1, 4));
    expect((await next).value).toEqual({ id: '4', numbers: [2, 3] });
    const end = follower.next();
    await append(line(4));
    expect((await end).value).toEqual({ id: '5', numbers: [4] });
    await fresh.database.execution.update({ where: { id: 'exe_1' }, data: { removedAt: new Date() } });
    const over = follower.next();
    await append(line(5));
    expect((await over).value).toEqual({ id: '6', numbers: [5] });
    expect(await follower.next()).toMatchObject({ done: true });
  });

  test('resumes with the line after the last it got', async () => {
    await append(...lines(0, 5));
    await fresh.database.execution.update({ where: { id: 'exe_1' }, data: { removedAt: new Date() } });
    const got = await all({ from: 0, lastEventId: 3 });
    expect(got).toEqual([{ id: '5', numbers: [3, 4] }]);
  });

  test('of a long log gets it in parts', async () => {
    await append(...lines(0, 2_500));
    await fresh.database.execution.update({ where: { id: 'exe_1' }, data: { removedAt: new Date() } });
    const got = await all({ from: 0 });
    expect(got.map((one) => one.numbers.length)).toEqual([1_000, 1_000, 500]);
  });

  test('may begin a little before the end', async () => {
    await append(...lines(0, 5));
    await fresh.database.execution.update({ where: { id: 'exe_1' }, data: { removedAt: new Date() } });
    expect((await all({ tail: 2 })).map((one) => one.numbers)).toEqual([[3, 4]]);
    expect((await all({ tail: 9 })).map((one) => one.numbers)).toEqual([[0, 1, 2, 3, 4]]);
  });

  test('without a beginning gets only what comes', async () => {
    await append(...lines(0, 2));
    const follower = followed({});
    const first = follower.next();
    // It has asked for the number of lines when its reader joins.
    await expect.poll(() => services.live.readers).toBe(1);
    await append(line(2));
    expect((await first).value).toEqual({ id: '3', numbers: [2] });
    await follower.return();
    await expect.poll(() => services.live.readers).toBe(0);
  });
});

describe('executions', () => {
  beforeEach(async () => {
    await execution('exe_2', 'client', { state: 'FAILED', exitCode: 1, health: 'failed' });
    await execution('exe_3', 'driver', { state: 'COMPLETE', exitCode: 0, removedAt: new Date() });
  });
  const listed = async (input: object) => (await caller().execution.list(input)).rows.map(({ id }) => id);

  test.each([
    [{}, ['exe_3', 'exe_2', 'exe_1']],
    [{ state: 'active' }, ['exe_1']],
    [{ state: 'failed' }, ['exe_2']],
    [{ state: 'COMPLETE' }, ['exe_3']],
    [{ sessionId: 'none' }, []],
    [{ q: 'smoke cli' }, ['exe_2']],
    [{ q: 'machine-exe_3' }, ['exe_3']],
  ])('are listed newest first: %o gives %o', async (input, ids) => {
    expect(await listed(input)).toEqual(ids);
  });

  test('come in pages', async () => {
    const first = await caller().execution.list({ limit: 2 });
    expect(first).toMatchObject({ total: 3, nextCursor: 'exe_2' });
    const second = await caller().execution.list({ limit: 2, cursor: first.nextCursor });
    expect(second).toMatchObject({ rows: [{ id: 'exe_1' }], nextCursor: null });
  });

  test('tell their steps and their health, oldest first', async () => {
    const { database } = fresh;
    for (const state of ['NEW', 'RUNNING']) {
      await database.executionTransition.create({
        data: { executionId: 'exe_1', state, desiredState: 'RUNNING', message: state.toLowerCase() },
      });
    }
    await database.healthTransition.create({
      data: { executionId: 'exe_1', at: new Date(BEGAN), health: 'ready', reason: '' },
    });
    expect(await caller().execution.byId({ executionId: 'exe_1' })).toMatchObject({
      sessionName: 'smoke',
      machine: { instanceId: 'machine-exe_1', clusterName: 'clu_1' },
      transitions: [{ state: 'NEW' }, { state: 'RUNNING', message: 'running' }],
      healths: [{ at: BEGAN, health: 'ready' }],
      ports: [],
    });
    await expect(caller().execution.byId({ executionId: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
