import { expect, test } from 'vitest';
import { waveMarks } from './wave-marks.ts';

const drain = (step: number, createdAt: number) => ({ kind: 'drain', step, createdAt }) as const;

const start = (step: number, createdAt: number) => ({ kind: 'start', step, createdAt }) as const;

test('drains of one step are one wave', () => {
  expect(waveMarks([start(1, 5), drain(2, 10), drain(2, 10), drain(4, 30)], false)).toEqual([
    { at: 10, label: 'wave 1' },
    { at: 30, label: 'wave 2' },
  ]);
});

test('the canary begins with the first call, and may be the first wave', () => {
  expect(waveMarks([start(1, 5), drain(2, 10)], true)).toEqual([
    { at: 5, label: 'canary' },
    { at: 10, label: 'wave 1' },
  ]);
  expect(waveMarks([start(1, 5), drain(1, 5), drain(2, 10)], true).map(({ label }) => label)).toEqual([
    'canary',
    'wave 2',
  ]);
  expect(waveMarks([], true)).toEqual([]);
});

test('too many to be told apart are left out', () => {
  expect(
    waveMarks(
      Array.from({ length: 13 }, (_, step) => drain(step, step)),
      true,
    ),
  ).toEqual([]);
});
