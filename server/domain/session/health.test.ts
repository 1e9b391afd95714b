import { expect, test } from 'vitest';
import type { WorkloadObservation } from '../execution/controller.ts';
import { diagnose, healthOf, IMAGE_GRACE_MS } from './health.ts';
import type { ComponentHealth } from './session.ts';
import { type DiagnoseCase, diagnoses } from './testdata/vectors.ts';

const HEALTHS = {
  Unknown: 'unknown',
  Ready: 'ready',
  NotReady: 'not-ready',
  Succeeded: 'succeeded',
  Failed: 'failed',
} satisfies Record<DiagnoseCase['health'], ComponentHealth>;

test('all 200 recorded cases are diagnosed as in the reference, with its texts', () => {
  const cases = diagnoses();
  expect(cases).toHaveLength(200);
  for (const { statuses, health, error } of cases)
    expect(diagnose(statuses)).toEqual({ health: HEALTHS[health], reason: error });
});

test('a component without a container is not ready', () => {
  expect(diagnose([])).toEqual({ health: 'not-ready', reason: 'pod has 0 container statuses, expected 1' });
});

const noImage = { state: { waiting: { reason: 'ImagePullBackOff', message: 'back-off pulling image "x"' } }, last: {} };

test('an image that cannot be pulled fails its component after the grace time, with the reason', () => {
  expect(diagnose([noImage], { since: 0, now: IMAGE_GRACE_MS - 1 }).health).toBe('unknown');
  expect(diagnose([noImage], { since: 0, now: IMAGE_GRACE_MS })).toEqual({
    health: 'failed',
    reason: 'image cannot be pulled: [ImagePullBackOff] back-off pulling image "x"',
  });
});

test('what waits for something else, or runs meanwhile, does not fail for waiting long', () => {
  const creating = { state: { waiting: { reason: 'ContainerCreating', message: '' } }, last: {} };
  const running = { state: { ...noImage.state, running: {} }, last: {} };
  expect(diagnose([creating], { since: 0, now: 10 * IMAGE_GRACE_MS }).health).toBe('unknown');
  expect(diagnose([running], { since: 0, now: 10 * IMAGE_GRACE_MS }).health).toBe('ready');
});

const seen = (facts: Partial<WorkloadObservation>): WorkloadObservation => ({
  startedAt: 1,
  exitedAt: null,
  exitCode: null,
  signal: null,
  ready: null,
  reason: '',
  ports: [],
  changes: [],
  results: null,
  ...facts,
});

test.each<[string, WorkloadObservation | null, ComponentHealth, string]>([
  ['unknown to its machine', null, 'unknown', ''],
  ['not started', seen({ startedAt: null }), 'unknown', ''],
  ['started, and not yet probed', seen({}), 'unknown', ''],
  ['ready', seen({ ready: true }), 'ready', ''],
  ['not ready', seen({ ready: false, reason: 'HTTP 503 on /health' }), 'not-ready', 'HTTP 503 on /health'],
  ['ended well', seen({ exitedAt: 2, exitCode: 0, ready: false }), 'succeeded', ''],
  ['ended badly', seen({ exitedAt: 2, exitCode: 3 }), 'failed', 'exit code 3'],
  ['killed', seen({ exitedAt: 2, signal: 'SIGKILL' }), 'failed', 'killed by SIGKILL'],
  ['killed, with a code', seen({ exitedAt: 2, exitCode: 137, signal: 'SIGKILL' }), 'failed', 'killed by SIGKILL'],
  ['killed, with the code 0', seen({ exitedAt: 2, exitCode: 0, signal: 'SIGTERM' }), 'failed', 'killed by SIGTERM'],
  ['ended unseen', seen({ exitedAt: 2 }), 'failed', 'ended, and nobody saw how'],
  [
    'ended unseen, with a reason',
    seen({ exitedAt: 2, reason: 'the machine restarted' }),
    'failed',
    'the machine restarted',
  ],
])('a component that is %s', (_what, observation, health, reason) => {
  expect(healthOf(observation)).toEqual({ health, reason });
});
