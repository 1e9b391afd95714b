import { expect, test } from 'vitest';
import { fleetTotals, marginWords, parted, warningKinds } from '@/components/plan/fleet-summary';
import type { FleetPreviewRow } from '@/server/contract/fleet-plan';

function row(clusterId: string, facts: Partial<FleetPreviewRow> = {}): FleetPreviewRow {
  return {
    clusterId,
    clusterName: clusterId,
    environmentId: 'e',
    environmentName: 'demo',
    fingerprint: 'f',
    sentence: '',
    decisions: { replace: 2 },
    instances: 4,
    terminations: 2,
    waves: 1,
    durationMs: { p50: 60_000, p90: 90_000 },
    lowest: 4,
    floor: 3,
    checks: [],
    observedAt: 1,
    ...facts,
  };
}

const check = (id: string, level: 'blocker' | 'warning') => ({ id, level, sentence: id, source: 'test' });

test('what is blocked is left out, a warning alone leaves nothing out', () => {
  const blocked = row('a', { checks: [check('nothing-to-do', 'blocker'), check('held', 'warning')] });
  const warned = row('b', { checks: [check('held', 'warning')] });
  expect(parted([blocked, warned])).toEqual({ ready: [warned], leftOut: [blocked] });
});

test('each kind of warning stands once, with all its clusters, the most frequent first', () => {
  const rows = [
    row('a', { checks: [check('unhealthy', 'warning')] }),
    row('b', { checks: [check('held', 'warning'), check('unhealthy', 'warning')] }),
    row('c'),
  ];
  expect(warningKinds(rows).map(({ id, clusters }) => [id, clusters.map((one) => one.row.clusterId)])).toEqual([
    ['unhealthy', ['a', 'b']],
    ['held', ['b']],
  ]);
});

test('the whole is the sum of its plans, as long as its slowest environment, as near to a floor as the nearest', () => {
  const rows = [row('a'), row('b', { terminations: 5, waves: 3, lowest: 3 })];
  const environment = {
    id: 'e',
    name: 'demo',
    places: 1,
    taken: 0,
    approvalsNeeded: 1,
    selfApproval: false,
    clusters: 2,
  };
  const totals = fleetTotals(rows, [
    { ...environment, durationMs: { p50: 120_000, p90: 150_000 } },
    { ...environment, id: 'other', durationMs: { p50: 100_000, p90: 200_000 } },
  ]);
  expect(totals).toMatchObject({
    clusters: 2,
    terminations: 7,
    waves: 4,
    durationMs: { p50: 120_000, p90: 200_000 },
    nearest: { clusterId: 'b' },
  });
});

test('where nothing can be planned nothing is nearest to its floor', () => {
  expect(fleetTotals([], [])).toMatchObject({ clusters: 0, durationMs: { p50: 0, p90: 0 }, nearest: null });
});

test.each([
  [5, '2 above it'],
  [3, 'at it'],
  [2, '1 below it'],
])('with %i in service at least and a floor of 3 it is %s', (lowest, words) => {
  expect(marginWords(row('a', { lowest }))).toBe(words);
});
