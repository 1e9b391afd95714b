import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  ACTIVE_STATES,
  CYCLE_ACTIONS,
  type CycleAction,
  type CycleState,
  isActive,
  stateAfter,
} from './cycle-state.ts';

/** What each action makes of each state; `no` where it is refused. Complete, by its type. */
const TABLE: Record<CycleState, Record<CycleAction, CycleState | 'no'>> = {
  approved: {
    pause: 'pausing',
    resume: 'no',
    abort: 'aborting',
    'stop-now': 'aborting',
    'end-as-failed': 'no',
    'retry-instance': 'no',
    'skip-instance': 'approved',
    'extend-drain': 'no',
    'force-drain': 'no',
  },
  running: {
    pause: 'pausing',
    resume: 'no',
    abort: 'aborting',
    'stop-now': 'aborting',
    'end-as-failed': 'no',
    'retry-instance': 'running',
    'skip-instance': 'running',
    'extend-drain': 'running',
    'force-drain': 'running',
  },
  pausing: {
    pause: 'no',
    resume: 'running',
    abort: 'aborting',
    'stop-now': 'aborting',
    'end-as-failed': 'no',
    'retry-instance': 'pausing',
    'skip-instance': 'pausing',
    'extend-drain': 'pausing',
    'force-drain': 'pausing',
  },
  paused: {
    pause: 'no',
    resume: 'running',
    abort: 'aborting',
    'stop-now': 'aborting',
    'end-as-failed': 'aborting',
    'retry-instance': 'paused',
    'skip-instance': 'paused',
    'extend-drain': 'paused',
    'force-drain': 'paused',
  },
  aborting: {
    pause: 'no',
    resume: 'no',
    abort: 'no',
    'stop-now': 'aborting',
    'end-as-failed': 'no',
    'retry-instance': 'no',
    'skip-instance': 'no',
    'extend-drain': 'no',
    'force-drain': 'no',
  },
  aborted: nothing(),
  completed: nothing(),
  failed: nothing(),
};

function nothing(): Record<CycleAction, 'no'> {
  return {
    pause: 'no',
    resume: 'no',
    abort: 'no',
    'stop-now': 'no',
    'end-as-failed': 'no',
    'retry-instance': 'no',
    'skip-instance': 'no',
    'extend-drain': 'no',
    'force-drain': 'no',
  };
}

const STATES = Object.keys(TABLE) as CycleState[];
const ACTIONS = Object.keys(TABLE.approved) as CycleAction[];

test.each(STATES)('in the state %s each action is allowed or refused, and leads where it should', (state) => {
  const found = Object.fromEntries(
    ACTIONS.map((action) => [action, CYCLE_ACTIONS[state][action] === true ? stateAfter(state, action, true) : 'no']),
  );
  expect(found).toEqual(TABLE[state]);
});

/** What differs while no call was sent yet. */
const NOT_BEGUN = [
  ['approved', 'pause', 'paused'],
  ['pausing', 'resume', 'approved'],
  ['paused', 'resume', 'approved'],
] as const;

test('one that has not begun is paused at once, and resumed to wait for its turn', () => {
  const differing = STATES.flatMap((state) =>
    ACTIONS.flatMap((action) => {
      const to = stateAfter(state, action, false);
      return CYCLE_ACTIONS[state][action] !== true || to === TABLE[state][action] ? [] : [[state, action, to]];
    }),
  );
  expect(differing).toEqual(NOT_BEGUN);
});

test('every refusal says why', () => {
  for (const state of STATES) {
    for (const action of ACTIONS) expect(CYCLE_ACTIONS[state][action]).not.toBe('');
  }
});

describe('a state that is not active', () => {
  const ended = STATES.filter((state) => !isActive(state));

  test('is one of three', () => {
    expect(ended).toEqual(['aborted', 'completed', 'failed']);
  });

  test('allows nothing', () => {
    for (const state of ended) expect(Object.values(CYCLE_ACTIONS[state]).includes(true)).toBe(false);
  });
});

const SQL = readMigrations();

test('what is active here is active for the index of the database that allows one such cycle for a cluster', () => {
  const index = /CREATE UNIQUE INDEX "cycle_one_active_per_cluster"[^;]*WHERE "state" IN \(([^)]*)\)/.exec(SQL);
  expect(quoted(index)).toEqual([...ACTIVE_STATES]);
});

test('the states here are those that the database takes', () => {
  const check = /"cycle_state_check"\s+CHECK \("state" IN \(([^)]*)\)\)/.exec(SQL);
  expect(quoted(check).sort()).toEqual([...STATES].sort());
});

function readMigrations(): string {
  const directory = new URL('../../../prisma/migrations/', import.meta.url);
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readFileSync(new URL(`${entry.name}/migration.sql`, directory), 'utf8'))
    .join('\n');
}

function quoted(match: RegExpExecArray | null): string[] {
  return [...(match?.[1] ?? '').matchAll(/'([^']*)'/g)].map(([, state]) => state ?? '');
}
