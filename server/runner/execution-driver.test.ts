import { expect, test } from 'vitest';
import { DomainError } from '../domain/errors.ts';
import { ExitError } from '../domain/execution/errors.ts';
import type { Execution } from '../domain/execution/execution.ts';
import type { Executor } from '../domain/execution/executor.ts';
import { stubController } from '../domain/execution/test-stub-controller.ts';
import type { ExecutionRecord } from '../domain/session/session-store.ts';
import { ExecutionDriver } from './execution-driver.ts';
import { EXECUTION } from './test-execution.ts';

const SILENT = new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: 'e', operation: 'o' });
const GONE = new DomainError('INSTANCE_UNKNOWN', { id: 'm' });

type Behave = NonNullable<Parameters<typeof stubController>[0]>['behave'];

/** One execution with its driver; `story` tells calls and stored states in the order in which they happened. */
function driven(behave: Behave, execution: Partial<ExecutionRecord> = {}, makes: () => void = () => undefined) {
  const story: string[] = [];
  let now = 0;
  const controller = stubController({
    behave: async (verb) => {
      if (verb !== 'close') story.push(`call ${verb}`);
      await behave?.(verb);
    },
  });
  const refused = async () => Promise.reject(new Error('not asked in these tests'));
  const executor: Executor = {
    describe: refused,
    configure: refused,
    setNetworkKeys: refused,
    observe: refused,
    list: refused,
    logs: () => {
      throw new Error('not asked in these tests');
    },
    controller: async (_execution: Execution) => {
      makes();
      return controller;
    },
  };
  const driver = new ExecutionDriver(
    { ...EXECUTION, ...execution },
    {
      executor,
      store: {
        recordStatus: async (_id, { status, attempt }) =>
          void story.push(`store ${status.state}${attempt > 0 ? ` try ${attempt}` : ''}`),
        recordRemoved: async (_id, status, orphaned) =>
          void story.push(`removed ${status.state}${orphaned ? ' orphaned' : ''}`),
      },
      allIsKept: async () => story.push('kept'),
      // Each look at the clock is a second later, so that waits are over at once in these tests.
      clock: () => {
        now += 1_000;
        return now;
      },
      random: () => 0,
    },
  );
  const stop = new AbortController();
  return { story, driver, run: () => driver.run(stop.signal), stop: () => stop.abort() };
}

test('the state before a call is stored before the call leaves, and its result after it', async () => {
  const { story, driver, run } = driven((verb) => {
    if (verb === 'wait') queueMicrotask(() => driver.desire('REMOVE'));
  });
  await run();
  expect(story).toEqual([
    'store ACCEPTED',
    'store PREPARING',
    'call prepare',
    'store READY',
    'store STARTING',
    'call start',
    'store RUNNING',
    'call wait',
    'store COMPLETE',
    'kept',
    'call remove',
    'removed COMPLETE',
  ]);
});

test('whoever takes over in the middle repeats the call that was under way, and no other', async () => {
  const already = new DomainError('ALREADY_STARTED', { executionId: 'exe' });
  const status = { ...EXECUTION.status, state: 'STARTING' as const };
  const { story, driver, run } = driven(
    (verb) => {
      if (verb === 'start') throw already;
      if (verb === 'wait') queueMicrotask(() => driver.desire('REMOVE'));
    },
    { status },
  );
  await run();
  expect(story.filter((one) => one.startsWith('call'))).toEqual(['call start', 'call wait', 'call remove']);
  expect(driver.execution.status.state).toBe('COMPLETE');
});

test('another desired state ends the wait for a workload that runs', async () => {
  let waits = 0;
  const { story, driver, run } = driven(
    (verb) => {
      if (verb !== 'wait') return;
      waits += 1;
      return new Promise((_resolve, reject) => {
        queueMicrotask(() => {
          driver.desire('REMOVE');
          reject(new DOMException('interrupted', 'AbortError'));
        });
      });
    },
    { status: { ...EXECUTION.status, state: 'RUNNING' } },
  );
  await run();
  expect(waits).toBe(1);
  expect(story.slice(-5)).toEqual(['call shutdown', 'store SHUTDOWN', 'kept', 'call remove', 'removed SHUTDOWN']);
});

test('an exit code is kept, and the log before anything is removed', async () => {
  const { driver, run } = driven(
    (verb) => {
      if (verb === 'wait') {
        queueMicrotask(() => driver.desire('REMOVE'));
        throw new ExitError(7);
      }
    },
    { status: { ...EXECUTION.status, state: 'RUNNING' } },
  );
  await run();
  expect(driver.execution).toMatchObject({ exitCode: 7, removed: true, status: { state: 'FAILED' } });
});

test('a machine that gives no answer is asked again, and then given up: it never took the workload', async () => {
  const { story, driver, run } = driven((verb) => {
    if (verb === 'prepare') throw SILENT;
  });
  const running = run();
  await expect.poll(() => driver.execution.status.state, { timeout: 20_000 }).toBe('REJECTED');
  driver.desire('REMOVE');
  await running;
  const tries = story.filter((one) => one.includes('try'));
  expect(tries.length).toBeGreaterThan(1);
  expect(tries[0]).toBe('store PREPARING try 1');
});

test('what cannot be removed from a silent machine is left as an orphan, and said to be one', async () => {
  const { story, run } = driven(
    (verb) => {
      if (verb === 'remove') throw SILENT;
    },
    { desiredState: 'REMOVE', status: { ...EXECUTION.status, state: 'COMPLETE' } },
  );
  await run();
  expect(story.at(-1)).toBe('removed ORPHANED orphaned');
  expect(story.filter((one) => one === 'call remove').length).toBeGreaterThan(1);
});

test('of a machine that is gone nothing has to be removed', async () => {
  const { story, run } = driven(
    undefined,
    { desiredState: 'REMOVE', status: { ...EXECUTION.status, state: 'FAILED' } },
    () => {
      throw GONE;
    },
  );
  await run();
  expect(story).toEqual(['kept', 'removed FAILED']);
});

test('a workload that cannot be run there is rejected, and needs no removal', async () => {
  const { driver, story, run } = driven(undefined, {}, () => {
    throw new DomainError('RUNTIME_UNSUPPORTED', { machine: 'm', workload: 'nginx' });
  });
  const running = run();
  await expect.poll(() => driver.execution.status.state).toBe('REJECTED');
  driver.desire('REMOVE');
  await running;
  expect(story).toEqual(['store REJECTED', 'kept', 'removed REJECTED']);
});
