import { expect, test } from 'vitest';
import { waveMarks } from './wave-marks.ts';

const drain = (step: number, createdAt: number) => ({ kind: 'drain', step, createdAt }) as const;

test('drains of one step are one wave, the first of which may be the canary', () => {
  const intents = [{ kind: 'start', step: 1, createdAt: 5 } as const, drain(2, 10), drain(2, 10), drain(4, 30)];
  expect(waveMarks(intents, true)).toEqual([
    { at: 10, label: 'canary' },
    { at: 30, label: 'wave 2' },
  ]);
  expect(waveMarks(intents, false)[0]?.label).toBe('wave 1');
});

test('too many to be told apart are left out', () => {
  expect(
    waveMarks(
      Array.from({ length: 13 }, (_, step) => drain(step, step)),
      true,
    ),
  ).toEqual([]);
});
