import { describe, expect, test } from 'vitest';
import type { ExecutionTransitionView } from '../../server/contract/session.ts';
import type { ExecutionState } from '../../server/domain/execution/execution.ts';
import { type MachineFacts, machineInWords, machineSteps } from './task-machine.ts';

function transition(at: number, state: ExecutionState, more: Partial<ExecutionTransitionView> = {}) {
  return { at, state, desiredState: 'COMPLETE' as const, message: '', err: '', attempt: 0, retryAt: null, ...more };
}

const life = [
  transition(0, 'ASSIGNED'),
  transition(1, 'ACCEPTED'),
  transition(2, 'PREPARING'),
  transition(10, 'READY'),
  transition(11, 'STARTING'),
  transition(20, 'RUNNING'),
];

function facts(transitions: readonly ExecutionTransitionView[], more: Partial<MachineFacts> = {}): MachineFacts {
  const last = transitions.at(-1) ?? transition(0, 'NEW');
  return {
    state: last.state,
    desiredState: last.desiredState,
    message: last.message,
    err: last.err,
    exitCode: null,
    signal: null,
    attempt: last.attempt,
    retryAt: last.retryAt,
    removedAt: null,
    transitions,
    ...more,
  };
}

const looks = (of: MachineFacts) => machineSteps(of).map(({ verb, look }) => `${verb} ${look}`);

describe('the machine', () => {
  test('has one step in progress, those before it done, those after it not begun', () => {
    expect(looks(facts(life.slice(0, 3)))).toEqual([
      'prepare now',
      'start ahead',
      'wait ahead',
      'shutdown ahead',
      'remove ahead',
    ]);
    expect(looks(facts(life))).toEqual(['prepare done', 'start done', 'wait now', 'shutdown ahead', 'remove ahead']);
  });

  test('tells how long each step took', () => {
    const took = machineSteps(facts(life)).map(({ from, to }) => [from, to]);
    expect(took).toEqual([
      [0, 10],
      [10, 20],
      [20, null],
      [null, null],
      [null, null],
    ]);
  });

  test('skips the shutdown of what ended by itself, and removes it', () => {
    const ended = [...life, transition(50, 'COMPLETE'), transition(51, 'COMPLETE', { desiredState: 'REMOVE' })];
    expect(looks(facts(ended, { exitCode: 0 }))).toEqual([
      'prepare done',
      'start done',
      'wait done',
      'shutdown skipped',
      'remove now',
    ]);
    const removed = machineSteps(facts(ended, { exitCode: 0, removedAt: 60 }));
    expect(removed.at(-1)).toMatchObject({ look: 'done', from: 51, to: 60 });
    expect(removed[2]?.note).toBe('exit code 0');
  });

  test('shuts down what was asked to end', () => {
    const asked = [...life, transition(40, 'RUNNING', { desiredState: 'SHUTDOWN' })];
    expect(looks(facts(asked))).toContain('shutdown now');
    const shut = [...asked, transition(45, 'SHUTDOWN', { desiredState: 'SHUTDOWN' })];
    expect(machineSteps(facts(shut))[3]).toMatchObject({ look: 'done', from: 40, to: 45 });
  });

  test.each([
    ['prepare', life.slice(0, 3), 'REJECTED'],
    ['start', life.slice(0, 5), 'FAILED'],
    ['wait', life, 'FAILED'],
  ] as const)('names %s as the step that failed, with the error', (verb, before, state) => {
    const steps = machineSteps(facts([...before, transition(99, state, { err: 'no such file' })]));
    expect(steps.find(({ look }) => look === 'failed')).toMatchObject({ verb, note: 'no such file' });
    expect(steps.filter(({ look }) => look === 'failed')).toHaveLength(1);
  });

  test('counts the failed tries of a step, and says when it is tried again', () => {
    const trying = [
      ...life.slice(0, 3),
      transition(4, 'PREPARING', { attempt: 1, err: 'busy', retryAt: 5 }),
      transition(6, 'PREPARING', { attempt: 2, err: 'busy', retryAt: 9 }),
    ];
    expect(machineSteps(facts(trying))[0]).toMatchObject({ look: 'now', failures: 2, error: 'busy', retryAt: 9 });
    const later = machineSteps(facts([...trying, ...life.slice(3)]));
    expect(later.map(({ failures }) => failures)).toEqual([2, 0, 0, 0, 0]);
  });

  test('is read out as a sentence', () => {
    expect(machineInWords('server-1', machineSteps(facts(life)))).toBe(
      'server-1: prepare done; start done; wait in progress, it runs; shutdown not begun; remove not begun.',
    );
  });
});
