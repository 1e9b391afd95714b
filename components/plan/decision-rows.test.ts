import { expect, test } from 'vitest';
import { decisionCounts, decisionRows, decisionsCsv, decisionsJson } from '@/components/plan/decision-rows';
import { planBody } from '@/components/plan/testdata/plan-body';
import { namedWaves } from '@/components/plan/waves';
import { forecast } from '@/server/domain/cycle/forecast';

const body = planBody({ old: 3, current: 1 });
const rows = decisionRows(body, namedWaves(body));

test('every instance has exactly one row', () => {
  expect(rows.map(({ id }) => id).sort()).toEqual(body.cluster.instances.map(({ id }) => id).sort());
});

test('rows stand in the order in which they go', () => {
  expect(rows.map(({ id, wave }) => `${id} ${wave}`)).toEqual(['i-0 wave 1', 'i-1 wave 2', 'i-2 wave 3', 'i-3 null']);
});

test('decisions that concern nobody are not counted', () => {
  expect(decisionCounts(rows)).toEqual([
    { kind: 'replace', count: 3 },
    { kind: 'keep', count: 1 },
  ]);
});

test('a field that a spreadsheet would run, or that holds a comma, is made harmless', () => {
  const [first] = rows;
  expect(first).toBeDefined();
  if (first === undefined) return;
  const csv = decisionsCsv([{ ...first, id: '=cmd()', reason: 'outdated, "old"' }]);
  expect(csv).toBe(
    'instance,state,version,outdated,decision,wave,reason\n\'=cmd(),started,v1,true,replace,wave 1,"outdated, ""old"""\n',
  );
});

test('JSON holds the same rows', () => {
  expect(JSON.parse(decisionsJson(rows))).toHaveLength(4);
});

test('where an old one goes before a new one comes, the first wave is the canary', () => {
  const policy = { surge: 0, maxUnavailable: 1, canary: 1, bakeMs: 1_000 };
  const config = { targetSize: 3, minSize: 2, maxSize: 3, drainTimeoutMs: 0 };
  const fresh = planBody({ old: 3, current: 0 });
  const drainFirst = {
    ...fresh,
    policy,
    config,
    forecast: forecast(
      fresh.cluster,
      config,
      policy,
      { startMs: [], drainMs: [], terminateMs: [], seed: 1 },
      fresh.computedAt,
    ),
  };
  expect(namedWaves(drainFirst).marks.map(({ label }) => label)).toEqual(['canary', 'wave 2', 'wave 3']);
});

test('where a new one comes first, it is the canary and the waves follow', () => {
  const fresh = planBody({ old: 3, current: 0 });
  expect(namedWaves(fresh).marks.map(({ label }) => label)).toEqual(['canary', 'wave 1', 'wave 2', 'wave 3']);
});
