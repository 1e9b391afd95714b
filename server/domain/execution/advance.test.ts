import { describe, expect, test } from 'vitest';
import { advance, attempt, resolve } from './advance.ts';
import { ExitError } from './errors.ts';
import type { Execution, ExecutionState, ExecutionStatus } from './execution.ts';
import { stubController } from './test-stub-controller.ts';
import {
  containerOf,
  controllerOf,
  executorErrorOf,
  portsOf,
  resolutions,
  type SequenceStep,
  sequences,
  stateOf,
  statusOf,
  steps,
} from './testdata/vectors.ts';

const NOW = Date.UTC(2026, 0, 1);
const now = () => NOW;
const signal = new AbortController().signal;

function execution(status: ExecutionStatus, desiredState: ExecutionState = 'RUNNING'): Execution {
  const machine = { environmentId: 'e', clusterId: 'c', instanceId: 'i' };
  const workload = { image: null, command: ['a'], env: {}, ports: [], probe: null, secrets: [], configs: [] };
  return { id: 'x', name: 'x', machine, workload, desiredState, status };
}

function sequenceStatus(
  file: ReturnType<typeof sequences>,
  [, , outState, message, err, container, ports]: SequenceStep,
) {
  return { state: stateOf(file, outState), message, err, container: containerOf(container), ports: portsOf(ports) };
}

/**
 * The sequences were recorded before the source looked for a temporary error behind another, the steps after; and what
 * Go's `fmt` wraps the source takes for no cancelled call, but an error here has one kind of cause. So these steps, by
 * sequence and number, answer as the recorded steps do, and the sequence goes on from what was recorded of it.
 */
const MENDED: Readonly<Record<string, SequenceStep>> = {
  '3/2': [512, 'wrappedTemporary', 320, 'preparing', 'wrap: plain error', null, null, 'retry', { prepare: 1 }],
  '9/3': [512, 'fmtWrappedCanceled', 448, 'starting', '', ['', 0, 0], null, 'retry', { start: 1, containerStatus: 1 }],
  '12/5': [
    512,
    'wrappedTemporary',
    512,
    'started',
    'wrap: plain error',
    ['c', 42, 0],
    null,
    'retry',
    { wait: 1, containerStatus: 1 },
  ],
  '18/2': [512, 'wrappedTemporary', 320, 'preparing', 'wrap: plain error', null, null, 'retry', { prepare: 1 }],
  '21/1': [512, 'fmtWrappedCanceled', 320, 'preparing', '', null, null, 'retry', { prepare: 1 }],
  '34/3': [
    512,
    'fmtWrappedTemporary',
    448,
    'starting',
    'wrap: plain error',
    ['c', 42, 0],
    null,
    'retry',
    { start: 1, containerStatus: 1 },
  ],
  '42/3': [
    512,
    'fmtWrappedCanceled',
    448,
    'starting',
    '',
    ['c', 42, 0],
    null,
    'retry',
    { start: 1, containerStatus: 1 },
  ],
  '44/4': [
    512,
    'wrappedTemporary',
    448,
    'starting',
    'wrap: plain error',
    ['', 0, 0],
    1,
    'retry',
    { start: 1, containerStatus: 1, portStatus: 1 },
  ],
  '56/1': [640, 'wrappedTemporary', 320, 'preparing', 'wrap: plain error', null, null, 'retry', { shutdown: 1 }],
};

