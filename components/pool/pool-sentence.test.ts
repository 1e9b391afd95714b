import { expect, test } from 'vitest';
import type { PoolParts, PoolRow, PoolSampleView } from '../../server/contract/pool.ts';
import {
  aheadInWords,
  describeParts,
  fullSince,
  poolsSentence,
  rangeInWords,
  startInWords,
  usedShare,
} from './pool-sentence.ts';

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;

const none: PoolParts = {
  inUse: 0,
  reserved: 0,
  cleaning: 0,
  provisioning: 0,
  available: 0,
  leaving: 0,
  maintenance: 0,
  bad: 0,
};

function pool(name: string, parts: Partial<PoolParts>, rest: Partial<PoolRow> = {}): PoolRow {
  const all = { ...none, ...parts };
  return {
    name,
    capacity: Object.values(all).reduce((sum, count) => sum + count, 0),
    parts: all,
    runsSessions: true,
    environments: [],
    clusters: [],
    paused: null,
    waiting: 0,
    oldestWaitSince: null,
    history: [],
    waits: { p50Ms: null, p90Ms: null, samples: 0 },
    ...rest,
  };
}

function sample(minutesAgo: number, available: number): PoolSampleView {
  return { at: NOW - minutesAgo * MINUTE, parts: { ...none, available }, waiting: 0, oldestWaitMs: 0 };
}

const full = [sample(40, 0), sample(30, 2), sample(12, 0), sample(5, 0)];

function sentence(rows: readonly PoolRow[]): string {
  const { strong, rest } = poolsSentence(rows, NOW);
  return strong + rest;
}

test('pools are told with what they hold, which one is full since when, and where the longest queue is', () => {
  const gpu = pool('gpu', { inUse: 4 }, { waiting: 2, oldestWaitSince: NOW - 3 * MINUTE, history: full });
  expect(sentence([pool('workers', { inUse: 8, available: 17, bad: 1 }), gpu])).toBe(
    '2 pools, 30 machines: 12 in use, 17 free, 1 bad. gpu has been full for over 12 min. 2 wait for gpu, the oldest 3 min.',
  );
});

test('nobody waits, and none is full: both are said by what is there', () => {
  expect(sentence([pool('workers', { available: 1 })])).toBe('1 pool, 1 machine: 0 in use, 1 free. Nobody waits.');
});

test('one that waits is one, and of several full pools the number is told', () => {
  const rows = [pool('a', { inUse: 1 }, { waiting: 1, oldestWaitSince: NOW - MINUTE }), pool('b', { bad: 1 })];
  expect(sentence(rows)).toBe(
    '2 pools, 2 machines: 1 in use, 0 free, 1 bad. 2 of them are full. 1 waits for a, for 1 min now.',
  );
});

test('a pool is full since the first sample after the last that had a free machine; one sample alone says nothing', () => {
  expect(fullSince({ history: [sample(30, 2), sample(1, 0)] })).toBeNull();
  expect(fullSince({ history: full })).toBe(NOW - 12 * MINUTE);
  expect(fullSince({ history: [] })).toBeNull();
  expect(fullSince({ history: [sample(1, 3)] })).toBeNull();
});

test('the parts that have machines are told in their order', () => {
  expect(describeParts({ ...none, bad: 1, inUse: 17, available: 2 })).toBe('17 in use, 2 free, 1 bad');
  expect(describeParts(none)).toBe('no machines');
});

test('used is what works for somebody or is held for somebody', () => {
  expect(usedShare({ parts: { ...none, inUse: 2, reserved: 1, available: 1 } })).toBe(0.75);
  expect(usedShare({ parts: none })).toBe(0);
});

function estimate(earliest: number, latest: number) {
  return {
    earliest: NOW + earliest * MINUTE,
    p50: NOW + earliest * MINUTE,
    latest: NOW + latest * MINUTE,
    because: '',
    mayMove: '',
  };
}

test.each([
  [10, 25, '10 to 25 min'],
  [16, 16, 'about 16 min'],
  [-2, 25, 'up to 25 min'],
  [-5, -1, 'less than a minute'],
  [50, 90, '50 min to 1 h 30'],
])('a start between %i and %i min from now is told as a range', (earliest, latest, words) => {
  expect(rangeInWords(estimate(earliest, latest), NOW)).toBe(words);
});

test('only who is estimated gets a range; who is behind is told how many are before, and a head that nobody knows, so', () => {
  expect(startInWords({ estimate: estimate(10, 25), aheadCount: 0 }, NOW)).toBe('10 to 25 min');
  expect(startInWords({ estimate: null, aheadCount: 2 }, NOW)).toBe('after 2 others');
  expect(startInWords({ estimate: null, aheadCount: 0 }, NOW)).toBe('not known');
});

test('of those ahead the first are named, and the others counted', () => {
  expect(aheadInWords({ ahead: [], aheadCount: 0 })).toBe('nobody');
  expect(aheadInWords({ ahead: ['a', 'b'], aheadCount: 2 })).toBe('a, b');
  expect(aheadInWords({ ahead: ['a', 'b', 'c'], aheadCount: 1_000 })).toBe('a, b, c and 997 more');
});
