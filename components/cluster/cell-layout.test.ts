import { expect, test } from 'vitest';
import type { InstanceCell } from '@/server/contract/instance.ts';
import {
  type CellGroup,
  cellAt,
  cellBeside,
  cellGroups,
  cellsWithin,
  cornerOf,
  layOut,
  TITLE_HEIGHT,
} from './cell-layout.ts';

const cell = (id: string, change: Partial<InstanceCell> = {}): InstanceCell => ({
  id,
  state: 'started',
  health: null,
  protection: null,
  closed: false,
  outdated: false,
  zone: null,
  version: 1,
  ...change,
});
const cells = (count: number, prefix = 'm') => Array.from({ length: count }, (_, index) => cell(`${prefix}${index}`));
const SIZE = { width: 10, height: 8, gap: 2 };

/** Three columns: five cells, and below a title four more. */
const groups: readonly CellGroup[] = [
  { title: null, cells: cells(5, 'a') },
  { title: 'b', cells: cells(4, 'b') },
];
const layout = layOut(groups, 34, SIZE);

test('groups are in the order of their names and numbers, states in the order in which they follow each other', () => {
  const some = [
    cell('1', { zone: 'b', version: 10, state: 'draining' }),
    cell('2', { zone: 'a', version: 9 }),
    cell('3', { version: null, state: 'starting' }),
  ];
  const titles = (by: 'zone' | 'state' | 'version') => cellGroups(some, by).map(({ title }) => title);
  expect(titles('zone')).toEqual(['a', 'b', 'no zone']);
  expect(titles('state')).toEqual(['starting', 'started', 'draining']);
  expect(titles('version')).toEqual(['not declared here', 'v9', 'v10']);
  expect(cellGroups(some, 'none')).toEqual([{ title: null, cells: some }]);
});

test('each cell is found at its corner, and nothing between the cells', () => {
  expect(layout.columns).toBe(3);
  expect(layout.height).toBe(20 + TITLE_HEIGHT + 20 - 2);
  for (const index of layout.cells.keys()) {
    const { x, y } = cornerOf(layout, index);
    expect(cellAt(layout, x, y)).toBe(index);
    expect(cellAt(layout, x + SIZE.width - 1, y + SIZE.height - 1)).toBe(index);
    expect(cellAt(layout, x + SIZE.width + 1, y)).toBeNull();
  }
  expect(cellAt(layout, 25, 12)).toBeNull();
  expect(cellAt(layout, 0, 30)).toBeNull();
});

test('a band has every cell that reaches into it', () => {
  for (let top = 0; top < layout.height; top += 1) {
    const within = cellsWithin(layout, top, top + 5).flatMap(({ from, to }) =>
      Array.from({ length: to - from }, (_, index) => from + index),
    );
    const expected = [...layout.cells.keys()].filter((index) => {
      const { y } = cornerOf(layout, index);
      return y <= top + 5 && y + SIZE.height > top;
    });
    expect(within).toEqual(expect.arrayContaining(expected));
    expect(within.length).toBeLessThanOrEqual(expected.length + 2 * layout.columns);
  }
});

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowRight', 4, 5],
  ['ArrowRight', 8, 8],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 0, 3],
  // The last row of the first group is shorter.
  ['ArrowDown', 2, 4],
  ['ArrowDown', 4, 6],
  ['ArrowDown', 8, 8],
  ['ArrowUp', 5, 3],
  ['ArrowUp', 7, 4],
  ['ArrowUp', 1, 1],
  ['Home', 7, 0],
  ['End', 0, 8],
])('%s leads from %d to %d', (key, from, to) => {
  expect(cellBeside(layout, from, key)).toBe(to);
});

test('any other key leads nowhere', () => {
  expect(cellBeside(layout, 0, 'a')).toBeNull();
});
