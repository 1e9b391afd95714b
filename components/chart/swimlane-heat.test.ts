import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instanceKinds } from '../cluster/instance-look.ts';
import type { Lane } from './swimlane-data.ts';
import { countsAt, type Heat, heatOf } from './swimlane-heat.ts';

const lanes = fc.array(
  fc
    .record({
      times: fc.uniqueArray(fc.integer({ min: -50, max: 250 }), { minLength: 2, maxLength: 8 }),
      states: fc.infiniteStream(
        fc.constantFrom('starting' as const, 'started' as const, 'draining' as const, 'drained' as const),
      ),
      flags: fc.infiniteStream(fc.boolean()),
      isOpen: fc.boolean(),
    })
    .map(({ times, states, flags, isOpen }): Lane => {
      const sorted = times.toSorted((a, b) => a - b);
      const flag = () => flags.next().value ?? false;
      const segments = sorted.slice(0, -1).map((from, place) => ({
        state: states.next().value ?? ('started' as const),
        isOld: flag(),
        isUnhealthy: flag(),
        from,
        to: isOpen && place === sorted.length - 2 ? null : (sorted[place + 1] ?? null),
      }));
      return { id: 'i', label: 'i', note: null, wave: 1, segments, marks: [], replacedBy: null, drainDeadline: null };
    }),
  { maxLength: 12 },
);

/** The counts of a column, in the order of the kinds. */
function countsIn({ starts, counts }: Heat, column: number): number[] {
  const run = starts.findLastIndex((start) => start <= column);
  return instanceKinds.map((kind) => counts[kind][run] ?? Number.NaN);
}

test('in each column no lane is counted twice', () => {
  fc.assert(
    fc.property(lanes, fc.integer({ min: 1, max: 90 }), (drawn, columns) => {
      const heat = heatOf(drawn, { from: 0, to: 200 }, columns, 150);
      for (let column = 0; column < columns; column++) {
        const counts = countsIn(heat, column);
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(drawn.length);
      }
    }),
    { numRuns: 50 },
  );
});

test('a column has the counts of its middle', () => {
  fc.assert(
    fc.property(lanes, (drawn) => {
      const heat = heatOf(drawn, { from: 0, to: 200 }, 100, 150);
      for (const column of [0, 17, 49, 74, 75, 99]) {
        const counts = countsAt(drawn, 2 * column + 1, 150.5);
        expect(countsIn(heat, column)).toEqual(instanceKinds.map((kind) => counts[kind]));
      }
    }),
  );
});

test('what is started is told apart by age and health, what goes on does so until now', () => {
  const lane = (isOld: boolean, isUnhealthy: boolean): Lane => ({
    id: 'i',
    label: 'i',
    note: null,
    wave: null,
    segments: [{ state: 'started', isOld, isUnhealthy, from: 10, to: null }],
    marks: [],
    replacedBy: null,
    drainDeadline: null,
  });
  const all = [lane(false, false), lane(true, false), lane(true, true)];
  expect(countsAt(all, 50, 50)).toMatchObject({ startedNew: 1, startedOld: 1, unhealthy: 1 });
  expect(countsAt(all, 51, 50)).toMatchObject({ startedNew: 0, startedOld: 0, unhealthy: 0 });
  expect(countsAt(all, 9, 50)).toMatchObject({ startedNew: 0, startedOld: 0, unhealthy: 0 });
});
