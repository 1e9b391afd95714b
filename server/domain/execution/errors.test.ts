import { describe, expect, test } from 'vitest';
import { DomainError, isTemporary as isTemporaryToTheRunner } from '../errors.ts';
import {
  alreadyPrepared,
  alreadyStarted,
  controllerClosed,
  ExitError,
  exitCodeOf,
  hasCode,
  isCancelled,
  isTemporary,
  makeTemporary,
  NoopError,
  RetryError,
  runtimeUnsupported,
  updateRejected,
} from './errors.ts';
import { errorOf, temporaries } from './testdata/vectors.ts';

describe('temporary', () => {
  test('every recorded error', () => {
    const { cases } = temporaries();
    expect(cases).toHaveLength(32);
    for (const { behaviour, message, isTemporary: recorded, ...columns } of cases) {
      const error = errorOf(behaviour);
      expect(error?.message ?? null, behaviour).toBe(message);
      expect(isTemporary(error), behaviour).toBe(recorded);
      const expected = columns['made[message,isTemporary,sameObject,isTemporaryWhenWrapped]'];
      expect(error === null, behaviour).toBe(expected === null);
      if (error === null) continue;
      const made = makeTemporary(error);
      const wrapped = new Error('wrap', { cause: made });
      expect([made.message, isTemporary(made), made === error, isTemporary(wrapped)], behaviour).toEqual(expected);
    }
  });

  test('the runner and a controller ask one question', () => {
    expect(isTemporary).toBe(isTemporaryToTheRunner);
  });

  test('an error of the domain answers for what caused it, and what wraps it has its answer', () => {
    const temporary = new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: 'e', operation: 'o' });
    const fatal = new DomainError('NOT_FOUND', { kind: 'k', id: 'i' }, { cause: temporary });
    expect(isTemporary(new Error('wrap', { cause: temporary }))).toBe(true);
    expect(isTemporary(new Error('wrap', { cause: fatal }))).toBe(false);
  });

  test('what is made temporary is the cause of what was made', () => {
    const error = new ExitError(3);
    expect(makeTemporary(error)).toMatchObject({ cause: error, message: 'exit code=3', temporary: true });
    expect(makeTemporary('only a text')).toMatchObject({ cause: 'only a text', message: 'only a text' });
  });

  test('an error that is its own cause has an answer', () => {
    const error = new Error('round');
    error.cause = new Error('and round', { cause: error });
    expect(isTemporary(error)).toBe(false);
  });
});

test('an exit code is found through what wraps it, also 0', () => {
  expect(exitCodeOf(new Error('wrap', { cause: makeTemporary(new ExitError(3)) }))).toBe(3);
  expect(exitCodeOf(new ExitError(0))).toBe(0);
  expect(exitCodeOf(Object.assign(new Error('other'), { exitCode: '3' }))).toBeNull();
  expect(exitCodeOf('only a text')).toBeNull();
});

test('a call is cancelled by a limit of its own, or by the reason of its signal once that is aborted', () => {
  const signal = new AbortController().signal;
  const reason = new Error('the lease is lost');
  expect(isCancelled(new Error('wrap', { cause: reason }), AbortSignal.abort(reason))).toBe(true);
  expect(isCancelled(new Error('another'), AbortSignal.abort(reason))).toBe(false);
  expect(isCancelled('stop', AbortSignal.abort('stop'))).toBe(true);
  expect(isCancelled(undefined, signal)).toBe(false);
  expect(isCancelled(new Error('wrap', { cause: AbortSignal.abort().reason }), signal)).toBe(true);
  expect(isCancelled(makeTemporary(new DOMException('too long', 'TimeoutError')), signal)).toBe(true);
});

test('the errors of a controller have the texts of the source', () => {
  const errors = [
    runtimeUnsupported('m', 'w'),
    alreadyPrepared('e'),
    alreadyStarted('e'),
    updateRejected('e', 'another command'),
    controllerClosed('e'),
    new RetryError(),
    new NoopError(),
  ];
  expect(errors.map(({ message }) => message)).toEqual([
    'exec: unsupported runtime',
    'exec: task already prepared',
    'exec: task already started',
    'exec: task update rejected',
    'exec: controller closed',
    'exec: task retry',
    'exec: task noop',
  ]);
});

test('what wraps an error of the domain does not have its code', () => {
  const error = new DomainError('ALREADY_PREPARED', { executionId: 'e' });
  expect(hasCode(error, 'ALREADY_PREPARED')).toBe(true);
  expect(hasCode(error, 'ALREADY_STARTED')).toBe(false);
  expect(hasCode(new Error('wrap', { cause: error }), 'ALREADY_PREPARED')).toBe(false);
});
