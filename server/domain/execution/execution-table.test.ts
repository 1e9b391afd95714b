import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../errors.ts';
import { type Advance, advance, type Outcome } from './advance.ts';
import { ExitError, makeTemporary, NoopError, RetryError } from './errors.ts';
import {
  type Advanceable,
  EXECUTION_STATES,
  type ExecutionState,
  type ExecutionStatus,
  isTerminal,
  rank,
} from './execution.ts';
import { type Calls, type StubController, stubController } from './test-stub-controller.ts';

type DesiredState = ExecutionState;

const BEHAVIOURS = ['nil', 'prepared', 'started', 'temporary', 'fatal', 'exit', 'retry', 'noop', 'cancelled'] as const;
type Behaviour = (typeof BEHAVIOURS)[number];

/** What every verb of the controller throws; null = nothing. */
const THROWN: Record<Behaviour, () => Error | null> = {
  nil: () => null,
  prepared: () => new DomainError('ALREADY_PREPARED', { executionId: 'e' }),
  started: () => new DomainError('ALREADY_STARTED', { executionId: 'e' }),
  temporary: () => makeTemporary(new Error('later')),
  fatal: () => new Error('broken'),
  exit: () => new ExitError(3),
  retry: () => new RetryError(),
  noop: () => new NoopError(),
  cancelled: () => new DOMException('given up', 'AbortError'),
};

type Verb = 'prepare' | 'start' | 'wait' | 'shutdown';

/** What becomes of the state; null = it stays. `call` is the one verb that is called. */
interface Expected {
  readonly to: ExecutionState | null;
  readonly outcome: Outcome;
  readonly call: Verb | null;
}

/** Whatever the controller would do: it is not asked. */
const unasked = (expected: Omit<Expected, 'call'>): Record<Behaviour, Expected> => {
  const always = { ...expected, call: null };
  return {
    nil: always,
    prepared: always,
    started: always,
    temporary: always,
    fatal: always,
    exit: always,
    retry: always,
    noop: always,
    cancelled: always,
  };
};

const asked = (
  call: Verb,
  to: ExecutionState,
  failure: 'REJECTED' | 'FAILED',
  already: Partial<Record<Behaviour, ExecutionState>> = {},
): Record<Behaviour, Expected> => {
  const advanced = (state: ExecutionState): Expected => ({ to: state, outcome: 'advanced', call });
  const again: Expected = { to: null, outcome: 'retry', call };
  return {
    nil: advanced(to),
    prepared: advanced(already.prepared ?? failure),
    started: advanced(already.started ?? failure),
    temporary: again,
    fatal: advanced(failure),
    exit: advanced(failure),
    retry: advanced(failure),
    noop: advanced(failure),
    cancelled: again,
  };
};

const stay = unasked({ to: null, outcome: 'noop' });
const accept = unasked({ to: 'ACCEPTED', outcome: 'advanced' });
const begin = unasked({ to: 'PREPARING', outcome: 'advanced' });
const go = unasked({ to: 'STARTING', outcome: 'advanced' });
const prepare = asked('prepare', 'READY', 'REJECTED', { prepared: 'READY' });
const start = asked('start', 'RUNNING', 'FAILED', { started: 'RUNNING' });
const wait = asked('wait', 'COMPLETE', 'FAILED');
const refuse = asked('shutdown', 'SHUTDOWN', 'REJECTED');
const stop = asked('shutdown', 'SHUTDOWN', 'FAILED');

type Cell = Record<Behaviour, Expected>;
type End = 'SHUTDOWN' | 'FAILED' | 'REJECTED' | 'REMOVE' | 'ORPHANED';

/** Every state from SHUTDOWN on is one wish: that it ends. */
const end = (cell: Cell): Record<End, Cell> => ({
  SHUTDOWN: cell,
  FAILED: cell,
  REJECTED: cell,
  REMOVE: cell,
  ORPHANED: cell,
});

const ended: Record<DesiredState, Cell> = {
  NEW: stay,
  PENDING: stay,
  ASSIGNED: stay,
  ACCEPTED: stay,
  PREPARING: stay,
  READY: stay,
  STARTING: stay,
  RUNNING: stay,
  COMPLETE: stay,
  ...end(stay),
};

