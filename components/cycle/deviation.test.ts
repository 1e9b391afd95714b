import { expect, test } from 'vitest';
import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';
import type { Forecast } from '../../server/domain/cycle/forecast.ts';
import { behindMs, expectedEnd, longestDrain, remainingForecast, shiftForecast } from './deviation.ts';

const MINUTE = 60_000;

/** `old` instances to go of four, `at` minutes after the start. */
function point(at: number, old: number): CapacityPoint {
  return {
    at: at * MINUTE,
    startedNew: 4 - old,
    startedOld: old,
    unhealthy: 0,
    starting: 0,
    draining: 0,
    drained: 0,
    terminating: 0,
    inService: 4,
  };
}

function after(startedAt: number, ...points: CapacityPoint[]): CapacityPoint[] {
  return points.map((one) => ({ ...one, at: one.at + startedAt }));
}

/** One goes every two minutes; made long before the run. */
const forecast: Forecast = {
  outcome: 'completes',
  because: null,
  asks: null,
  steps: [],
  waves: [],
  points: [point(0, 4), point(2, 3), point(4, 2), point(6, 1), point(8, 0)],
  lowest: { at: 0, inService: 4 },
  peakSize: 5,
  starts: 4,
  drains: 4,
  terminations: 4,
  durationMs: { p50: 8 * MINUTE, p90: 12 * MINUTE },
  sampleSize: 3,
};
const START = 1_000 * MINUTE;

test('the forecast is moved to when the cycle began', () => {
  expect(shiftForecast(forecast.points, START).map((one) => one.at - START)).toEqual(
    [0, 2, 4, 6, 8].map((at) => at * MINUTE),
  );
  expect(shiftForecast([], START)).toEqual([]);
});

test.each([
  ['nothing was observed yet', [], 5, 0],
  ['the first is not overdue yet', [point(0, 4)], 1, 0],
  ['the first is overdue', [point(0, 4)], 5, 3],
  ['the second came late, the third is not overdue', [point(0, 4), point(2, 3), point(5, 2)], 5.5, 1],
  ['the second came late, the third is overdue by more', [point(0, 4), point(2, 3), point(5, 2)], 9, 3],
  ['the second came early', [point(0, 4), point(1, 3), point(2, 2)], 2.5, -2],
  ['all came late', [point(0, 4), point(10, 0)], 10, 2],
] as const)('behind: %s', (_name, samples, minutes, behind) => {
  expect(behindMs(forecast, after(START, ...samples), START, START + minutes * MINUTE)).toBe(behind * MINUTE);
});

test('what remains begins with what is and comes as late as the run is', () => {
  const samples = after(START, point(0, 4), point(2, 3), point(5, 2));
  const rest = remainingForecast(forecast, samples, START, START + 5.5 * MINUTE);
  expect(rest.map((one) => [(one.at - START) / MINUTE, one.startedOld])).toEqual([
    [5.5, 2],
    [7, 1],
    [9, 0],
  ]);
});

test('the end is never expected in the past', () => {
  expect(expectedEnd(forecast, START, MINUTE, START)).toEqual({ p50: START + 9 * MINUTE, p90: START + 13 * MINUTE });
  expect(expectedEnd(forecast, START, 0, START + 20 * MINUTE)).toEqual({
    p50: START + 20 * MINUTE,
    p90: START + 20 * MINUTE,
  });
});

test('the longest drain lasts until the instance is terminated, or still', () => {
  const drain = (instanceId: string, createdAt: number) =>
    ({ kind: 'drain', instanceId, outcome: 'done', createdAt }) as const;
  const ended = [
    drain('a', 0),
    drain('b', 10),
    { kind: 'terminate', instanceId: 'a', outcome: 'done', createdAt: 50 },
  ] as const;
  expect(longestDrain(ended, 40)).toEqual({ instanceId: 'a', lastedMs: 50 });
  expect(longestDrain(ended, 100)).toEqual({ instanceId: 'b', lastedMs: 90 });
  expect(longestDrain([], 100)).toBeNull();
});
