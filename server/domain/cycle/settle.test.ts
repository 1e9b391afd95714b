import { expect, test } from 'vitest';
import type { Cluster, InstanceState } from '../cluster/cluster.ts';
import type { Intent } from './cycle-store.ts';
import { settleByReading } from './settle.ts';

const intent = (kind: Intent['kind'], rest: Partial<Intent> = {}): Intent => ({
  id: 'i',
  kind,
  instanceId: kind === 'start' ? null : 'm-1',
  count: kind === 'start' ? 2 : 0,
  token: 'cyc/1/0',
  deadline: 0,
  outcome: 'pending',
  createdAt: 0,
  settledAt: null,
  ...rest,
});

const cluster = (...instances: readonly { id: string; state: InstanceState; token?: string }[]): Cluster => ({
  id: 'c',
  name: 'c',
  config: 'new',
  minSize: 0,
  maxSize: 9,
  instances: instances.map((one) => ({ config: 'new', createdAt: 1, updatedAt: null, ...one })),
});

const started = (id: string) => ({ id, state: 'starting' as const, token: 'cyc/1/0' });

test.each([
  ['no machine carries the token', cluster({ id: 'm-9', state: 'starting', token: 'cyc/1/1' }), 'not-done'],
  ['one of two does', cluster(started('m-1')), 'partly-done'],
  ['both do', cluster(started('m-1'), started('m-2')), 'done'],
] as const)('a start whose answer was lost, when %s, is %s', (_, seen, outcome) => {
  expect(settleByReading(intent('start'), seen)).toEqual({ outcome, settledBy: 'reading', error: null });
});

const states: readonly (InstanceState | 'gone')[] = [
  'starting',
  'started',
  'draining',
  'drained',
  'terminating',
  'gone',
];
const outcomes: Record<'drain' | 'undrain' | 'terminate', readonly string[]> = {
  drain: ['done', 'not-done', 'done', 'done', 'done', 'done'],
  undrain: ['not-done', 'done', 'not-done', 'not-done', 'not-done', 'not-done'],
  terminate: ['not-done', 'not-done', 'not-done', 'not-done', 'done', 'done'],
};

test.each(Object.entries(outcomes))('a lost %s is told from the state', (kind, expected) => {
  const told = states.map((state) => {
    const seen = state === 'gone' ? cluster() : cluster({ id: 'm-1', state });
    return settleByReading(intent(kind as 'drain' | 'undrain' | 'terminate'), seen).outcome;
  });
  expect(told).toEqual(expected);
});
