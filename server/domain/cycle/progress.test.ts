import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../cluster/cluster.ts';
import type { CycleInstance, TurnReport } from './cycle-store.ts';
import { trial } from './planner-laws.ts';
import { plannedCounts, turnReport } from './progress.ts';
import { tasks } from './tasks.ts';

const NOW = 1_000_000;

/** Clusters of which all are old, with room to start and spares to drain, and how long things take in them. */
const runs = fc.record({
  count: fc.integer({ min: 1, max: 10 }),
  room: fc.integer({ min: 1, max: 4 }),
  spare: fc.nat(4),
  speeds: fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 12 }),
});

describe('the counts of what a plan replaces', () => {
  test('add up in every turn, and what was begun or replaced never becomes less', () => {
    fc.assert(
      fc.property(runs, ({ count, room, spare, speeds }) => {
        const cluster = clusterOf(count);
        const config = {
          targetSize: count,
          minSize: Math.max(0, count - spare),
          maxSize: count + room,
          drainTimeoutMs: 0,
        };
        const reports: TurnReport[] = [];
        const { outcome } = trial(
          (seen, ...rest) => {
            reports.push(reportOf(cluster, seen));
            return tasks(seen, ...rest);
          },
          { cluster, config, policy: {}, now: NOW, speeds, mishaps: [] },
        );
        expect(outcome).toBe('completes');
        expect(reports[0]).toMatchObject({ planned: count, replaced: 0, leaving: 0 });
        expect(reports.at(-1)).toMatchObject({ planned: count, replaced: count, leaving: 0 });
        expect(reports.filter((report, index) => !goesOn(reports[index - 1], report))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['gone', false, 'replaced'],
    ['gone', true, 'replaced'],
    ['draining', false, 'leaving'],
    ['draining', true, 'skipped'],
    ['drained', true, 'leaving'],
    ['terminating', true, 'leaving'],
    ['started', true, 'skipped'],
  ] as const)('one that is %s, skipped: %s, counts once, as %s', (state, skipped, place) => {
    const none = { planned: 1, replaced: 0, leaving: 0, skipped: 0 };
    expect(plannedCounts([{ state, skipped }])).toEqual({ ...none, [place]: 1 });
  });

  test('one that starts is not counted, nor one that waits', () => {
    const cluster = clusterOf(2);
    const [first] = cluster.instances;
    if (first === undefined) throw new Error('a cluster of two has a first');
    const started = { ...first, id: 'new', state: 'starting' as const, config: 'new' };
    const report = reportOf(cluster, { ...cluster, instances: [...cluster.instances, started] });
    expect(report).toMatchObject({ planned: 2, replaced: 0, leaving: 0, skipped: 0, sentence: '1 starting.' });
  });
});

/** Whether the counts can follow on those of the turn before. */
function goesOn(before: TurnReport | undefined, { planned, replaced, leaving, skipped }: TurnReport): boolean {
  const begun = before === undefined ? 0 : before.replaced + before.leaving;
  return replaced >= (before?.replaced ?? 0) && replaced + leaving >= begun && replaced + leaving + skipped <= planned;
}

function clusterOf(count: number): Cluster {
  return {
    id: 'c',
    name: 'web',
    config: 'new',
    minSize: 0,
    maxSize: 20,
    instances: Array.from({ length: count }, (_, index) => ({
      id: `old-${index}`,
      state: 'started',
      config: 'old',
      createdAt: index,
      updatedAt: null,
    })),
  };
}

/** What the turn reports that sees `now`, of a plan that replaces all of `before`. */
function reportOf(before: Cluster, now: Cluster): TurnReport {
  const listed = new Set(now.instances.map(({ id }) => id));
  const members = before.instances.map(
    ({ id }): CycleInstance => ({
      instanceId: id,
      role: 'planned',
      decision: 'replace',
      skipped: false,
      forcedAt: null,
      drainExtensionMs: 0,
      goneAt: listed.has(id) ? null : NOW,
      terminationOrdered: false,
    }),
  );
  return turnReport({ cycleId: 'cyc', cluster: now, ours: now, members, failures: [], policy: {}, now: NOW }, []);
}
