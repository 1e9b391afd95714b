import { expect, test } from 'vitest';
import type { CycleInstanceView } from '../../server/contract/cycle.ts';
import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';
import { abortOutcome, inWorkCount, inWorkSentence } from './abort-outcome.ts';

function instance(instanceId: string, state: string, skipped = false): CycleInstanceView {
  return {
    instanceId,
    role: 'planned',
    decision: 'replace',
    state,
    stateSince: 1,
    health: null,
    version: 1,
    skipped: skipped ? { byName: 'Ada', at: 1 } : null,
    forced: null,
    drainDeadline: null,
    blockers: [],
    failures: [],
  };
}

const sample: CapacityPoint = {
  at: 1,
  startedNew: 3,
  startedOld: 5,
  unhealthy: 0,
  starting: 1,
  draining: 2,
  drained: 0,
  terminating: 0,
  inService: 8,
};
const busy = {
  instances: [
    instance('a', 'draining'),
    instance('b', 'drained'),
    instance('c', 'starting'),
    instance('d', 'gone'),
    instance('e', 'draining', true),
  ],
  samples: [sample],
};

test('finishing in-flight work says what ends and what remains', () => {
  expect(abortOutcome('finish-in-flight', busy)).toEqual([
    'Nothing new begins.',
    '2 that are draining or drained will be terminated as planned.',
    '1 that is starting will be waited for and kept.',
    'Then 4 new and 5 old remain, 9 in service.',
  ]);
});

test('stopping now says what is left half done', () => {
  expect(abortOutcome('stop-now', busy)).toEqual([
    'No further call is sent.',
    '2 stay draining or drained, out of service, until somebody sees to them.',
    '1 that is starting will start and stay.',
    'Then 4 new and 5 old remain, 9 in service.',
  ]);
});

test('where nothing is on its way there is nothing more to say', () => {
  expect(abortOutcome('stop-now', { instances: [], samples: [] })).toEqual(['No further call is sent.']);
});

test('what is skipped or gone is not in work', () => {
  expect(inWorkCount(busy)).toBe(3);
  expect(inWorkSentence(busy)).toBe('1 starting, 1 draining and 1 drained.');
  expect(inWorkSentence({ instances: [] })).toBe('No instance is on its way.');
});