const TABLE: Record<ExecutionState, Record<DesiredState, Record<Behaviour, Expected>>> = {
  NEW: {
    NEW: stay,
    PENDING: accept,
    ASSIGNED: accept,
    ACCEPTED: accept,
    PREPARING: accept,
    READY: accept,
    STARTING: accept,
    RUNNING: accept,
    COMPLETE: accept,
    ...end(refuse),
  },
  PENDING: {
    NEW: stay,
    PENDING: stay,
    ASSIGNED: accept,
    ACCEPTED: accept,
    PREPARING: accept,
    READY: accept,
    STARTING: accept,
    RUNNING: accept,
    COMPLETE: accept,
    ...end(refuse),
  },
  ASSIGNED: {
    NEW: stay,
    PENDING: stay,
    ASSIGNED: stay,
    ACCEPTED: accept,
    PREPARING: accept,
    READY: accept,
    STARTING: accept,
    RUNNING: accept,
    COMPLETE: accept,
    ...end(refuse),
  },
  ACCEPTED: {
    NEW: stay,
    PENDING: stay,
    ASSIGNED: stay,
    ACCEPTED: stay,
    PREPARING: begin,
    READY: begin,
    STARTING: begin,
    RUNNING: begin,
    COMPLETE: begin,
    ...end(refuse),
  },
  PREPARING: {
    NEW: stay,
    PENDING: stay,
    ASSIGNED: stay,
    ACCEPTED: stay,
    PREPARING: prepare,
    READY: prepare,
    STARTING: prepare,
    RUNNING: prepare,
    COMPLETE: prepare,
    ...end(refuse),
  },
  READY: {
    NEW: stay,
    PENDING: stay,
    ASSIGNED: stay,
    ACCEPTED: stay,
    PREPARING: stay,
    READY: stay,
    STARTING: go,
    RUNNING: go,
    COMPLETE: go,
    ...end(refuse),
  },
  STARTING: {
    NEW: stay,
    PENDING: stay,
    ASSIGNED: stay,
    ACCEPTED: stay,
    PREPARING: stay,
    READY: stay,
    STARTING: start,
    RUNNING: start,
    COMPLETE: start,
    ...end(stop),
  },
  RUNNING: {
    NEW: stay,
    PENDING: stay,
    ASSIGNED: stay,
    ACCEPTED: stay,
    PREPARING: stay,
    READY: stay,
    STARTING: stay,
    RUNNING: wait,
    COMPLETE: wait,
    ...end(stop),
  },
  COMPLETE: ended,
  SHUTDOWN: ended,
  FAILED: ended,
  REJECTED: ended,
  REMOVE: ended,
  ORPHANED: ended,
};

const signal = new AbortController().signal;
const statusIn = (state: ExecutionState) => ({
  state,
  message: '',
  err: '',
  container: null,
  ports: null,
  timestamp: 0,
});

function controllerThat(behaviour: Behaviour, tellsStatus = false): StubController {
  const error = THROWN[behaviour]();
  return stubController({
    behave: () => {
      if (error !== null) throw error;
    },
    ...(tellsStatus && { containerStatus: () => ({ id: 'c', pid: 1, exitCode: 0 }), portStatus: () => [] }),
  });
}

const CELLS = EXECUTION_STATES.flatMap((state) =>
  EXECUTION_STATES.flatMap((desired) => BEHAVIOURS.map((behaviour) => ({ state, desired, behaviour }))),
);

test('every state, for every desired state, whatever the controller does', async () => {
  expect(CELLS).toHaveLength(14 * 14 * 9);
  for (const { state, desired, behaviour } of CELLS) {
    const controller = controllerThat(behaviour);
    const { status, outcome } = await advance({ desiredState: desired, status: statusIn(state) }, controller, signal);
    const { to, call, ...expected } = TABLE[state][desired][behaviour];
    expect(
      { state: status.state, outcome, calls: controller.calls },
      `${state}, desired ${desired}, ${behaviour}`,
    ).toEqual({ state: to ?? state, ...expected, calls: call === null ? {} : { [call]: 1 } });
  }
});

