import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Executor } from '../domain/execution/executor.ts';
import type { SessionSpec } from '../domain/session/session.ts';
import type { SessionChange, SessionRecord, SessionStore } from '../domain/session/session-store.ts';
import { SessionRunner } from './session-runner.ts';
import { Wakes } from './wakes.ts';

const SPEC: SessionSpec = {
  name: 'unlucky',
  components: [
    {
      name: 'driver',
      kind: 'driver',
      pool: 'drivers',
      image: null,
      command: ['true'],
      env: {},
      ports: [],
      probe: null,
      secrets: [],
      configs: [],
    },
  ],
  scenario: {},
  timeouts: { queueMs: 0, provisionMs: 0, testMs: 0 },
  labels: {},
  priority: 0,
};

test('a failure of ours that does not pass ends the session as what it is, and everything is taken away', async () => {
  let session: SessionRecord = {
    id: 'ses',
    name: SPEC.name,
    spec: SPEC,
    state: 'accepted',
    verdict: null,
    ordered: null,
    keepForMs: 0,
    keepUntil: null,
    createdAt: 0,
    acceptedAt: 0,
    provisionAt: null,
    runningAt: null,
    retries: 0,
    retryAt: null,
    machines: new Map([['driver', { environmentId: 'e', clusterId: 'c', instanceId: 'm' }]]),
    executions: [],
  };
  const changes: SessionChange[] = [];
  const refused = async () => Promise.reject(new Error('not asked in this test'));
  const store: SessionStore = {
    load: async () => session,
    // What fails is what would go on; to end is possible.
    recordChange: async (_fence, change) => {
      if (change.verdict === null && session.verdict === null) throw new Error('the disk is full');
      changes.push(change);
      session = { ...session, state: change.state, verdict: change.verdict ?? session.verdict };
    },
    backOff: async (_fence, retries) => {
      // The wait itself is tested where it is computed.
      session = { ...session, retries, retryAt: null };
    },
    recordStatus: refused,
    recordRemoved: refused,
    recordHealth: refused,
    recordProcess: refused,
    appendLog: refused,
  };
  const executor: Executor = {
    describe: refused,
    configure: refused,
    setNetworkKeys: refused,
    controller: refused,
    observe: refused,
    list: refused,
    logs: () => {
      throw new Error('not asked in this test');
    },
  };
  let now = 0;
  const runner = new SessionRunner({
    store,
    executor,
    redactorOf: async () => (text) => text,
    wakes: new Wakes(),
    newId: () => 'exe',
    // Each look at the clock is a minute later, so that no wait is waited for.
    clock: () => {
      now += 60_000;
      return now;
    },
    random: () => 0,
    log: pino({ level: 'silent' }),
  });
  await runner.execute({ sessionId: 'ses', owner: 'w', token: 1n }, new AbortController().signal);
  expect(changes[0]?.verdict).toMatchObject({
    outcome: 'internal-error',
    sentence: 'The console failed 9 times in a row: the log of the worker says how.',
  });
  expect(changes[0]?.events).toEqual([{ kind: 'internal-error', text: changes[0]?.verdict?.sentence }]);
  expect(changes.map(({ state }) => state)).toEqual(['cleaning', 'ended']);
});
