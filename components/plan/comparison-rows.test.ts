import { expect, test } from 'vitest';
import { comparisonRows } from '@/components/plan/comparison-rows';
import { planBody } from '@/components/plan/testdata/plan-body';
import { comparePlans } from '@/server/domain/approval/compare-plans';
import type { PlanBody } from '@/server/domain/approval/plan';

function differing(before: PlanBody, after: PlanBody) {
  return comparisonRows(before, after, comparePlans(before, after))
    .filter((row) => row.differs)
    .map(({ label, before, after }) => [label, before, after]);
}

const plan = planBody({ old: 3, current: 1 });

test('two equal plans have the same values', () => {
  expect(differing(plan, plan)).toEqual([]);
});

test('a value that differs stands in the words of the forms', () => {
  const policy = { ...plan.policy, bakeMs: 300_000, onDrainTimeout: 'pause' as const };
  const after = { ...plan, config: { ...plan.config, drainTimeoutMs: 90_000 }, policy };
  expect(differing(plan, after)).toEqual([
    ['Drain timeout', '1 min', '1 min 30 s'],
    ['On drain timeout', 'terminate by force', 'pause and ask'],
    ['Canary bakes for', '1 s', '5 min'],
  ]);
});

test('what a plan does to the cluster stands before what it is made with', () => {
  const after = planBody({ old: 2, current: 2 });
  const [first, second] = differing(plan, after);
  expect(first).toEqual(['Replaces', '3 instances', '2 instances']);
  expect(second).toEqual(['Starts', '3 instances', '2 instances']);
});

test('configurations that are replaced are told from the oldest on, however they are stored', () => {
  const after = { ...plan, basis: { ...plan.basis, from: ['b', 'a'], to: 'c' }, versions: { a: 1, b: 2, c: 10 } };
  expect(differing(plan, after)[0]).toEqual(['Configuration', 'v1 → v2', 'v1, v2 → v10']);
});
