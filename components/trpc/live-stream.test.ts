import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveMessage } from '../../server/contract/live.ts';
import { LiveStream, type LiveView } from './live-stream.ts';
import type { TabHandlers, Want } from './live-tabs.ts';

let stream: LiveStream;
let handlers: TabHandlers;
let wants: Want[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  wants = [];
  stream = new LiveStream({ onServerTime: () => undefined, onSignedOut: () => undefined });
  stop = stream.start((told) => {
    handlers = told;
    return { wantChanged: () => wants.push(told.want()), retryNow: () => undefined, close: () => undefined };
  });
});
afterEach(() => {
  stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

class FakeView implements LiveView {
  readonly applied: string[] = [];
  refetched = 0;
  isBroken = false;

  constructor(public seq: string) {}

  apply(event: { seq: string }): void {
    this.applied.push(event.seq);
  }

  refetch(): Promise<void> {
    this.refetched += 1;
    return this.isBroken ? Promise.reject(new Error('offline')) : Promise.resolve();
  }
}

const event = (name: string, seq: string): LiveMessage => ({
  type: 'events',
  events: [{ stream: name, seq, kind: 'changed', body: {}, at: 0 }],
});

test('a stream is wanted from the oldest of its views, until the last has gone', () => {
  const leave = [stream.register('cycle:a', new FakeView('10')), stream.register('cycle:a', new FakeView('9'))];
  expect(wants.at(-1)?.cursors).toEqual({ 'cycle:a': '9' });
  for (const leaveOne of leave) leaveOne();
  expect(wants.at(-1)?.cursors).toEqual({});
});

test('each view is given the events after its own reading, each once', () => {
  const [old, young] = [new FakeView('8'), new FakeView('10')];
  stream.register('cycle:a', old);
  stream.register('cycle:a', young);
  for (const seq of ['9', '10', '10', '11']) handlers.onMessage(event('cycle:a', seq));
  handlers.onMessage(event('cycle:b', '12'));
  expect(old.applied).toEqual(['9', '10', '11']);
  expect(young.applied).toEqual(['11']);
});

test('a view that is behind the connection is read again, one that is not is left alone', () => {
  const [behind, level] = [new FakeView('9'), new FakeView('10')];
  stream.register('cycle:a', behind);
  stream.register('cycle:a', level);
  handlers.onPositions({ 'cycle:a': '10' });
  expect([behind.refetched, level.refetched]).toEqual([1, 0]);
  handlers.onMessage(event('cycle:a', '10'));
  expect(behind.applied).toEqual([]);
});

test('when events were pruned every view of the stream is read again', () => {
  const [view, other] = [new FakeView('2'), new FakeView('2')];
  stream.register('cycle:a', view);
  stream.register('cycle:b', other);
  handlers.onMessage({ type: 'resync', stream: 'cycle:a', seq: '50' });
  expect([view.refetched, other.refetched, view.seq]).toEqual([1, 0, '50']);
});

test('while the stream does not come through, the views are read every 5 seconds, and it says so', async () => {
  const view = new FakeView('1');
  stream.register('cycle:a', view);
  handlers.onStatus({ kind: 'offline', since: 1_000_000 });
  expect(stream.status()).toEqual({ kind: 'offline', since: 1_000_000 });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(view.refetched).toBe(3);
  expect(stream.status()).toEqual({ kind: 'polling' });
  handlers.onStatus({ kind: 'live', lagMs: 0 });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(view.refetched).toBe(3);
  expect(stream.status()).toEqual({ kind: 'live', lagMs: 0 });
});

test('where reading fails too, it stays offline since the first moment', async () => {
  const view = new FakeView('1');
  view.isBroken = true;
  stream.register('cycle:a', view);
  handlers.onStatus({ kind: 'offline', since: 1_000_000 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stream.status()).toEqual({ kind: 'offline', since: 1_000_000 });
});

test('paused, it leaves every view as it is, and resumed it wants each from where it was', () => {
  const view = new FakeView('10');
  stream.register('cycle:a', view);
  stream.pause();
  expect(wants.at(-1)).toEqual({ cursors: {}, attention: 'paused' });
  handlers.onMessage(event('cycle:a', '11'));
  handlers.onMessage({ type: 'resync', stream: 'cycle:a', seq: '50' });
  handlers.onPositions({ 'cycle:a': '60' });
  handlers.onStatus({ kind: 'live', lagMs: 0 });
  expect([view.applied, view.refetched, stream.status()]).toEqual([[], 0, { kind: 'paused' }]);
  stream.resume();
  expect(wants.at(-1)).toEqual({ cursors: { 'cycle:a': '10' }, attention: 'seen' });
  handlers.onMessage(event('cycle:a', '11'));
  expect(view.applied).toEqual(['11']);
});

test('paused while it polls, it reads nothing more', async () => {
  const view = new FakeView('1');
  stream.register('cycle:a', view);
  handlers.onStatus({ kind: 'offline', since: 1_000_000 });
  await vi.advanceTimersByTimeAsync(5_000);
  stream.pause();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(view.refetched).toBe(1);
});
