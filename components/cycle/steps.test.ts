import { expect, test } from 'vitest';
import type { IntentView } from '../../server/contract/cycle.ts';
import { cycleSteps, outcomeInWords } from './steps.ts';

function intent(step: number, ordinal: number, facts: Partial<IntentView>): IntentView {
  return {
    id: `${step}/${ordinal}`,
    step,
    ordinal,
    kind: 'drain',
    instanceId: null,
    count: 0,
    token: `cyc_1/${step}/${ordinal}`,
    because: 'outdated',
    outcome: 'done',
    settledBy: 'answer',
    error: null,
    createdAt: step * 1_000,
    settledAt: step * 1_000 + 200,
    fence: '1',
    ...facts,
  };
}

test('calls of one turn are one step, which says what it ordered', () => {
  const [first, second] = cycleSteps([
    intent(1, 0, { kind: 'start', count: 2 }),
    intent(1, 1, { instanceId: 'a' }),
    intent(1, 2, { instanceId: 'b', settledAt: 4_000 }),
    intent(2, 0, { kind: 'terminate', instanceId: 'a', outcome: 'pending', settledAt: null }),
  ]);
  expect(first).toMatchObject({ step: 1, at: 1_000, endedAt: 4_000, outcome: 'done', title: 'start 2, drain 2' });
  expect(second).toMatchObject({ step: 2, endedAt: null, outcome: 'open', title: 'terminate 1' });
});

test('a call that is made again for the same instance is another attempt', () => {
  const steps = cycleSteps([
    intent(1, 0, { instanceId: 'a', outcome: 'not-done' }),
    intent(1, 1, { instanceId: 'b' }),
    intent(2, 0, { instanceId: 'a' }),
  ]);
  expect(steps.flatMap(({ calls }) => calls.map(({ attempt }) => attempt))).toEqual([1, 1, 2]);
  expect(steps[0]?.outcome).toBe('failed');
});

test('a start is another attempt only after one that did not happen', () => {
  const start = { kind: 'start', count: 1 } as const;
  const steps = cycleSteps([
    intent(1, 0, { ...start, outcome: 'not-done' }),
    intent(2, 0, { ...start, outcome: 'failed' }),
    intent(3, 0, start),
    intent(4, 0, start),
  ]);
  expect(steps.flatMap(({ calls }) => calls.map(({ attempt }) => attempt))).toEqual([1, 2, 3, 1]);
});

test('every outcome has words of its own', () => {
  const outcomes = ['pending', 'unknown', 'done', 'partly-done', 'not-done', 'failed'] as const;
  expect(new Set(outcomes.map((outcome) => outcomeInWords({ outcome, settledBy: 'answer' }))).size).toBe(
    outcomes.length,
  );
  expect(outcomeInWords({ outcome: 'done', settledBy: 'reading' })).toBe('done, found by reading');
});