/** A life: what was wished for and what the controller did, step after step. */
const lives = fc.record({
  state: fc.constantFrom(...EXECUTION_STATES),
  tellsStatus: fc.boolean(),
  steps: fc.array(
    fc.record({ desired: fc.constantFrom(...EXECUTION_STATES), behaviour: fc.constantFrom(...BEHAVIOURS) }),
    { maxLength: 30 },
  ),
});

/** Lives it, and shows each step to the law. */
const everyStep = (law: (before: Advanceable, result: Advance, calls: Calls) => void) =>
  fc.assert(
    fc.asyncProperty(lives, async ({ state, tellsStatus, steps }) => {
      let status: ExecutionStatus = statusIn(state);
      for (const { desired, behaviour } of steps) {
        const before = { desiredState: desired, status };
        const controller = controllerThat(behaviour, tellsStatus);
        const result = await advance(before, controller, signal);
        law(before, result, controller.calls);
        status = result.status;
      }
    }),
    { seed: 1, numRuns: 500 },
  );

const OWN_VERB: Partial<Record<ExecutionState, Verb>> = { PREPARING: 'prepare', STARTING: 'start', RUNNING: 'wait' };

const verbsOf = ({ containerStatus, portStatus, ...verbs }: Calls) => verbs;

describe('over any sequence of wishes and behaviours', () => {
  test('a state never moves backwards, and moves forward only when the step has advanced', () =>
    everyStep((before, { status, outcome }) => {
      expect(Math.sign(rank(status.state) - rank(before.status.state))).toBe(outcome === 'advanced' ? 1 : 0);
    }));

  test('no state beyond REJECTED is entered', () =>
    everyStep((before, { status }) => {
      if (rank(status.state) > rank('REJECTED')) expect(status.state).toBe(before.status.state);
    }));

  test('an execution that has ended makes no call but for its status, and keeps state, message and error', () =>
    everyStep((before, { status, outcome }, calls) => {
      if (!isTerminal(before.status.state)) return;
      expect(verbsOf(calls)).toEqual({});
      expect(outcome).toBe('noop');
      const { state, message, err } = before.status;
      expect(status).toMatchObject({ state, message, err });
    }));

  test('a step calls at most one verb, once, and each verb only in its own state', () =>
    everyStep(({ status: { state }, desiredState }, _result, calls) => {
      const entries = Object.entries(verbsOf(calls));
      expect(entries.length).toBeLessThanOrEqual(1);
      for (const [verb, count] of entries) {
        expect(count).toBe(1);
        const ending = rank(desiredState) >= rank('SHUTDOWN');
        expect(verb).toBe(ending ? 'shutdown' : OWN_VERB[state]);
      }
    }));

  test('no status is asked for, and none is changed, before STARTING', () =>
    everyStep(({ status: before }, { status }, calls) => {
      if (rank(status.state) >= rank('STARTING')) return;
      expect([calls.containerStatus, calls.portStatus]).toEqual([undefined, undefined]);
      expect([status.container, status.ports]).toEqual([before.container, before.ports]);
    }));
});

test('an execution that is to run, and whose controller never fails, has finished after six steps', async () => {
  const states: ExecutionState[] = [];
  let status: ExecutionStatus = statusIn('NEW');
  for (let step = 0; step < 6; step++) {
    ({ status } = await advance({ desiredState: 'RUNNING', status }, controllerThat('nil'), signal));
    states.push(status.state);
  }
  expect(states).toEqual(['ACCEPTED', 'PREPARING', 'READY', 'STARTING', 'RUNNING', 'COMPLETE']);
});

test('a step that is repeated after a crash gives what it gave the first time', async () => {
  for (const [state, already] of [
    ['PREPARING', 'prepared'],
    ['STARTING', 'started'],
  ] as const) {
    const before = { desiredState: 'RUNNING', status: statusIn(state) } as const;
    const first = await advance(before, controllerThat('nil'), signal, () => 1);
    const again = await advance(before, controllerThat(already), signal, () => 1);
    expect(again).toEqual(first);
  }
});
