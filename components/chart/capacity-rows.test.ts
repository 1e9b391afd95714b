import { expect, test } from 'vitest';
import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';
import { capacityCsv, capacityRows } from './capacity-rows.ts';
import { type CapacityPicture, joinCapacity } from './capacity-series.ts';
import { MINUTE, point } from './test-capacity.ts';

const limits = { floor: 3, target: 4, max: 5 };

function picture(
  past: readonly CapacityPoint[],
  forecast: readonly CapacityPoint[],
  now: number,
  rest: Partial<CapacityPicture> = {},
): CapacityPicture {
  const series = joinCapacity(past, forecast, now * MINUTE);
  if (series === null) throw new Error('the points make a series');
  return { series, approved: [], limits, marks: [], ...rest };
}

const told = (of: CapacityPicture) =>
  capacityRows(of).map(({ at, kind, point, approved, marks }) => [
    at / MINUTE,
    kind,
    point?.inService ?? null,
    approved,
    marks,
  ]);

test('each change of an area, of the approved line and each mark has a row, in the order of time', () => {
  const of = picture([point(0, 0, 4), point(2, 0, 3)], [point(4, 1, 3), point(8, 4, 0)], 4, {
    approved: [point(0, 0, 4), point(1, 0, 4, 1), point(3, 0, 2), point(6, 4, 1)],
    marks: [
      { at: MINUTE, label: 'canary' },
      { at: 2 * MINUTE, label: 'wave 1' },
      { at: 2 * MINUTE, label: 'wave 2' },
      { at: 5 * MINUTE, label: 'wave 3' },
    ],
  });
  expect(told(of)).toEqual([
    [0, 'observed', 4, 4, ''],
    [1, 'observed', 4, 4, 'canary'],
    [2, 'observed', 3, 4, 'wave 1, wave 2'],
    [3, 'observed', 3, 2, ''],
    [4, 'expected', 4, 2, ''],
    [5, 'expected', 4, 2, 'wave 3'],
    [6, 'expected', 4, 5, ''],
    [8, 'expected', 4, 5, ''],
  ]);
});

test('where now is there is what was observed and what is expected', () => {
  const of = picture([point(0, 0, 4), point(4, 0, 3)], [point(4, 1, 3)], 4);
  expect(told(of)).toEqual([
    [0, 'observed', 4, null, ''],
    [4, 'observed', 3, null, ''],
    [4, 'expected', 4, null, ''],
  ]);
});

test('what is marked or approved beyond what is known stands without counts, and without a forecast now is observed', () => {
  const of = picture([point(1, 0, 4), point(3, 0, 3)], [], 3, {
    marks: [
      { at: 0, label: 'canary' },
      { at: 3 * MINUTE, label: 'wave 2' },
      { at: 9 * MINUTE, label: 'approved end' },
    ],
  });
  expect(told(of)).toEqual([
    [0, 'observed', null, null, 'canary'],
    [1, 'observed', 4, null, ''],
    [3, 'observed', 3, null, 'wave 2'],
    [9, 'expected', null, null, 'approved end'],
  ]);
});

test('the table for programs tells all that is drawn, and what is not there is empty', () => {
  const of = picture([point(0, 0, 4)], [point(1, 0, 3, 1)], 1, {
    approved: [point(0.5, 0, 2)],
    marks: [{ at: MINUTE, label: '=wave' }],
  });
  expect(capacityCsv(of)).toBe(
    'at,kind,inService,startedNew,startedOld,unhealthy,starting,draining,drained,terminating,approvedInService,floor,target,max,mark\n' +
      '1970-01-01T00:00:00.000Z,observed,4,0,4,0,0,0,0,0,,3,4,5,\n' +
      '1970-01-01T00:00:30.000Z,observed,4,0,4,0,0,0,0,0,2,3,4,5,\n' +
      "1970-01-01T00:01:00.000Z,expected,3,0,3,0,0,1,0,0,2,3,4,5,'=wave\n",
  );
});
