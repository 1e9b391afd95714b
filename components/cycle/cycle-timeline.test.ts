import { expect, test } from 'vitest';
import type { CycleHistory } from '../../server/domain/cycle/cycle-history.ts';
import { cycleLanes, cycleTimeline } from './cycle-timeline.ts';
import { CYCLE, FROM, HISTORY } from './test-cycle.ts';

const at = (history: CycleHistory, now: number) => cycleTimeline(CYCLE, history, cycleLanes(CYCLE, history), now);
const timeline = at(HISTORY, FROM + 60_000);
const lane = (id: string) => timeline.lanes.find((one) => one.id === id);

test('it spans from the first turn to the end, and has no now where the cycle has ended', () => {
  expect(timeline).toMatchObject({ from: FROM + 1_000, to: FROM + 14_500, now: null, forecastFrom: null });
});

test('a cycle that goes on ends now for now', () => {
  const running = at({ ...HISTORY, to: null }, FROM + 60_000);
  expect(running).toMatchObject({ to: FROM + 60_000, now: FROM + 60_000 });
  expect(running.lanes.find((one) => one.id === 'n-2')?.segments.at(-1)?.to).toBeNull();
});

test('segments follow one another from the left edge until the instance has gone', () => {
  expect(lane('m-1')?.segments.map(({ state, from, to }) => [state, from - FROM, (to ?? 0) - FROM])).toEqual([
    ['started', 1_000, 3_000],
    ['draining', 3_000, 6_000],
    ['terminating', 6_000, 7_000],
  ]);
  expect(lane('n-2')?.segments.map(({ state, from, to }) => [state, from - FROM, (to ?? 0) - FROM])).toEqual([
    ['starting', 9_000, 11_000],
    ['started', 11_000, 14_500],
  ]);
});

test('old and new, their versions, waves and who replaces whom', () => {
  expect(lane('m-1')).toMatchObject({ note: 'v1', wave: 1, replacedBy: 'n-1' });
  expect(lane('m-2')).toMatchObject({ note: 'v1', wave: 2, replacedBy: 'n-2' });
  expect(lane('n-2')).toMatchObject({ note: 'v2', wave: 2, replacedBy: null });
  expect(lane('m-1')?.segments.every((segment) => segment.isOld)).toBe(true);
  expect(lane('n-1')?.segments.some((segment) => segment.isOld)).toBe(false);
});

test('an extended drain is marked, and its deadline is the one that it ended with', () => {
  expect(lane('m-1')).toMatchObject({
    marks: [{ kind: 'extended', at: FROM + 4_000, text: 'drain extended by Ada' }],
    drainDeadline: FROM + 18_000,
  });
  expect(lane('n-1')?.drainDeadline).toBeNull();
});

test('waves, the pause and the resume are marked in the order of time', () => {
  expect(timeline.marks.map(({ kind, at, label }) => [kind, at - FROM, label])).toEqual([
    ['wave', 3_000, 'wave 1'],
    ['pause', 7_000, 'paused'],
    ['resume', 9_000, 'resumed'],
    ['wave', 11_000, 'wave 2'],
  ]);
});

test('an instance that is unhealthy is started and unhealthy', () => {
  const sick = {
    ...HISTORY,
    lanes: HISTORY.lanes.map((one) =>
      one.instanceId === 'n-1' ? { ...one, changes: [...one.changes, [5_000, 'unhealthy'] as const] } : one,
    ),
  };
  const segments = at(sick, 0).lanes.find((one) => one.id === 'n-1')?.segments;
  expect(segments?.map(({ state, isUnhealthy }) => [state, isUnhealthy])).toEqual([
    ['starting', false],
    ['started', false],
    ['started', true],
  ]);
});
