import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Cursors, LiveMessage } from '../../server/contract/live.ts';
import { frameOf } from '../../server/contract/live-frame.ts';
import { type ConnectionStatus, LiveConnection, type OpenStream } from './live-connection.ts';

/** A server that answers when the test says so. */
class FakeServer {
  readonly opened: Cursors[] = [];
  readonly open: OpenStream = (cursors, handlers) => {
    this.opened.push(cursors);
    this.#handlers.push(handlers);
    return () => {
      this.#handlers = this.#handlers.filter((other) => other !== handlers);
    };
  };
  #handlers: Parameters<OpenStream>[1][] = [];

  get streams(): number {
    return this.#handlers.length;
  }

  send(message: LiveMessage): void {
    for (const handlers of this.#handlers) handlers.onFrame(frameOf(message));
  }

  end(signedOut = false): void {
    for (const handlers of this.#handlers) handlers.onEnd(signedOut);
  }
}

let server: FakeServer;
let statuses: ConnectionStatus[];
let received: LiveMessage[];
let signedOut: number;
let connection: LiveConnection;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  server = new FakeServer();
  statuses = [];
  received = [];
  signedOut = 0;
  connection = new LiveConnection(
    server.open,
    {
      onMessage: (message) => received.push(message),
      onStatus: (status) => statuses.push(status),
      onSignedOut: () => {
        signedOut += 1;
      },
    },
    () => 1,
  );
});
afterEach(() => {
  connection.pause();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const beat = (): LiveMessage => ({ type: 'beat', at: Date.now() });
const event = (stream: string, seq: string, at = Date.now()): LiveMessage => ({
  type: 'events',
  events: [{ stream, seq, kind: 'changed', body: {}, at }],
});

test('a changed set of streams opens one stream, 100 ms after the last change, from the cursors', () => {
  connection.want({ 'cycle:a': '3' });
  vi.advanceTimersByTime(90);
  connection.want({ 'cycle:a': '3', 'cycle:b': '7' });
  vi.advanceTimersByTime(99);
  expect(server.opened).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(server.opened).toEqual([{ 'cycle:a': '3', 'cycle:b': '7' }]);
});

test('it opens without any stream, for the beats', () => {
  connection.want({});
  vi.advanceTimersByTime(100);
  expect(server.opened).toEqual([{}]);
});

test('when the set changes it goes on where it was, not where the view was read', () => {
  connection.want({ 'cycle:a': '3' });
  vi.advanceTimersByTime(100);
  server.send(event('cycle:a', '4'));
  connection.want({ 'cycle:a': '3', 'cycle:b': '1' });
  vi.advanceTimersByTime(100);
  expect(server.opened[1]).toEqual({ 'cycle:a': '4', 'cycle:b': '1' });
  expect(server.streams).toBe(1);
});

test('the same set opens nothing anew', () => {
  connection.want({ 'cycle:a': '3' });
  vi.advanceTimersByTime(100);
  connection.want({ 'cycle:a': '9' });
  vi.advanceTimersByTime(1_000);
  expect(server.opened).toHaveLength(1);
});

test('when it breaks it is opened again from its position, later after each failure', () => {
  connection.want({ 'cycle:a': '3' });
  vi.advanceTimersByTime(100);
  server.send(event('cycle:a', '4'));
  const waits = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000];
  waits.forEach((wait, index) => {
    server.end();
    vi.advanceTimersByTime(wait - 1);
    expect(server.opened).toHaveLength(index + 1);
    vi.advanceTimersByTime(1);
    expect(server.opened).toHaveLength(index + 2);
  });
  expect(server.opened.at(-1)).toEqual({ 'cycle:a': '4' });
  server.send(beat());
  server.end();
  vi.advanceTimersByTime(500);
  expect(server.opened).toHaveLength(10);
});

test('it says since when it is offline, and that it is live again', () => {
  connection.want({});
  vi.advanceTimersByTime(100);
  server.send(beat());
  const since = Date.now();
  server.end();
  vi.advanceTimersByTime(500);
  server.end();
  server.send(beat());
  vi.advanceTimersByTime(1_000);
  server.send(beat());
  expect(statuses).toEqual([
    { kind: 'live', lagMs: 0 },
    { kind: 'offline', since },
    { kind: 'offline', since },
    { kind: 'live', lagMs: 0 },
  ]);
});

test('a stream without a message for 30 seconds is taken for dead', () => {
  connection.want({});
  vi.advanceTimersByTime(100);
  server.send(beat());
  vi.advanceTimersByTime(29_999);
  expect(server.streams).toBe(1);
  vi.advanceTimersByTime(1);
  expect(server.streams).toBe(0);
  vi.advanceTimersByTime(500);
  expect(server.streams).toBe(1);
});

test('only an opening that takes a second is said to be catching up', () => {
  connection.want({});
  vi.advanceTimersByTime(1_099);
  expect(statuses).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(statuses).toEqual([{ kind: 'catching-up' }]);
});

test('the lag is told by the server’s clock', () => {
  connection.want({});
  vi.advanceTimersByTime(100);
  server.send({ type: 'beat', at: Date.now() + 3_600_000 });
  server.send(event('cycle:a', '1', Date.now() + 3_600_000 - 400));
  expect(statuses.at(-1)).toEqual({ kind: 'live', lagMs: 400 });
});

test('when the session has ended it stays closed', () => {
  connection.want({});
  vi.advanceTimersByTime(100);
  server.end(true);
  vi.advanceTimersByTime(60_000);
  expect(server.opened).toHaveLength(1);
  expect(signedOut).toBe(1);
});

test('paused, it opens nothing, and resumed, it goes on from where it was', () => {
  connection.want({ 'cycle:a': '3' });
  vi.advanceTimersByTime(100);
  server.send(event('cycle:a', '4'));
  connection.pause();
  connection.want({ 'cycle:a': '3', 'cycle:b': '1' });
  vi.advanceTimersByTime(60_000);
  expect(server.streams).toBe(0);
  connection.resume();
  vi.advanceTimersByTime(0);
  expect(server.opened[1]).toEqual({ 'cycle:a': '4', 'cycle:b': '1' });
});

test('what a closed stream still says is passed over', () => {
  let last: Parameters<OpenStream>[1] | undefined;
  const late = new LiveConnection(
    (_cursors, handlers) => {
      last = handlers;
      return () => undefined;
    },
    { onMessage: (message) => received.push(message), onStatus: () => undefined, onSignedOut: () => undefined },
  );
  late.want({});
  vi.advanceTimersByTime(100);
  late.pause();
  last?.onFrame(frameOf(beat()));
  last?.onEnd(false);
  expect(received).toEqual([]);
});
