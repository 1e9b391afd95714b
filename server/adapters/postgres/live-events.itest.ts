import { once } from 'node:events';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LiveEvent } from '../../contract/live.ts';
import { type LiveItem, LiveService } from '../../services/live-service.ts';
import { appendEvents, currentSeq, PostgresEventLog } from './event-log.ts';
import { Notifications } from './notifications.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let test_: TestDatabase;
let notifications: Notifications;
let live: LiveService;
let abort: AbortController;

beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(() => test_.drop());

beforeEach(() => {
  notifications = new Notifications(test_.url);
  live = new LiveService(new PostgresEventLog(test_.database), notifications, () => Date.now());
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await notifications.close();
});

const allowed = () => Promise.resolve(true);
const changed = (stream: string, what: string) => ({ stream, kind: 'changed', body: { what } }) as const;
const append = (stream: string, what: string) => appendEvents(test_.database, [changed(stream, what)]);

/** The next message that is no beat. */
async function next(items: AsyncGenerator<LiveItem>): Promise<LiveItem> {
  for (;;) {
    const { value, done } = await items.next();
    if (done === true) throw new Error('the stream has ended');
    if (value.message.type !== 'beat') return value;
  }
}

/** The next `count` events, or more where they came together. */
async function take(items: AsyncGenerator<LiveItem>, count: number): Promise<LiveEvent[]> {
  const taken: LiveEvent[] = [];
  while (taken.length < count) {
    const { message } = await next(items);
    if (message.type !== 'events') throw new Error(`a ${message.type} after ${taken.length} events of ${count}`);
    taken.push(...message.events);
  }
  return taken;
}

const whatOf = ({ body }: LiveEvent) => body.what;

test('a reader gets what was appended before and after it came, in order', async () => {
  await append('cycle:order', 'one');
  const items = live.eventsAfter({ 'cycle:order': '0' }, allowed, abort.signal);
  expect((await take(items, 1)).map(whatOf)).toEqual(['one']);
  await append('cycle:order', 'two');
  expect(await next(items)).toMatchObject({
    cursor: { 'cycle:order': '2' },
    message: { type: 'events', events: [{ stream: 'cycle:order', seq: '2', body: { what: 'two' } }] },
  });
});

test('a reader resumes from its cursor in another process', async () => {
  await append('cycle:resume', 'one');
  const { cursor } = await next(live.eventsAfter({ 'cycle:resume': '0' }, allowed, abort.signal));
  for (const what of ['two', 'three']) await append('cycle:resume', what);
  const other = new LiveService(new PostgresEventLog(test_.database), notifications, () => Date.now());
  const rest = other.eventsAfter(cursor, allowed, abort.signal);
  expect((await take(rest, 2)).map(whatOf)).toEqual(['two', 'three']);
});

test('no event is lost or repeated while many writers append to the same streams', async () => {
  const streams = ['cluster:a', 'cluster:b', 'cluster:c'];
  const items = live.eventsAfter(Object.fromEntries(streams.map((stream) => [stream, '0'])), allowed, abort.signal);
  const writers = Array.from({ length: 12 }, async (_, writer) => {
    for (let index = 0; index < 25; index++) {
      await test_.database.$transaction(async (tx) => {
        // Named in different orders, which must not make two writers wait for each other.
        const named = writer % 2 === 0 ? streams : streams.toReversed();
        await appendEvents(
          tx,
          named.map((stream) => changed(stream, `${writer}.${index}`)),
        );
      });
    }
  });
  const [taken] = await Promise.all([take(items, 12 * 25 * 3), ...writers]);
  for (const stream of streams) {
    const seqs = taken.flatMap((event) => (event.stream === stream ? [Number(event.seq)] : []));
    expect(seqs).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  }
});

