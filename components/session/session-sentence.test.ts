import { expect, test } from 'vitest';
import type { SessionRow } from '../../server/contract/session.ts';
import { countSessions, wantsInWords, workingTime } from './session-sentence.ts';

function row(more: Partial<SessionRow>): SessionRow {
  return {
    id: 'ses_1',
    name: 'load',
    state: 'running',
    outcome: null,
    verdict: null,
    ownerName: 'Ada',
    labels: {},
    wants: [],
    stripe: [],
    createdAt: 0,
    acceptedAt: null,
    runningAt: null,
    decidedAt: null,
    endedAt: null,
    position: null,
    ...more,
  };
}

test('those that wait and those that are kept do not count as running', () => {
  const active = [
    row({}),
    row({ state: 'provisioning' }),
    row({ state: 'queued', createdAt: 50 }),
    row({ state: 'queued', createdAt: 20 }),
    row({ state: 'keeping', outcome: 'failed' }),
  ];
  expect(countSessions(active, [])).toMatchObject({ running: 2, waiting: 2, waitingSince: 20, kept: 1 });
});

test('errors of all kinds count as failures, a person who cancels does not', () => {
  const outcomes = ['succeeded', 'failed', 'error', 'internal-error', 'cancelled', 'finished'] as const;
  const last = outcomes.map((outcome) => row({ state: 'ended', outcome }));
  expect(countSessions([], last)).toMatchObject({ failed: 3, ended: 6, waitingSince: null });
});

test('what is wanted is told by pool', () => {
  expect(
    wantsInWords([
      { pool: 'workers', count: 2 },
      { pool: 'drivers', count: 1 },
    ]),
  ).toBe('2 of workers, 1 of drivers');
});

test('a session took the time from its machines to its outcome, not until they were given back', () => {
  expect(workingTime({ acceptedAt: 1_000, decidedAt: 27_000, endedAt: 28_500 })).toEqual({ from: 1_000, to: 27_000 });
  expect(workingTime({ acceptedAt: 1_000, decidedAt: null, endedAt: null })).toEqual({ from: 1_000, to: null });
  expect(workingTime({ acceptedAt: null, decidedAt: 27_000, endedAt: 28_500 })).toBeNull();
});
