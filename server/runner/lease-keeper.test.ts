import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HeldLease, LeaseKeeper, type LeaseTable } from './lease-keeper.ts';

const TTL_MS = 10_000;
const RENEW_MS = 3_000;
const GIVE_UP_MS = 7_000;

/** A table that answers as it is told to, and remembers what it was asked to renew. */
class FakeTable implements LeaseTable {
  readonly asked: { readonly at: number; readonly held: readonly HeldLease[] }[] = [];
  answer: (held: readonly HeldLease[]) => Promise<ReadonlySet<string>> = async (held) =>
    new Set(held.map((one) => one.id));

  renew(_table: 'cycle' | 'environment', held: readonly HeldLease[]): Promise<ReadonlySet<string>> {
    this.asked.push({ at: performance.now(), held });
    return this.answer(held);
  }
}

const unreachable = () => Promise.reject(new Error('no connection'));
const lease = (id: string, fence = 1n): HeldLease => ({ id, fence });

let table: FakeTable;
let keeper: LeaseKeeper;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  table = new FakeTable();
  keeper = new LeaseKeeper('cycle', table, TTL_MS);
});
afterEach(() => {
  keeper.close();
  vi.useRealTimers();
});

const times = () => table.asked.map((one) => one.at - (table.asked[0]?.at ?? 0));

describe('a lease that is held', () => {
  test('is renewed at each 0.3 of its life', async () => {
    const signal = keeper.hold(lease('a'));
    await vi.advanceTimersByTimeAsync(4 * RENEW_MS);
    expect(times()).toEqual([0, RENEW_MS, 2 * RENEW_MS, 3 * RENEW_MS]);
    expect(signal.aborted).toBe(false);
  });

  test('is not asked for before the first 0.3 of its life', async () => {
    keeper.hold(lease('a'));
    await vi.advanceTimersByTimeAsync(RENEW_MS - 1);
    expect(table.asked).toEqual([]);
  });

  test('is renewed by its fence, in one statement with the others', async () => {
    keeper.hold(lease('a', 4n));
    keeper.hold(lease('b', 7n));
    await vi.advanceTimersByTimeAsync(RENEW_MS);
    expect(table.asked.map((one) => one.held)).toEqual([[lease('a', 4n), lease('b', 7n)]]);
  });

  test('counts from the beginning of the call that renewed it, however long its answer took', async () => {
    const signal = keeper.hold(lease('a'));
    table.answer = (held) =>
      new Promise((resolve) => setTimeout(() => resolve(new Set(held.map((one) => one.id))), 2_000));
    await vi.advanceTimersByTimeAsync(RENEW_MS + 2_000);
    table.answer = unreachable;
    await vi.advanceTimersByTimeAsync(GIVE_UP_MS - 2_000);
    expect(signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(signal.aborted).toBe(true);
  });

  test('is asked for by one call at a time', async () => {
    keeper.hold(lease('a'));
    table.answer = () => new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(GIVE_UP_MS);
    expect(table.asked).toHaveLength(1);
  });
});

describe('a lease that was lost', () => {
  test('aborts its signal with LEASE_LOST, and the others go on', async () => {
    const [lost, kept] = [keeper.hold(lease('a')), keeper.hold(lease('b'))];
    table.answer = async () => new Set(['b']);
    await vi.advanceTimersByTimeAsync(RENEW_MS);
    expect(lost.reason).toMatchObject({ code: 'LEASE_LOST', details: { name: 'cycle:a' } });
    expect(kept.aborted).toBe(false);
    expect(keeper.held).toEqual(['b']);
  });

  test('is renewed no more', async () => {
    keeper.hold(lease('a'));
    keeper.hold(lease('b'));
    table.answer = async () => new Set(['b']);
    await vi.advanceTimersByTimeAsync(2 * RENEW_MS);
    expect(table.asked.at(-1)?.held).toEqual([lease('b')]);
  });
});

describe('where the database does not answer', () => {
  test.each<[string, FakeTable['answer']]>([
    ['by refusing', unreachable],
    ['by silence', () => new Promise(() => undefined)],
  ])('%s, every lease is given up after 0.7 of its life, long before another may own it', async (_, answer) => {
    const signals = [keeper.hold(lease('a')), keeper.hold(lease('b'))];
    table.answer = answer;
    await vi.advanceTimersByTimeAsync(GIVE_UP_MS);
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
    // The timer ticks at each 0.15 of the life.
    await vi.advanceTimersByTimeAsync(TTL_MS * 0.15);
    for (const signal of signals) expect(signal.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(keeper.held).toEqual([]);
  });

  test('it is asked again at each tick, and one answer in time is enough', async () => {
    const signal = keeper.hold(lease('a'));
    table.answer = unreachable;
    await vi.advanceTimersByTimeAsync(RENEW_MS + TTL_MS * 0.15);
    expect(times()).toEqual([0, TTL_MS * 0.15]);
    table.answer = async (held) => new Set(held.map((one) => one.id));
    await vi.advanceTimersByTimeAsync(2 * GIVE_UP_MS);
    expect(signal.aborted).toBe(false);
  });
});

test('what was given back is neither renewed nor lost', async () => {
  const signal = keeper.hold(lease('a'));
  keeper.hold(lease('b'));
  keeper.drop(lease('a'));
  table.answer = async () => new Set();
  await vi.advanceTimersByTimeAsync(RENEW_MS);
  expect(table.asked[0]?.held).toEqual([lease('b')]);
  expect(signal.aborted).toBe(false);
});

test('nothing is asked while nothing is held, and the first lease after that has its whole life', async () => {
  await vi.advanceTimersByTimeAsync(5 * TTL_MS);
  expect(table.asked).toEqual([]);
  const signal = keeper.hold(lease('a'));
  await vi.advanceTimersByTimeAsync(RENEW_MS - 1);
  expect(signal.aborted).toBe(false);
  expect(table.asked).toEqual([]);
});

test('a lease that was taken while another is being renewed is not lost by its answer', async () => {
  keeper.hold(lease('a'));
  let answer: (kept: ReadonlySet<string>) => void = () => undefined;
  table.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  await vi.advanceTimersByTimeAsync(RENEW_MS);
  const young = keeper.hold(lease('b'));
  answer(new Set(['a']));
  await vi.advanceTimersByTimeAsync(0);
  expect(young.aborted).toBe(false);
});

test('a lease that is taken again while its old one is being renewed is not lost by that answer', async () => {
  keeper.hold(lease('a', 1n));
  let answer: (kept: ReadonlySet<string>) => void = () => undefined;
  table.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  await vi.advanceTimersByTimeAsync(RENEW_MS);
  keeper.drop(lease('a', 1n));
  const again = keeper.hold(lease('a', 2n));
  answer(new Set());
  await vi.advanceTimersByTimeAsync(0);
  expect(again.aborted).toBe(false);
});

test('a lease that is taken again is renewed, though who had it before gives back his own after that', async () => {
  keeper.hold(lease('a', 1n));
  keeper.hold(lease('a', 2n));
  keeper.drop(lease('a', 1n));
  await vi.advanceTimersByTimeAsync(RENEW_MS);
  expect(table.asked.map((one) => one.held)).toEqual([[lease('a', 2n)]]);
});

test('a keeper that is closed asks no more', async () => {
  keeper.hold(lease('a'));
  keeper.close();
  await vi.advanceTimersByTimeAsync(5 * TTL_MS);
  expect(table.asked).toEqual([]);
});
