import { describe, expect, test } from 'vitest';
import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';
import type { Forecast } from '../../server/domain/cycle/forecast.ts';
import { behindMs, delayCauses, deviationMs, expectedEnd, remainingForecast, shiftForecast } from './deviation.ts';
import { CYCLE, FROM, HISTORY } from './test-cycle.ts';

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

test('only a cycle that runs is ahead or behind', () => {
  const samples = after(START, point(0, 4), point(2, 3));
  const said = (['approved', 'running', 'pausing', 'paused', 'aborting', 'aborted'] as const).map((state) => {
    const cycle = { state, startedAt: START, body: { ...CYCLE.body, forecast }, samples };
    return [state, deviationMs(cycle, START + 7 * MINUTE)];
  });
  expect(said.filter(([, ms]) => ms !== null)).toEqual([['running', 3 * MINUTE]]);
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

describe('what made a run late', () => {
  const { forecast: approved } = CYCLE.body;
  const causes = (now: number, history = HISTORY) =>
    delayCauses(approved, history, FROM + now).map(({ kind, instanceId, lastedMs, expectedMs, isOpen }) => [
      kind,
      instanceId,
      lastedMs,
      expectedMs,
      isOpen,
    ]);
  /** With m-2 draining from 11 s to `until`. */
  const slow = (until: number) => ({
    ...HISTORY,
    to: null,
    lanes: HISTORY.lanes.map((lane) =>
      lane.instanceId === 'm-2'
        ? { ...lane, changes: [...lane.changes.slice(0, 2), [until, 'terminating'] as const] }
        : lane,
    ),
  });

  test('is what took longer than in the forecast, the worst first, pauses among them', () => {
    expect(causes(30_000, slow(23_000))).toEqual([
      ['drain', 'm-2', 12_000, 3_000, false],
      ['terminate', 'm-2', 7_000, 1_000, true],
      ['paused', null, 2_000, 0, false],
    ]);
  });

  test('is known only as far as it had come', () => {
    expect(causes(17_000, slow(23_000))).toEqual([
      ['drain', 'm-2', 6_000, 3_000, true],
      ['paused', null, 2_000, 0, false],
    ]);
    expect(causes(9_000)).toEqual([['paused', null, 2_000, 0, false]]);
    expect(causes(6_500)).toEqual([]);
  });

  test('is no phase where the forecast told none', () => {
    const { lanes: _, ...older } = approved;
    expect(delayCauses(older, slow(23_000), FROM + 30_000).map(({ kind }) => kind)).toEqual(['paused']);
  });
});
