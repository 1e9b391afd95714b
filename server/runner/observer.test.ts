import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeEnvironment } from '../adapters/environments/fake-environment.ts';
import type { Environment } from '../domain/cycle/environment.ts';
import { Latch } from './latch.ts';
import { observe } from './observer.ts';

let reads: number;
let end: AbortController;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  reads = 0;
  end = new AbortController();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Reads no clusters; each round is counted. */
function begin(environment: Environment, record: () => Promise<void> = async () => undefined): Promise<void> {
  const ports = {
    fleet: {
      clustersOf: async () => {
        reads += 1;
        return [];
      },
    },
    record,
    clock: Date.now,
    log: pino({ level: 'silent' }),
  };
  return observe({ id: 'env', fence: 1n }, environment, ports, new Latch(), end.signal);
}

/** How many rounds there are in a time. */
async function readsWithin(ms: number): Promise<number> {
  const before = reads;
  await vi.advanceTimersByTimeAsync(ms);
  return reads - before;
}

/** One that tells of changes by `heard`, until it is cut off. */
class Telling extends FakeEnvironment {
  heard: () => void = () => undefined;
  cutOff: (error: Error) => void = () => undefined;
  follows = 0;

  follow(heard: () => void, signal: AbortSignal): Promise<void> {
    this.follows += 1;
    this.heard = heard;
    heard();
    return new Promise((resolve, reject) => {
      this.cutOff = reject;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

test('a back end that tells nothing is read each second', async () => {
  const observing = begin(new FakeEnvironment());
  await readsWithin(0);
  expect(await readsWithin(10_000)).toBe(10);
  end.abort();
  await observing;
});

test('one that tells of changes is read when it does, and else now and then', async () => {
  const environment = new Telling();
  const observing = begin(environment);
  await readsWithin(100);
  expect(await readsWithin(11_000)).toBe(2);
  environment.heard();
  expect(await readsWithin(1)).toBe(1);
  end.abort();
  await observing;
});

test('one that is not heard any more is read at once and each second, until it is heard again', async () => {
  const environment = new Telling();
  const observing = begin(environment);
  await readsWithin(100);
  environment.cutOff(new Error('cut off'));
  expect(await readsWithin(1)).toBe(1);
  expect(await readsWithin(4_000)).toBe(4);
  expect(environment.follows).toBe(1);
  await readsWithin(2_000);
  expect(environment.follows).toBe(2);
  expect(await readsWithin(11_000)).toBe(2);
  end.abort();
  await observing;
});

test('nobody listens any more when the lease is lost', async () => {
  const environment = new Telling();
  const followed = vi.spyOn(environment, 'follow');
  await expect(begin(environment, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(followed.mock.calls[0]?.[1].aborted).toBe(true);
});
