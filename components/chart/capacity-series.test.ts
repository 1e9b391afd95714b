import { expect, test } from 'vitest';
import {
  type CapacityPicture,
  cursorAfter,
  describeCapacity,
  joinCapacity,
  lowestPoint,
  marginToFloor,
  pointAt,
  pointsWithin,
} from './capacity-series.ts';
import { MINUTE, point } from './test-capacity.ts';

function picture(series: CapacityPicture['series'] | null): CapacityPicture {
  if (series === null) throw new Error('the points make a series');
  return { series, approved: [], limits: { floor: 3, target: 4, max: 5 }, marks: [] };
}

test('the past holds up to now, and the forecast begins there with what it expects now', () => {
  const series = joinCapacity([point(0, 0, 4), point(2, 1, 3)], [point(1, 2, 2), point(5, 4, 0)], 3 * MINUTE);
  expect(series?.past.map((p) => p.at / MINUTE)).toEqual([0, 2]);
  expect(series?.forecast.map((p) => [p.at / MINUTE, p.startedNew])).toEqual([
    [3, 2],
    [5, 4],
  ]);
});

test('a forecast alone begins with its first point', () => {
  const series = joinCapacity([], [point(1, 0, 4), point(6, 4, 0)]);
  expect(series).toMatchObject({ past: [], from: MINUTE, now: MINUTE, to: 6 * MINUTE + 0.2 * MINUTE });
});

test('a finished run ends with its last point, whatever repeats are left out', () => {
  const series = joinCapacity([point(0, 0, 4), point(1, 0, 4), point(3, 0, 4)], []);
  expect(series).toMatchObject({ from: 0, to: 3 * MINUTE, now: 3 * MINUTE, forecast: [] });
  expect(series?.past).toHaveLength(1);
});

test('nothing known is null, and one point still has a span', () => {
  expect(joinCapacity([], [])).toBeNull();
  expect(joinCapacity([point(5, 0, 4)], [])).toMatchObject({ from: 5 * MINUTE, to: 6 * MINUTE });
  expect(joinCapacity([point(5, 0, 4)], [], undefined, 9 * MINUTE)).toMatchObject({ to: 14 * MINUTE });
});

test('a point holds until the next', () => {
  const points = [point(1, 0, 4), point(3, 4, 0)];
  expect([0, 1, 2.9, 3, 99].map((at) => pointAt(points, at * MINUTE)?.startedNew)).toEqual([undefined, 0, 0, 4, 4]);
});

test('of an earlier forecast only the span on the picture is drawn', () => {
  const points = [point(0, 0, 4), point(2, 1, 3), point(9, 4, 0)];
  expect(pointsWithin(points, 3 * MINUTE, 8 * MINUTE).map((p) => [p.at / MINUTE, p.startedNew])).toEqual([[3, 1]]);
});

test('the lowest point is the first of the lowest', () => {
  expect(lowestPoint([point(0, 0, 4), point(1, 0, 3), point(2, 4, 0), point(3, 1, 2)])?.at).toBe(MINUTE);
});

test('the margin to the floor says on which side it is', () => {
  expect([11, 10, 8].map((inService) => marginToFloor(inService, 10))).toEqual([
    '1 above floor 10',
    'at floor 10',
    '2 below floor 10',
  ]);
});

test('the sentences tell the span, the lowest point and the end', () => {
  const of = picture(joinCapacity([point(0, 0, 4)], [point(1, 0, 3, 1), point(5, 4, 0)], MINUTE));
  expect(describeCapacity(of, 'UTC')).toBe(
    'From 00:00 to 00:05, expected from 00:01 on. Lowest in service 3 at 00:01, at floor 3. At the end 4 in service of 4: 4 new, 0 old. Target 4, max 5.',
  );
});

test('the sentences tell what was approved, as far as it is drawn, and what is marked', () => {
  const of = {
    ...picture(joinCapacity([point(0, 0, 4), point(5, 4, 0)], [])),
    approved: [point(0, 0, 4), point(2, 0, 2), point(4, 3, 0), point(9, 5, 0)],
    marks: [{ at: MINUTE, label: 'canary' }],
  };
  expect(describeCapacity(of, 'UTC')).toMatch(
    / max 5\. As approved: lowest 2 at 00:02, at the end 3\. Marked: canary at 00:01\.$/,
  );
  const marks = [1, 2, 4].map((at) => ({ at: at * MINUTE, label: `wave ${at}` }));
  expect(describeCapacity({ ...of, marks }, 'UTC')).toMatch(/ 3 marks, from wave 1 at 00:01 to wave 4 at 00:04\.$/);
});

test('arrow keys step from change to change and stop at the ends', () => {
  const of = picture(joinCapacity([point(0, 0, 4), point(4, 1, 3)], [point(8, 4, 0), point(9, 4, 1)], 6 * MINUTE));
  const from = (minutes: number, key: string) => cursorAfter(key, minutes * MINUTE, of);
  expect([from(0, 'ArrowRight'), from(5, 'ArrowRight'), from(6, 'ArrowLeft'), from(0, 'ArrowLeft')]).toEqual([
    4 * MINUTE,
    6 * MINUTE,
    4 * MINUTE,
    0,
  ]);
  const { to } = of.series;
  expect([from(5, 'Home'), from(5, 'End'), from(99, 'ArrowRight')]).toEqual([0, to, to]);
  expect([from(5, 'Escape'), from(5, 'a')]).toEqual([null, undefined]);
});

test('arrow keys stop at changes of the approved line and at marks, but not beyond the picture', () => {
  const of = {
    ...picture(joinCapacity([point(1, 0, 4), point(8, 4, 0)], [])),
    approved: [point(1, 0, 4), point(2, 0, 4, 1), point(5, 0, 3)],
    marks: [0, 3, 9].map((at) => ({ at: at * MINUTE, label: 'wave' })),
  };
  const from = (minutes: number, key: string) => cursorAfter(key, minutes * MINUTE, of);
  expect([from(1, 'ArrowRight'), from(3, 'ArrowRight'), from(8, 'ArrowRight')]).toEqual([
    3 * MINUTE,
    5 * MINUTE,
    8 * MINUTE,
  ]);
  expect(from(1, 'ArrowLeft')).toBe(MINUTE);
});
