import { expect, test } from 'vitest';
import { steadied, steadyOf } from './steady-rows.ts';

const look = (lastSeen: number, now = 0) => ({ idOf: (row: string) => row.charAt(0), lastSeen, now });
const before = steadyOf(['a', 'b', 'c']).rows;
const shown = (rows: readonly { row: string; goneAt: number | null }[]) =>
  rows.map(({ row, goneAt }) => (goneAt === null ? row : `(${row})`)).join(' ');

test('rows change in place', () => {
  const { rows, waiting } = steadied(before, ['a', 'b2', 'c'], look(2));
  expect(shown(rows)).toBe('a b2 c');
  expect(waiting).toBe(0);
});

test('a new row above the end of what is seen waits, and one below comes', () => {
  const { rows, waiting } = steadied(before, ['a', 'x', 'b', 'c', 'y'], look(2));
  expect(shown(rows)).toBe('a b c y');
  expect(waiting).toBe(1);
});

test('a row that waits still waits at the next change', () => {
  const first = steadied(before, ['x', 'a', 'b', 'c'], look(2));
  const second = steadied(first.rows, ['x', 'a', 'b', 'c2'], look(2));
  expect(shown(second.rows)).toBe('a b c2');
  expect(second.waiting).toBe(1);
});

test('a row that has gone keeps its place for five seconds', () => {
  const gone = steadied(before, ['a', 'c'], look(2, 1_000));
  expect(shown(gone.rows)).toBe('a (b) c');
  expect(shown(steadied(gone.rows, ['a', 'c'], look(2, 5_999)).rows)).toBe('a (b) c');
  expect(shown(steadied(gone.rows, ['a', 'c'], look(2, 6_000)).rows)).toBe('a c');
});

test('a row that comes back is there again', () => {
  const gone = steadied(before, ['b', 'c'], look(2, 0));
  expect(shown(gone.rows)).toBe('(a) b c');
  expect(shown(steadied(gone.rows, ['a', 'b', 'c'], look(2, 1)).rows)).toBe('a b c');
});
