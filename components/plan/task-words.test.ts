import { expect, test } from 'vitest';
import { taskWords } from '@/components/plan/task-words';

test('a start says how many, and of which version where it is known', () => {
  expect(taskWords({ kind: 'start', clusterId: 'c', count: 1 }, null).verb).toBe('Start 1 instance');
  expect(taskWords({ kind: 'start', clusterId: 'c', count: 3 }, 'v2').verb).toBe('Start 3 instances, v2');
});

test('many instances are named by the first three and a number', () => {
  const task = { kind: 'drain' as const, instanceIds: ['a', 'b', 'c', 'd', 'e'] };
  expect(taskWords(task, null)).toMatchObject({ verb: 'Drain', ids: ['a', 'b', 'c'], others: 2 });
});

test('four instances are all named', () => {
  const task = { kind: 'wait' as const, state: 'drained' as const, instanceIds: ['a', 'b', 'c', 'd'] };
  expect(taskWords(task, null)).toEqual({
    verb: 'Wait until',
    ids: ['a', 'b', 'c', 'd'],
    others: 0,
    after: 'are drained',
  });
});
