import { describe, expect, test } from 'vitest';
import { advance, attempt } from './advance.ts';
import { ExitError, exitCodeOf } from './errors.ts';
import { EXECUTION_STATES, type ExecutionState, type ExecutionStatus } from './execution.ts';
import { recorded, type StoredExecution } from './execution-changes.ts';
import { stubController } from './test-stub-controller.ts';

const signal = new AbortController().signal;
const container = (exitCode: number) => ({ id: 'c', pid: 1, exitCode });

const statusIn = (state: ExecutionState, exitCode: number | null = null): ExecutionStatus => ({
  state,
  message: 'm',
  err: '',
  container: exitCode === null ? null : container(exitCode),
  ports: null,
  timestamp: 0,
});

const stored = (state: ExecutionState, exitCode: number | null = null): StoredExecution => ({
  status: statusIn(state),
  exitCode,
});

async function waitThatThrows(error: Error): Promise<StoredExecution> {
  const before = stored('RUNNING');
  const controller = stubController({
    behave: () => {
      throw error;
    },
  });
  const result = await attempt({ desiredState: 'RUNNING', status: before.status }, controller, signal);
  return recorded(before, result.status, exitCodeOf(result.error));
}

describe('the exit code', () => {
  test('is kept where the controller tells no status, and where the error is wrapped', async () => {
    expect(await waitThatThrows(new ExitError(3))).toMatchObject({ exitCode: 3, status: { container: null } });
    expect(await waitThatThrows(new Error('wrap', { cause: new ExitError(3) }))).toMatchObject({ exitCode: 3 });
    expect(await waitThatThrows(new ExitError(0))).toMatchObject({ exitCode: 0, status: { state: 'FAILED' } });
  });

  test('is never lost, whatever status follows', () => {
    for (const state of EXECUTION_STATES.filter((other) => other !== 'COMPLETE')) {
      expect(recorded(stored('FAILED', 3), statusIn(state), null).exitCode, state).toBe(3);
      expect(recorded(stored('FAILED', 3), statusIn(state, 0), null).exitCode, state).toBe(3);
    }
    expect(recorded(stored('COMPLETE', 3), statusIn('COMPLETE'), null).exitCode).toBe(3);
  });

  test('is 0 when the workload has finished, and the container’s own where that says another', async () => {
    const before = stored('RUNNING');
    const { status } = await advance({ desiredState: 'RUNNING', status: before.status }, stubController(), signal);
    expect(recorded(before, status, null)).toMatchObject({ exitCode: 0, status: { state: 'COMPLETE' } });
    expect(recorded(before, statusIn('COMPLETE', 4), null).exitCode).toBe(4);
  });

  test('is not known of a workload that runs, though its container says 0', () => {
    expect(recorded(stored('STARTING'), statusIn('RUNNING', 0), null).exitCode).toBeNull();
  });
});

test('an execution that was rejected shows no container, and no other one loses it', () => {
  for (const state of EXECUTION_STATES) {
    const { status } = recorded(stored('ACCEPTED'), statusIn(state, 4), null);
    expect(status, state).toEqual(
      state === 'REJECTED' ? { ...statusIn(state, 4), container: null } : statusIn(state, 4),
    );
  }
});
