import { describe, expect, test } from 'vitest';
import type { Timeline } from '../../server/domain/session/timeline.ts';
import { describeTimeline, keyPressed, offsetTicks, phaseAt, timelineCsv } from './session-gantt-view.ts';

const WHOLE = { from: 0, to: 100_000 };

describe('keys', () => {
  const moments = [10_000, 20_000, 20_000, 60_000].map((at) => ({ at, component: null, text: '', bad: false }));
  const context = {
    cursor: 20_000,
    shown: WHOLE,
    whole: WHOLE,
    moments,
    components: ['driver', 'client'],
    selected: 'driver',
  };
  const press = (key: string, more: Partial<typeof context> = {}, shift = false) =>
    keyPressed(key, shift, { ...context, ...more });

  test('[ and ] go to the moment before and after', () => {
    expect(press('[')).toEqual({ kind: 'cursor', at: 10_000 });
    expect(press(']')).toEqual({ kind: 'cursor', at: 60_000 });
    expect(press('[', { cursor: 5_000 })).toEqual({ kind: 'cursor', at: 5_000 });
  });

  test('arrows move the cursor by a hundredth of what is shown, with Shift by a tenth, within the session', () => {
    expect(press('ArrowRight')).toEqual({ kind: 'cursor', at: 21_000 });
    expect(press('ArrowLeft', {}, true)).toEqual({ kind: 'cursor', at: 10_000 });
    expect(press('ArrowLeft', { cursor: 0 })).toEqual({ kind: 'cursor', at: 0 });
  });

  test('up and down choose the component, and stop at the last', () => {
    expect(press('ArrowDown')).toEqual({ kind: 'select', component: 'client' });
    expect(press('ArrowUp')).toEqual({ kind: 'select', component: 'driver' });
  });

  test('+ zooms about the cursor, - back, f shows all', () => {
    expect(press('+')).toEqual({ kind: 'range', range: { from: 10_000, to: 60_000 } });
    expect(press('-', { shown: { from: 10_000, to: 60_000 } })).toEqual({ kind: 'range', range: null });
    expect(press('f')).toEqual({ kind: 'range', range: null });
  });

  test('other keys are not taken from the page', () => {
    for (const key of ['Tab', 'a', 'Enter', ' ']) expect(press(key)).toBeUndefined();
  });
});

test('ticks are round times since the session was submitted', () => {
  expect(offsetTicks({ from: 7_000, to: 67_000 }, 7_000, 6).map((at) => at - 7_000)).toEqual([
    0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000,
  ]);
  expect(offsetTicks({ from: -3_000, to: 100_000 }, 0, 4)).toEqual([0, 30_000, 60_000, 90_000]);
});

const TIMELINE: Timeline = {
  rows: [
    {
      component: 'client-1',
      kind: 'client',
      phases: [
        { phase: 'queued', from: 0, to: 1_000 },
        { phase: 'running', from: 2_000, to: null },
      ],
      healths: [{ health: 'not-ready', from: 3_500, to: null, reason: '=1+1, "x"' }],
    },
  ],
  moments: [],
  firstBad: { at: 3_500, component: 'client-1', text: 'client-1 is not ready', bad: true },
  phase: 'running',
};

test('the text says how many, how long, and what was bad first', () => {
  expect(describeTimeline(TIMELINE, 0, { from: 0, to: 9_000 })).toBe(
    'One component; running since 9 s. Not always well: client-1. First bad event at +00:03: client-1 is not ready.',
  );
});

test('between two phases there is none', () => {
  const phases = TIMELINE.rows[0]?.phases ?? [];
  expect(phaseAt(phases, 500)?.phase).toBe('queued');
  expect(phaseAt(phases, 1_500)).toBeNull();
  expect(phaseAt(phases, 9_999)?.phase).toBe('running');
});

test('the file has a line for each segment, and no formula', () => {
  expect(timelineCsv(TIMELINE, 0).split('\r\n')).toEqual([
    'component,kind,of,value,from_s,to_s,reason',
    'client-1,client,phase,queued,0.000,1.000,',
    'client-1,client,phase,running,2.000,,',
    `client-1,client,health,not-ready,3.500,,"'=1+1, ""x"""`,
    '',
  ]);
});
