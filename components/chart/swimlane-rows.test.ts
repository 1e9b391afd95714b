import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lane } from './swimlane-data.ts';
import { groupLanes, layoutRows, rowAt, rowOf, rowsWithin } from './swimlane-rows.ts';

const WHOLE = { from: 0, to: 1_000_000 };

function lane(id: string, wave: number | null, from: number, more: Partial<Lane> = {}): Lane {
  return {
    id,
    label: id,
    note: null,
    wave,
    segments: [{ state: 'started', isOld: false, isUnhealthy: false, from, to: null }],
    marks: [],
    replacedBy: null,
    drainDeadline: null,
    ...more,
  };
}

/** `size` lanes in each wave, each of which turns a hundred seconds after the wave before. */
function fleet(waves: number, size: number): Lane[] {
  return Array.from({ length: waves * size }, (_, index) => {
    const wave = Math.floor(index / size);
    return lane(`i-${index}`, wave, wave * 100_000 + 50_000);
  });
}

const layout = (lanes: readonly Lane[], choices: readonly (readonly [string, boolean])[] = [], shown = WHOLE) =>
  layoutRows(groupLanes(lanes), new Map(choices), shown);
const keys = (rows: ReturnType<typeof layout>) => rows.rows.map(({ key }) => key);

test('lanes stand by wave, then by start; those in no wave come last', () => {
  const lanes = [lane('none', null, 0), lane('b', 2, 20), lane('c', 2, 10), lane('canary', 0, 90), lane('a', 1, 50)];
  expect(groupLanes(lanes).map((group) => [group.key, group.lanes.map(({ id }) => id)])).toEqual([
    ['canary', ['canary']],
    ['wave 1', ['a']],
    ['wave 2', ['c', 'b']],
    ['in no wave', ['none']],
  ]);
});

test('what replaces a lane stands right behind it, in whatever order they come', () => {
  const old = [lane('old-1', 1, 1, { replacedBy: 'new-1' }), lane('old-2', 1, 2, { replacedBy: 'new-2' })];
  const lanes = [lane('new-2', 1, 50), lane('new-1', 1, 60), ...old];
  expect(keys(layout(lanes))).toEqual(['old-1', 'new-1', 'old-2', 'new-2']);
});

test('every lane has exactly one row, even where they replace each other in a circle', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40 })), { maxLength: 40 }),
      (drawn) => {
        const lanes = drawn.map(([wave, by], index) => lane(`i-${index}`, wave, index % 5, { replacedBy: `i-${by}` }));
        expect(keys(layout(lanes)).toSorted()).toEqual(lanes.map(({ id }) => id).toSorted());
      },
    ),
  );
});

describe('grouping', () => {
  test('up to 50 lanes have no heads; a line parts the waves', () => {
    const rows = layout(fleet(5, 10));
    expect(rows.isGrouped).toBe(false);
    expect(rows.rows.filter((row) => row.kind === 'lane' && row.isFirst).map(({ key }) => key)).toEqual([
      'i-10',
      'i-20',
      'i-30',
      'i-40',
    ]);
  });

  test('51 lanes stand under heads that can be closed', () => {
    const rows = layout(fleet(3, 17), [['wave 1', false]]);
    expect(rows.isGrouped).toBe(true);
    expect(rows.byGroup.get('wave 1')?.isOpen).toBe(false);
    expect(rows.rows).toHaveLength(3 + 34);
    expect(rows.counted).toBe(0);
  });

  test('300 lanes are shown, 301 are counts', () => {
    expect(layout(fleet(10, 30)).byLane.size).toBe(300);
    const rows = layout([...fleet(10, 30), lane('one-more', 9, 0)]);
    expect(rows.byLane.size).toBe(0);
    expect(rows.counted).toBe(301);
  });

  test('zooming in returns the lanes of the waves in which something turns meanwhile', () => {
    const rows = layout(fleet(10, 100), [], { from: 210_000, to: 380_000 });
    expect([...rows.byGroup.values()].filter(({ isOpen }) => isOpen).map(({ key }) => key)).toEqual([
      'wave 2',
      'wave 3',
    ]);
    expect(rows.counted).toBe(800);
  });

  test('a wave that a person opened or closed stays so at every zoom', () => {
    expect(layout(fleet(10, 100), [['wave 5', true]]).byLane.size).toBe(100);
    expect(layout(fleet(10, 100), [['wave 2', false]], { from: 210_000, to: 280_000 }).byLane.size).toBe(0);
  });

  test('a strip is as high as there are instances at once, not as there were ever', () => {
    const gone = { state: 'started', isOld: true, isUnhealthy: false, from: 0, to: 50 } as const;
    const [group] = groupLanes([lane('old', 1, 0, { segments: [gone] }), lane('new', 1, 50), lane('early', 1, 40)]);
    expect(group?.mostAtOnce).toBe(2);
  });
});

test('rows lie below each other without gaps, and are found by their height', () => {
  const rows = layout(fleet(10, 100), [['wave 3', true]]);
  let top = 0;
  for (const row of rows.rows) {
    expect(row.top).toBe(top);
    expect(rowAt(rows, top)).toBe(row);
    expect(rowAt(rows, top + row.height - 1)).toBe(row);
    top += row.height;
  }
  expect(rows.height).toBe(top);
  expect(rowAt(rows, -1)).toBeUndefined();
  expect(rowAt(rows, top)).toBeUndefined();
});

test('a lane in a closed wave is found by its wave', () => {
  const rows = layout(fleet(10, 100), [['wave 3', true]]);
  expect(rowOf(rows, 'i-301')).toMatchObject({ kind: 'lane', key: 'i-301' });
  expect(rowOf(rows, 'i-401')).toMatchObject({ kind: 'group', key: 'wave 4' });
  expect(rowOf(rows, 'nobody')).toBeNull();
});

test('only rows of which something is seen are drawn', () => {
  const rows = layout(fleet(3, 100), []);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: rows.height }), fc.integer({ min: 1, max: 900 }), (top, height) => {
      const seen = rows.rows.filter((row) => row.top < top + height && row.top + row.height > top);
      expect(rowsWithin(rows, top, top + height)).toEqual(seen);
    }),
  );
});