test('an event of a transaction that was rolled back is never seen, and leaves no hole', async () => {
  const items = live.eventsAfter({ 'cycle:rollback': '0' }, allowed, abort.signal);
  const failed = test_.database.$transaction(async (tx) => {
    await appendEvents(tx, [changed('cycle:rollback', 'never')]);
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  await append('cycle:rollback', 'first');
  const [first] = await take(items, 1);
  expect(first).toMatchObject({ seq: '1', body: { what: 'first' } });
});

test('many readers of a stream share one reading of it', async () => {
  const log = new PostgresEventLog(test_.database);
  let queries = 0;
  const counted = {
    current: (streams: readonly string[]) => log.current(streams),
    after: (cursors: Record<string, string>, limit: number) => {
      queries += 1;
      return log.after(cursors, limit);
    },
  };
  const shared = new LiveService(counted, notifications, () => Date.now());
  const signals = Array.from({ length: 100 }, () => AbortSignal.any([abort.signal]));
  const readers = signals.map((signal) => shared.eventsAfter({ 'cycle:shared': '0' }, allowed, signal));
  const taken = readers.map((reader) => take(reader, 1));
  await append('cycle:shared', 'once');
  const all = await Promise.all(taken);
  expect(all.flat().map(whatOf)).toEqual(Array.from({ length: 100 }, () => 'once'));
  // Its first reading, the notified one, and at most a few of the poll.
  expect(queries).toBeLessThan(6);
});

test('a reader is told at once, and of many events that follow four times a second at most', async () => {
  const items = live.eventsAfter({ 'cycle:frames': '0' }, allowed, abort.signal);
  const writer = (async () => {
    for (let index = 0; index < 150; index++) await append('cycle:frames', String(index));
  })();
  const began = performance.now();
  const frames: LiveEvent[][] = [];
  while (frames.flat().length < 150) frames.push(await take(items, 1));
  await writer;
  expect(frames.length).toBeLessThanOrEqual(2 + (performance.now() - began) / 250);
  expect(frames.flat().map(whatOf)).toEqual(Array.from({ length: 150 }, (_, index) => String(index)));
});

/** That one instance of a cluster of 300 has changed. */
const patched = (stream: string, id: string, zone: string) =>
  appendEvents(test_.database, [
    { stream, kind: 'changed', body: { rows: 300, patch: { added: [], changed: [{ id, zone }], gone: [] } } },
  ]);

test('of what is drawn with many rows all readers are told once a second at most, the patches of a second as one', async () => {
  const [first, second] = [0, 1].map(() => live.eventsAfter({ 'cluster:big': '0' }, allowed, abort.signal));
  if (first === undefined || second === undefined) throw new Error('two readers were asked for');
  const both = () => Promise.all([next(first), next(second)]);
  const opening = both();
  await patched('cluster:big', 'm-1', 'a');
  await opening;
  const began = performance.now();
  const told = both();
  for (const [id, zone] of [
    ['m-1', 'b'],
    ['m-2', 'b'],
    ['m-1', 'c'],
  ] as const)
    await patched('cluster:big', id, zone);
  const [item, other] = await told;
  expect(performance.now() - began).toBeGreaterThan(700);
  const changed = [
    { id: 'm-1', zone: 'c' },
    { id: 'm-2', zone: 'b' },
  ];
  expect(item).toMatchObject({
    cursor: { 'cluster:big': '4' },
    message: { events: [{ seq: '4', body: { patch: { added: [], changed, gone: [] } } }] },
  });
  // One event for all, not one for each.
  if (item.message.type !== 'events' || other.message.type !== 'events') throw new Error('no events came');
  expect(other.message.events[0]).toBe(item.message.events[0]);
});

test('what is drawn with few rows is told at once beside what is drawn with many', async () => {
  const items = live.eventsAfter({ 'cluster:big2': '0', 'cycle:small': '0' }, allowed, abort.signal);
  await patched('cluster:big2', 'm-1', 'a');
  await take(items, 1);
  await patched('cluster:big2', 'm-1', 'b');
  await append('cycle:small', 'now');
  expect((await take(items, 1)).map(({ stream }) => stream)).toEqual(['cycle:small']);
  expect((await take(items, 1)).map(({ stream }) => stream)).toEqual(['cluster:big2']);
});

test('a snapshot that is ahead of what is told is not told to read again', async () => {
  const early = live.eventsAfter({ 'cluster:big3': '0' }, allowed, abort.signal);
  await patched('cluster:big3', 'm-1', 'a');
  await take(early, 1);
  await patched('cluster:big3', 'm-1', 'b');
  const late = live.eventsAfter({ 'cluster:big3': '2' }, allowed, abort.signal);
  const following = take(late, 1);
  await patched('cluster:big3', 'm-1', 'c');
  expect((await following).map(({ seq }) => seq)).toEqual(['3']);
});

test('a reader whose events were pruned is told to read again', async () => {
  for (const what of ['one', 'two', 'three']) await append('cycle:pruned', what);
  await test_.database.event.deleteMany({ where: { stream: 'cycle:pruned', seq: { lte: 2 } } });
  const items = live.eventsAfter({ 'cycle:pruned': '1' }, allowed, abort.signal);
  expect(await next(items)).toEqual({
    cursor: { 'cycle:pruned': '3' },
    message: { type: 'resync', stream: 'cycle:pruned', seq: '3' },
  });
  await append('cycle:pruned', 'four');
  expect((await take(items, 1)).map(whatOf)).toEqual(['four']);
});

test('a reader with a cursor of another database is told to read again', async () => {
  await append('cycle:restored', 'one');
  const { cursor } = await next(live.eventsAfter({ 'cycle:restored': '99' }, allowed, abort.signal));
  expect(cursor).toEqual({ 'cycle:restored': '1' });
});

test('a cursor newer than what this process has read is not told to read again', async () => {
  const first = live.eventsAfter({ 'cycle:newer': '0' }, allowed, abort.signal);
  await append('cycle:newer', 'one');
  await take(first, 1);
  await append('cycle:newer', 'two');
  const seq = await currentSeq(test_.database, 'cycle:newer');
  const items = live.eventsAfter({ 'cycle:newer': seq }, allowed, abort.signal);
  const next = take(items, 1);
  await append('cycle:newer', 'three');
  expect((await next).map(whatOf)).toEqual(['three']);
});

test('a reader goes on when the listening connection was cut', async () => {
  const items = live.eventsAfter({ 'cycle:cut': '0' }, allowed, abort.signal);
  await append('cycle:cut', 'before');
  await take(items, 1);
  const owner = new pg.Client({ connectionString: test_.ownerUrl });
  await owner.connect();
  const { rowCount } = await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'roundhouse listen'`,
  );
  expect(rowCount).toBe(1);
  await append('cycle:cut', 'while away');
  expect((await take(items, 1)).map(whatOf)).toEqual(['while away']);
  await append('cycle:cut', 'after');
  expect((await take(items, 1)).map(whatOf)).toEqual(['after']);
  await owner.end();
});

test('a subscriber of all streams is told the name of the one that moved', async () => {
  const told = new Promise<string>((resolve) => {
    const leave = notifications.subscribe('*', (stream) => {
      // First that it listens now, and that any stream may have moved until then.
      if (stream === '*') return void append('cycle:named', 'x');
      leave();
      resolve(stream);
    });
  });
  expect(await told).toBe('cycle:named');
});

test('when readers end, by abort or by return, no reader, subscription or abort listener is left', async () => {
  const other = new AbortController();
  const readers = [
    live.eventsAfter({ 'cycle:x': '0', 'cycle:y': '0' }, allowed, abort.signal),
    live.eventsAfter({ 'cycle:y': '0' }, allowed, abort.signal),
    live.eventsAfter({ 'cycle:x': '0' }, allowed, other.signal),
  ];
  const [first, second, third] = readers.map((reader) => reader.next());
  await Promise.all([first, second, third]);
  expect(live.readers).toBe(4);
  const ended = readers.slice(0, 2).map((reader) => reader.next());
  const aborted = once(abort.signal, 'abort');
  abort.abort();
  await aborted;
  await Promise.all(ended);
  await readers[2]?.return();
  expect(live.readers).toBe(0);
  expect(notifications.subscriptions).toBe(0);
});

test('the stream of a session that has ended ends at its next beat', async () => {
  const items = live.eventsAfter({ 'cycle:ended': '0' }, () => Promise.resolve(false), abort.signal);
  expect(await items.next()).toEqual({ done: true, value: undefined });
  expect(live.readers).toBe(0);
});
