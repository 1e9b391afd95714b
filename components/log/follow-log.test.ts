import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogNews } from '../../server/contract/session.ts';
import { followLog } from './follow-log.ts';

/** A stream as the browser has it; the test says what comes. */
class FakeSource {
  static readonly all: FakeSource[] = [];
  readonly url: URL;
  isClosed = false;
  onmessage: (event: { data: string; lastEventId: string }) => void = () => undefined;
  onerror: () => void = () => undefined;
  readonly #listeners = new Map<string, () => void>();

  constructor(url: string) {
    this.url = new URL(url, 'http://127.0.0.1');
    FakeSource.all.push(this);
  }

  addEventListener(kind: string, listener: () => void): void {
    this.#listeners.set(kind, listener);
  }

  tell(kind: string): void {
    this.#listeners.get(kind)?.();
  }

  close(): void {
    this.isClosed = true;
  }

  get input(): unknown {
    return JSON.parse(this.url.searchParams.get('input') ?? '');
  }
}

let told: LogNews[];
let stop: () => void;
const newest = () => FakeSource.all.at(-1);
const news = (line: number): LogNews => ({
  lines: [{ line, at: 0, stream: 'stdout', level: 'info', text: 'x' }],
  over: false,
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.all.length = 0;
  told = [];
  stop = followLog('exe_1', 7, (one) => told.push(one));
});
afterEach(() => {
  stop();
  expect(FakeSource.all.every((source) => source.isClosed)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('it asks for the lines from the one that is wanted, and tells what comes', () => {
  expect(newest()?.url.pathname).toBe('/api/trpc/execution.log');
  expect(newest()?.input).toEqual({ executionId: 'exe_1', from: 7 });
  newest()?.onmessage({ data: JSON.stringify(news(7)), lastEventId: '8' });
  expect(told).toEqual([news(7)]);
});

test.each<[string, () => void, number]>([
  ['breaks', () => newest()?.onerror(), 5_000],
  ['says that it failed', () => newest()?.tell('serialized-error'), 5_000],
  ['is silent for half a minute', () => undefined, 30_000],
])('a stream that %s is opened again after the last line that came', (_, happens, ms) => {
  newest()?.onmessage({ data: JSON.stringify(news(7)), lastEventId: '8' });
  happens();
  vi.advanceTimersByTime(ms - 1);
  expect(FakeSource.all).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(FakeSource.all.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  expect(newest()?.input).toEqual({ executionId: 'exe_1', from: 7, lastEventId: 8 });
});

test('a stream that comes back by itself is left alone', () => {
  newest()?.onerror();
  vi.advanceTimersByTime(3_000);
  newest()?.onmessage({ data: JSON.stringify(news(7)), lastEventId: '8' });
  vi.advanceTimersByTime(29_999);
  expect(FakeSource.all).toHaveLength(1);
});

test('when the server says that nothing more comes, it stays closed', () => {
  newest()?.tell('return');
  vi.advanceTimersByTime(120_000);
  expect(FakeSource.all.map(({ isClosed }) => isClosed)).toEqual([true]);
});