describe('the reference', () => {
  test('every recorded step', async () => {
    const file = steps();
    expect(file.cases).toHaveLength(2500);
    for (const row of file.cases) {
      const [state, desired, behaviour, controllerName, initial, outState, message, err, ...rest] = row;
      const [container, ports, timestampRenewed, returned, calls] = rest;
      const status = statusOf(initial, stateOf(file, state));
      const controller = controllerOf(controllerName, behaviour);
      const result = await advance({ desiredState: stateOf(file, desired), status }, controller, signal, now);
      expect({ ...result, calls: controller.calls }, JSON.stringify(row)).toEqual({
        status: {
          state: stateOf(file, outState),
          message,
          err,
          container: containerOf(container),
          ports: portsOf(ports),
          timestamp: timestampRenewed ? NOW : status.timestamp,
        },
        outcome: returned === '' ? 'advanced' : returned,
        calls,
      });
    }
  });

  test('every recorded sequence: a controller, then step after step', async () => {
    const file = sequences();
    expect(file.cases).toHaveLength(60);
    const mended: string[] = [];
    for (const [index, { controller: controllerName, initialState, steps: recorded }] of file.cases.entries()) {
      const initial = execution(statusOf('bare', stateOf(file, initialState)));
      let { status } = await resolve(initial, { controller: async () => stubController() }, signal);
      for (const [number, row] of recorded.entries()) {
        const name = `${index}/${number}`;
        const expected = MENDED[name] ?? row;
        const [desired, behaviour] = row;
        const controller = controllerOf(controllerName, behaviour);
        const result = await advance({ desiredState: stateOf(file, desired), status }, controller, signal, now);
        const { timestamp } = result.status;
        expect({ ...result, calls: controller.calls }, `${name} ${JSON.stringify(expected)}`).toEqual({
          status: { ...sequenceStatus(file, expected), timestamp },
          outcome: expected[7] === '' ? 'advanced' : expected[7],
          calls: expected[8],
        });
        if (expected !== row) mended.push(name);
        status = { ...sequenceStatus(file, row), timestamp };
      }
    }
    expect(mended).toEqual(Object.keys(MENDED));
  });

  test('every recorded resolution', async () => {
    const file = resolutions();
    expect(file.cases).toHaveLength(250);
    for (const row of file.cases) {
      const [state, desired, initial, executorError, executorGivesController, outState, message, err, ...rest] = row;
      const [container, timestampRenewed, returnedError, controllerReturned] = rest;
      const status = statusOf(initial, stateOf(file, state));
      const error = executorErrorOf(executorError);
      const controller = stubController();
      const given = execution(status, stateOf(file, desired));
      const result = await resolve(given, {
        controller: async () => {
          if (error !== null) throw error;
          return controller;
        },
      });
      expect(result.status, JSON.stringify(row)).toEqual({
        state: stateOf(file, outState),
        // What a successful resolution leaves alone was not recorded as changed.
        message,
        err,
        container: containerOf(container),
        ports: status.ports,
        timestamp: status.timestamp,
      });
      expect(timestampRenewed).toBe(false);
      expect(result.error).toBe(error);
      expect(error?.message ?? null).toBe(returnedError);
      // In Go an executor may return both a controller and an error, or neither. Here it returns or throws.
      expect(controllerReturned).toBe(executorGivesController);
      expect(result.controller).toBe(error === null ? controller : null);
    }
  });
});

describe('beyond the reference', () => {
  test('a call that the signal ended is cancelled, whatever the reason was', async () => {
    const stop = new AbortController();
    const controller = stubController({
      behave: () => {
        stop.abort(new Error('the lease is lost'));
        stop.signal.throwIfAborted();
      },
    });
    const status = statusOf('bare', 'RUNNING');
    const result = await advance(execution(status), controller, stop.signal, now);
    expect(result).toEqual({ status, outcome: 'retry' });
  });

  test('an attempt gives the error that was thrown, of which the status has the text', async () => {
    const error = new Error('the workload', { cause: new ExitError(3) });
    const controller = stubController({
      behave: () => {
        throw error;
      },
    });
    const result = await attempt(execution(statusOf('bare', 'RUNNING')), controller, signal, now);
    expect(result.error).toBe(error);
    expect(result.status).toMatchObject({ state: 'FAILED', err: 'the workload' });
  });

  test('what is thrown and is no error ends the execution like one', async () => {
    const controller = stubController({ behave: () => Promise.reject('only a text') });
    const result = await advance(execution(statusOf('bare', 'PREPARING')), controller, signal, now);
    expect(result.status).toMatchObject({ state: 'REJECTED', err: 'only a text' });
  });

  test('the time of a status is the real one where no clock is given, and null while nothing has changed', async () => {
    const from = Date.now();
    const { status } = await advance(execution(statusOf('bare', 'NEW')), stubController(), signal);
    expect(status.timestamp).toBeGreaterThanOrEqual(from);
    expect(status.timestamp).toBeLessThanOrEqual(Date.now());
    const paused = await advance(execution(statusOf('bare', 'NEW'), 'NEW'), stubController(), signal);
    expect(paused.status.timestamp).toBeNull();
  });

  test('a status that tells the same again keeps its time, and any difference renews it', async () => {
    const container = { id: 'c', pid: 1, exitCode: 0 };
    const ports = [{ name: 'main', address: '127.0.0.1:1' }];
    const status: ExecutionStatus = { ...statusOf('bare', 'RUNNING'), container, ports, timestamp: 1 };
    const seen = async (change: Partial<ExecutionStatus>) => {
      const told = { container, ports, ...change };
      const controller = stubController({ containerStatus: () => told.container, portStatus: () => told.ports });
      return (await advance(execution(status, 'READY'), controller, signal, now)).status;
    };
    expect(await seen({ container: { ...container }, ports: ports.map((port) => ({ ...port })) })).toEqual(status);
    const changes: Partial<ExecutionStatus>[] = [
      { container: { ...container, id: 'd' } },
      { container: { ...container, pid: 2 } },
      { container: { ...container, exitCode: 3 } },
      { ports: null },
      { ports: [] },
      { ports: [...ports, { name: 'more', address: '127.0.0.1:2' }] },
      { ports: [{ name: 'other', address: '127.0.0.1:1' }] },
      { ports: [{ name: 'main', address: '127.0.0.1:2' }] },
    ];
    for (const change of changes) expect(await seen(change)).toEqual({ ...status, ...change, timestamp: NOW });
  });
});
