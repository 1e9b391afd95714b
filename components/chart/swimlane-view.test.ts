import { describe, expect, test } from 'vitest';
import type { Lane, LaneSegment, Timeline } from './swimlane-data.ts';
import { groupLanes, layoutRows } from './swimlane-rows.ts';
import {
  BOTTOM_PX,
  countedInWords,
  describeLanes,
  eventsOf,
  hasDeadline,
  keyPressed,
  lanesCsv,
  momentInWords,
  placeAt,
  type SwimlaneView,
  TOP_PX,
} from './swimlane-view.ts';

const T0 = Date.UTC(2026, 10, 20, 14, 0);
const MINUTE = 60_000;
const at = (minutes: number) => T0 + minutes * MINUTE;
const segment = (
  state: LaneSegment['state'],
  from: number,
  to: number | null,
  more: Partial<LaneSegment> = {},
): LaneSegment => ({
  state,
  isOld: false,
  isUnhealthy: false,
  from: at(from),
  to: to === null ? null : at(to),
  ...more,
});

const OLD: Lane = {
  id: 'm-1',
  label: 'm-1',
  note: 'v1',
  wave: 1,
  segments: [
    segment('started', -30, 10, { isOld: true }),
    segment('draining', 10, 15, { isOld: true }),
    segment('terminating', 15, 16, { isOld: true }),
  ],
  marks: [{ kind: 'forced', at: at(15), text: '=The drain, "forced"' }],
  replacedBy: 'm-2',
  drainDeadline: at(25),
};
const NEW: Lane = {
  ...OLD,
  id: 'm-2',
  label: 'm-2',
  segments: [segment('starting', 5, 9), segment('started', 9, null)],
  marks: [],
  replacedBy: null,
  drainDeadline: null,
};
const TIMELINE: Timeline = {
  lanes: [OLD, NEW],
  from: at(0),
  to: at(60),
  now: at(30),
  forecastFrom: at(30),
  marks: [{ kind: 'wave', at: at(4), label: 'wave 1' }],
};

const rowsOf = (timeline: Timeline) => layoutRows(groupLanes(timeline.lanes), new Map(), timeline);
const ROWS = rowsOf(TIMELINE);
const rowOf = (id: string) => ROWS.byLane.get(id) ?? null;

describe('what is under the cursor, in words', () => {
  test('of a lane: its state, and how much of it has passed', () => {
    expect(momentInWords(TIMELINE, at(12), rowOf('m-1'), 'UTC')).toBe('14:12:00 m-1 draining, 2 of 5 min');
    expect(momentInWords(TIMELINE, at(10.5), rowOf('m-1'), 'UTC')).toBe('14:10:30 m-1 draining, 30 s of 5 min');
    expect(momentInWords(TIMELINE, at(20), rowOf('m-2'), 'UTC')).toBe('14:20:00 m-2 started, for 11 min');
    expect(momentInWords(TIMELINE, at(0), rowOf('m-2'), 'UTC')).toBe('14:00:00 m-2 is not there yet');
  });

  test('of a moment with an event: what happened', () => {
    expect(momentInWords(TIMELINE, at(15), rowOf('m-1'), 'UTC')).toBe(
      '14:15:00 m-1 terminating, 0 s of 1 min; =The drain, "forced"',
    );
  });

  test('of a drain that goes on: when it times out', () => {
    const lane = { ...OLD, segments: [segment('draining', 10, null)] };
    const timeline = { ...TIMELINE, lanes: [lane] };
    expect(momentInWords(timeline, at(12), rowsOf(timeline).byLane.get('m-1') ?? null, 'UTC')).toBe(
      '14:12:00 m-1 draining, for 2 min, times out at 14:25:00',
    );
  });

  test('of all: how many of which kind; after now it is expected', () => {
    expect(momentInWords(TIMELINE, at(12), null, 'UTC')).toBe('14:12:00, 2 instances: 1 started; 1 draining');
    expect(momentInWords(TIMELINE, at(40), rowOf('m-1'), 'UTC')).toBe('14:40:00 expected: m-1 is gone');
    expect(momentInWords(TIMELINE, at(40), rowOf('m-2'), 'UTC')).toBe('14:40:00 expected: m-2 started, for 31 min');
    expect(momentInWords({ ...TIMELINE, forecastFrom: null }, at(40), rowOf('m-2'), 'UTC')).toBe(
      '14:40:00 m-2 is not known yet',
    );
  });
});

test('a deadline counts while the drain goes on, and where it was missed', () => {
  expect(hasDeadline(OLD, at(12))).toBe(true);
  expect(hasDeadline(OLD, at(16))).toBe(false);
  expect(hasDeadline(OLD, null)).toBe(false);
  expect(hasDeadline({ ...OLD, drainDeadline: at(14) }, null)).toBe(true);
  expect(hasDeadline({ ...OLD, drainDeadline: null }, at(12))).toBe(false);
});

test('events are each moment of the span once, of the chosen lane or of all', () => {
  const minutes = (selected: string | null) => eventsOf(TIMELINE, selected).map((moment) => (moment - T0) / MINUTE);
  expect(minutes(null)).toEqual([4, 5, 9, 10, 15, 16]);
  expect(minutes('m-2')).toEqual([5, 9]);
});

