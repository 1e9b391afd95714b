import { expect, test } from 'vitest';
import { CYCLE, FROM } from '../cycle/test-cycle.ts';
import { forecastTimeline } from './forecast-timeline.ts';

const { body } = CYCLE;
const timeline = forecastTimeline(body, [{ at: FROM + 2_000, label: 'wave 1' }]);
const lane = (id: string) => timeline?.lanes.find((one) => one.id === id);

test('all of it is forecast, from the first point to a little after the last', () => {
  const last = body.forecast.points.at(-1)?.at ?? 0;
  expect(timeline).toMatchObject({ from: FROM, forecastFrom: FROM, now: null });
  expect(timeline?.to).toBeGreaterThan(last);
  expect(timeline?.marks).toEqual([{ kind: 'wave', at: FROM + 2_000, label: 'wave 1' }]);
});

test('an old one serves, drains and goes; a new one starts and stays', () => {
  const spans = (id: string) =>
    lane(id)?.segments.map(({ state, isOld, from, to }) => [state, isOld, from - FROM, to === null ? null : to - FROM]);
  expect(spans('m-1')).toEqual([
    ['started', true, 0, 2_000],
    ['draining', true, 2_000, 5_000],
    ['terminating', true, 5_000, 6_000],
  ]);
  expect(spans('new-3')).toEqual([
    ['starting', false, 0, 2_000],
    ['started', false, 2_000, null],
  ]);
});

test('the first that comes takes the place of the first that goes, in its wave', () => {
  expect(lane('m-1')).toMatchObject({ replacedBy: 'new-3', wave: 1 });
  expect(lane('m-2')).toMatchObject({ replacedBy: 'new-4', wave: 2 });
  expect(lane('new-4')).toMatchObject({ replacedBy: null, wave: 2 });
});

test('a forecast that tells no lanes has no picture of them', () => {
  const { lanes: _, ...older } = body.forecast;
  expect(forecastTimeline({ ...body, forecast: older }, [])).toBeNull();
});
