import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Refetcher } from './refetcher.ts';

let queryClient: QueryClient;
let refetcher: Refetcher;
let startedAt: number[];
let answerMs: number;
let unsubscribe: () => void;

beforeEach(async () => {
  vi.useFakeTimers({ now: 0 });
  queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  refetcher = new Refetcher(queryClient);
  startedAt = [];
  answerMs = 10;
  const queryFn = async () => {
    startedAt.push(Date.now());
    await new Promise((resolve) => setTimeout(resolve, answerMs));
    return startedAt.length;
  };
  unsubscribe = new QueryObserver(queryClient, { queryKey: ['a'], queryFn }).subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(1_000);
  startedAt = [];
});
afterEach(() => {
  unsubscribe();
  queryClient.clear();
  vi.useRealTimers();
});

test('many requests in a second make four readings at most, the last after the last request', async () => {
  const begin = Date.now();
  for (let ms = 0; ms < 1_000; ms += 20) {
    void refetcher.refetch(['a']);
    await vi.advanceTimersByTimeAsync(20);
  }
  const lastRequest = Date.now() - 20;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(startedAt.filter((at) => at < begin + 1_000)).toHaveLength(4);
  expect(startedAt.at(-1)).toBeGreaterThanOrEqual(lastRequest);
});

test('an answer that is slower than the events is not cut off', async () => {
  answerMs = 900;
  const done = vi.fn();
  void refetcher.refetch(['a']).then(done);
  for (let ms = 0; ms < 900; ms += 100) {
    void refetcher.refetch(['a']);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(done).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(startedAt).toHaveLength(2);
});

test('what takes long to read is read for half of the time, and once in three seconds at least', async () => {
  for (const [takesMs, everyMs] of [
    [600, 1_200],
    [2_000, 3_000],
  ] as const) {
    answerMs = takesMs;
    startedAt = [];
    for (let ms = 0; ms < 12_000; ms += 100) {
      void refetcher.refetch(['a']);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(new Set(startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0)))).toEqual(new Set([everyMs]));
    await vi.advanceTimersByTimeAsync(10_000);
  }
});

test('it resolves only when the query was read after the request', async () => {
  answerMs = 500;
  void refetcher.refetch(['a']);
  await vi.advanceTimersByTimeAsync(100);
  const requestedAt = Date.now();
  const done = refetcher.refetch(['a']);
  await vi.advanceTimersByTimeAsync(2_000);
  await done;
  expect(startedAt[1]).toBeGreaterThanOrEqual(requestedAt);
});

test('it rejects where reading fails, and reads again when asked to', async () => {
  unsubscribe();
  let isBroken = true;
  const queryFn = () => (isBroken ? Promise.reject(new Error('broken')) : Promise.resolve('well'));
  unsubscribe = new QueryObserver(queryClient, { queryKey: ['b'], queryFn }).subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(refetcher.refetch(['b'])).rejects.toThrow('broken');
  isBroken = false;
  await Promise.all([refetcher.refetch(['b']), vi.advanceTimersByTimeAsync(1_000)]);
  expect(queryClient.getQueryData(['b'])).toBe('well');
});