describe('keys', () => {
  const press = (key: string, more: Partial<Parameters<typeof keyPressed>[2]> = {}, shift = false) =>
    keyPressed(key, shift, {
      timeline: TIMELINE,
      rows: ROWS,
      shown: TIMELINE,
      cursor: at(10),
      row: null,
      events: () => eventsOf(TIMELINE, null),
      ...more,
    });

  test('[ and ] go to the event before and after, and stay at the last', () => {
    expect(press('[')).toEqual({ kind: 'cursor', at: at(9) });
    expect(press(']')).toEqual({ kind: 'cursor', at: at(15) });
    expect(press(']', { cursor: at(16) })).toEqual({ kind: 'cursor', at: at(16) });
  });

  test('arrows move in time and stay in the span', () => {
    expect(press('ArrowRight')).toEqual({ kind: 'cursor', at: at(10.6) });
    expect(press('ArrowLeft', {}, true)).toEqual({ kind: 'cursor', at: at(4) });
    expect(press('ArrowLeft', { cursor: at(0) })).toEqual({ kind: 'cursor', at: at(0) });
  });

  test('up and down go from row to row and stop at the last', () => {
    expect(press('ArrowDown')).toMatchObject({ kind: 'row', row: { key: 'm-1' } });
    expect(press('ArrowDown', { row: rowOf('m-1') })).toMatchObject({ kind: 'row', row: { key: 'm-2' } });
    expect(press('ArrowDown', { row: rowOf('m-2') })).toMatchObject({ kind: 'row', row: { key: 'm-2' } });
    expect(press('PageUp', { row: rowOf('m-2') })).toMatchObject({ kind: 'row', row: { key: 'm-1' } });
  });

  test('Enter opens and closes a wave, and is left to the page on a lane', () => {
    const lanes = Array.from({ length: 60 }, (_, index) => ({ ...NEW, id: `m-${index}` }));
    const rows = rowsOf({ ...TIMELINE, lanes });
    expect(press('Enter', { rows, row: rows.byGroup.get('wave 1') ?? null })).toMatchObject({ kind: 'toggle' });
    expect(press('Enter', { row: rowOf('m-1') })).toBeUndefined();
  });

  test('+ zooms about the cursor, - back to all, f shows all; other keys are not taken', () => {
    expect(press('+')).toEqual({ kind: 'window', range: { from: at(5), to: at(35) } });
    expect(press('-', { shown: { from: at(5), to: at(35) } })).toEqual({ kind: 'window', range: null });
    expect(press('f')).toEqual({ kind: 'window', range: null });
    for (const key of ['Tab', 'a', 'Escape']) expect(press(key)).toBeUndefined();
  });
});

test('a place is on an axis, on a row with its label, or on nothing; scrolling moves the rows', () => {
  const view: SwimlaneView = {
    ...{ timeline: TIMELINE, rows: ROWS, shown: { from: at(0), to: at(60) }, width: 1_156, height: 500, scroll: 0 },
    ...{ cursor: null, selected: null, group: null, dragged: null, zone: 'UTC' },
  };
  expect(placeAt(view, 632, 5)).toEqual({ kind: 'axis', at: at(30) });
  expect(placeAt(view, 632, 500 - BOTTOM_PX)).toEqual({ kind: 'axis', at: at(30) });
  expect(placeAt(view, 632, TOP_PX + 21)).toMatchObject({ kind: 'row', row: { key: 'm-2' }, isLabel: false });
  expect(placeAt(view, 20, TOP_PX + 1)).toMatchObject({ kind: 'row', row: { key: 'm-1' }, isLabel: true });
  expect(placeAt({ ...view, scroll: 20 }, 632, TOP_PX + 1)).toMatchObject({ row: { key: 'm-2' } });
  expect(placeAt(view, 632, TOP_PX + 41)).toEqual({ kind: 'nothing', at: at(30) });
});

test('the text says how many, when, what they are now, and what happened', () => {
  expect(describeLanes(TIMELINE, 'UTC')).toBe(
    '2 instances in one wave, 14:00 to 15:00 UTC. At 14:30:00: 1 started. 1 replaced. drain forced: 1. What is after 14:30:00 is expected.',
  );
});

test('a picture that shows counts says so, and how to see each', () => {
  expect(countedInWords({ ...ROWS, counted: 0 }, 2)).toBeNull();
  expect(countedInWords({ ...ROWS, counted: 1_000 }, 1_000)).toBe(
    '1,000 instances: shown as counts. Zoom in or open a wave to see each.',
  );
  expect(countedInWords({ ...ROWS, counted: 916 }, 1_000)).toBe(
    '1,000 instances: 916 of them shown as counts. Zoom in or open a wave to see each.',
  );
});

test('the file has a line for each segment and mark, and no formula', () => {
  expect(lanesCsv(groupLanes([OLD])).split('\r\n')).toEqual([
    'instance,wave,replaced_by,what,old,unhealthy,from,to,seconds,text',
    'm-1,wave 1,m-2,started,true,false,2026-11-20T13:30:00.000Z,2026-11-20T14:10:00.000Z,2400,',
    'm-1,wave 1,m-2,draining,true,false,2026-11-20T14:10:00.000Z,2026-11-20T14:15:00.000Z,300,',
    'm-1,wave 1,m-2,terminating,true,false,2026-11-20T14:15:00.000Z,2026-11-20T14:16:00.000Z,60,',
    `m-1,wave 1,m-2,forced,,,2026-11-20T14:15:00.000Z,2026-11-20T14:15:00.000Z,,"'=The drain, ""forced"""`,
    '',
  ]);
});
