import { describe, expect, test } from 'vitest';
import { cycleAt, drainDeadlineAt, momentsOf } from './cycle-at.ts';
import { CYCLE, FROM, HISTORY } from './test-cycle.ts';

const at = (ms: number) => cycleAt(CYCLE, HISTORY, FROM + ms);
const states = (ms: number) => Object.fromEntries(at(ms).instances.map((one) => [one.instanceId, one.state]));

test('the instances are those that there were, in the states that they had', () => {
  expect(states(0)).toEqual({ 'm-1': 'started', 'm-2': 'started' });
  expect(states(2_999)).toEqual({ 'm-1': 'started', 'm-2': 'started', 'n-1': 'starting' });
  expect(states(3_000)).toEqual({ 'm-1': 'draining', 'm-2': 'started', 'n-1': 'started' });
  expect(states(8_000)).toEqual({ 'm-1': 'gone', 'm-2': 'started', 'n-1': 'started' });
});

test('since when it was so is told where it is known', () => {
  const [first, second] = at(5_000).instances;
  expect(first?.stateSince).toBe(FROM + 3_000);
  // It was started before the cycle was approved, and no longer is.
  expect(second?.stateSince).toBeNull();
});

test('steps and calls that came later are absent, and a call without its answer is open', () => {
  expect(at(3_020).intents.map(({ step, outcome, settledAt }) => [step, outcome, settledAt])).toEqual([
    [1, 'done', FROM + 1_050],
    [2, 'pending', null],
  ]);
  expect(at(3_020).calls.map(({ id }) => id)).toEqual(['call-1']);
  expect(at(3_040).calls.map(({ id }) => id)).toEqual(['call-1', 'call-2']);
  expect(at(3_020).samples).toHaveLength(2);
});

test('the state of the cycle, and who wanted it, are those of then', () => {
  expect(at(500)).toMatchObject({ state: 'approved', startedAt: null, reason: null, progress: null });
  expect(at(5_000)).toMatchObject({ state: 'running', startedAt: FROM + 1_000, endedAt: null, summary: null });
  expect(at(6_600)).toMatchObject({ state: 'pausing', reason: { kind: 'person' } });
  expect(at(8_000)).toMatchObject({ state: 'paused', reason: { sentence: 'Ada asked for the pause.' } });
  expect(at(14_500)).toMatchObject({ state: 'completed', endedAt: FROM + 14_500, summary: CYCLE.summary });
});

test('the progress is counted again, and names the step that came next', () => {
  expect(at(4_000).progress).toMatchObject({ planned: 2, replaced: 0, leaving: 1, sentence: '1 draining.' });
  expect(at(4_000).progress?.next).toBe('Step 3 came next: terminate 1.');
  expect(at(8_000).progress).toMatchObject({ replaced: 1, leaving: 0, sentence: 'No instance was on its way.' });
  expect(at(14_500).progress?.next).toBe('');
});

test('nothing can be ordered in the past', () => {
  expect(new Set(Object.values(at(5_000).actions))).toEqual(new Set(['not while you look back']));
});

describe('what was said of an instance later', () => {
  const later = { byName: 'Ada', at: FROM + 5_000 };
  const [first, ...others] = CYCLE.instances;
  if (first === undefined) throw new Error('the cycle has no instance');
  const failures = [{ kind: 'drain-timeout', evidence: 'late', at: FROM + 5_000 }];
  const cycle = { ...CYCLE, instances: [{ ...first, skipped: later, forced: later, failures }, ...others] };

  test('is not known before', () => {
    expect(cycleAt(cycle, HISTORY, FROM + 4_999).instances[0]).toMatchObject({
      skipped: null,
      forced: null,
      failures: [],
    });
    expect(cycleAt(cycle, HISTORY, FROM + 5_000).instances[0]).toMatchObject({
      skipped: later,
      forced: later,
      failures,
    });
  });
});

describe('the deadline of a drain', () => {
  const lane = (id: string) => {
    const found = HISTORY.lanes.find((one) => one.instanceId === id);
    if (found === undefined) throw new Error(`no lane ${id}`);
    return found;
  };
  const deadline = (id: string, ms: number, history = HISTORY) => {
    const due = drainDeadlineAt(CYCLE, lane(id), history, FROM + ms);
    return due === null ? null : due - FROM;
  };

  test('is there only while it drains, and moves when somebody extends it', () => {
    expect(deadline('m-1', 2_999)).toBeNull();
    expect(deadline('m-1', 3_000)).toBe(13_000);
    expect(deadline('m-1', 4_000)).toBe(18_000);
    expect(deadline('m-1', 6_000)).toBeNull();
  });

  test('counts from a resume within the drain', () => {
    const resumed = { at: FROM + 5_000, state: 'running', sentence: null, byName: 'Ada' } as const;
    const history = { ...HISTORY, states: [...HISTORY.states.slice(0, 2), resumed] };
    expect(deadline('m-1', 5_000, history)).toBe(20_000);
    expect(deadline('m-1', 4_999, history)).toBe(18_000);
  });
});

test('the moments are those at which something changed, each once', () => {
  expect(momentsOf(HISTORY).map((moment) => moment - FROM)).toEqual([
    0, 900, 1_000, 3_000, 4_000, 6_000, 6_500, 7_000, 9_000, 11_000, 13_000, 14_000, 14_500,
  ]);
});
