import { expect, test } from 'vitest';
import { EXECUTION_STATES, isTerminal, rank } from './execution.ts';
import { steps } from './testdata/vectors.ts';

test('the states are in the order of the source', () => {
  const byNumber = Object.entries(steps().stateNames).sort(([a], [b]) => Number(a) - Number(b));
  expect(EXECUTION_STATES).toEqual(byNumber.map(([, name]) => name));
  expect(EXECUTION_STATES.map(rank)).toEqual(EXECUTION_STATES.map((_, i) => i));
});

test('what has finished, was stopped, failed, was rejected, is to be removed or was lost has ended', () => {
  expect(EXECUTION_STATES.filter(isTerminal)).toEqual([
    'COMPLETE',
    'SHUTDOWN',
    'FAILED',
    'REJECTED',
    'REMOVE',
    'ORPHANED',
  ]);
});
