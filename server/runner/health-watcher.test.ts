import { expect, test } from 'vitest';
import { DomainError } from '../domain/errors.ts';
import type { WorkloadObservation } from '../domain/execution/controller.ts';
import type { ExecutionRecord, HealthChange } from '../domain/session/session-store.ts';
import { HealthWatcher } from './health-watcher.ts';
import { EXECUTION as NEW_EXECUTION } from './test-execution.ts';

const EXECUTION: ExecutionRecord = { ...NEW_EXECUTION, status: { ...NEW_EXECUTION.status, state: 'RUNNING' } };
const RUNNING: WorkloadObservation = {
  startedAt: 1,
  exitedAt: null,
  exitCode: null,
  signal: null,
  ready: true,
  reason: '',
  changes: [],
  ports: [],
  results: null,
};
const change = (at: number, ready: boolean, reason = '') => ({ at, ready, reason });

/** Looks at these one after the other, until the component has ended; answers what was stored. */
async function watched(
  looks: readonly (WorkloadObservation | Error)[],
  execution: Partial<ExecutionRecord> = {},
  clock: () => number = () => 1_000,
): Promise<readonly (readonly [string, string, number])[]> {
  const stored: HealthChange[] = [];
  let look = 0;
  const record = { ...EXECUTION, ...execution };
  const watcher = new HealthWatcher(() => record, {
    executor: {
      observe: async () => {
        const found = looks[Math.min(look++, looks.length - 1)];
        if (found instanceof Error) throw found;
        return found ?? null;
      },
    },
    store: {
      recordHealth: async (_id, changes) => void stored.push(...changes),
      recordProcess: async () => undefined,
    },
    changed: () => undefined,
    clock,
  });
  await watcher.run(new AbortController().signal);
  return stored.map(({ health, reason, at }) => [health, reason, at]);
}

const ENDED: WorkloadObservation = { ...RUNNING, exitedAt: 900, exitCode: 0, ready: false };

test('what happened between two looks is stored as well, in order and at its own time', async () => {
  const flapped = [change(10, true), change(20, false, 'HTTP 503'), change(30, true)];
  expect(
    await watched([
      { ...RUNNING, changes: flapped },
      { ...ENDED, changes: flapped },
    ]),
  ).toEqual([
    ['ready', '', 10],
    ['not-ready', 'HTTP 503', 20],
    ['ready', '', 30],
    ['succeeded', '', 900],
  ]);
});

test('another watcher goes on after what is stored, and stores nothing twice', async () => {
  const changes = [change(10, true), change(20, false, 'HTTP 503'), change(30, true)];
  const known = { health: 'not-ready', healthReason: 'HTTP 503', healthSince: 20 } as const;
  expect(await watched([{ ...ENDED, changes }], known)).toEqual([
    ['ready', '', 30],
    ['succeeded', '', 900],
  ]);
});

test('what we end ourselves is not ill', async () => {
  const killed = { ...RUNNING, exitedAt: 900, signal: 'SIGTERM', ready: false };
  expect(await watched([killed], { desiredState: 'SHUTDOWN', health: 'ready' })).toEqual([]);
});

test('a machine that gives no answer for 5 s leaves its health unknown, until it answers again', async () => {
  const silent = new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: 'e', operation: 'observe' });
  let now = 0;
  const clock = () => {
    now += 2_000;
    return now;
  };
  const stored = await watched([RUNNING, silent, silent, silent, RUNNING, ENDED], {}, clock);
  expect(stored.map(([health, reason]) => [health, reason])).toEqual([
    ['ready', ''],
    ['unknown', 'its machine gives no answer'],
    ['ready', ''],
    ['succeeded', ''],
  ]);
});
