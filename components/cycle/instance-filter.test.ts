import { expect, test } from 'vitest';
import type { CycleInstanceView } from '../../server/contract/cycle.ts';
import { filterCounts, needsAttention, placeOf } from './instance-filter.ts';

function instance(facts: Partial<CycleInstanceView>): CycleInstanceView {
  return {
    instanceId: 'a',
    role: 'planned',
    decision: 'replace',
    state: 'started',
    stateSince: 1,
    health: null,
    version: 1,
    skipped: null,
    forced: null,
    drainDeadline: null,
    blockers: [],
    failures: [],
    ...facts,
  };
}

test.each([
  [{}, 'waiting'],
  [{ state: 'draining' }, 'in-work'],
  [{ state: 'gone' }, 'done'],
  [{ state: 'draining', skipped: { byName: 'Ada', at: 1 } }, 'done'],
  [{ role: 'started', decision: null }, 'done'],
  [{ role: 'started', decision: null, state: 'starting' }, 'in-work'],
] as const)('%j is %s', (facts, place) => {
  expect(placeOf(instance(facts))).toBe(place);
});

test('what failed or made the cycle pause needs attention, whatever its place', () => {
  const reason = { kind: 'drain-timeout', sentence: '', next: '', instanceIds: ['a'] } as const;
  const failed = instance({ instanceId: 'b', failures: [{ kind: 'died', evidence: '', at: 1 }] });
  expect(needsAttention(instance({}), null)).toBe(false);
  expect(filterCounts([instance({}), failed], reason)).toEqual({
    all: 2,
    'in-work': 0,
    waiting: 2,
    done: 0,
    attention: 2,
  });
});
