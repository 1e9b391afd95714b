import type { InstanceCell } from '@/server/contract/instance.ts';

export type CellGrouping = 'none' | 'zone' | 'state' | 'version';

/** The cells of one group, in the order in which they are drawn. */
export interface CellGroup {
  /** Null where all are one group. */
  readonly title: string | null;
  readonly cells: readonly InstanceCell[];
}

const STATES: readonly string[] = ['starting', 'started', 'draining', 'drained', 'terminating'];

export function cellGroups(cells: readonly InstanceCell[], by: CellGrouping): readonly CellGroup[] {
  if (by === 'none') return cells.length === 0 ? [] : [{ title: null, cells }];
  const groups = new Map<string, InstanceCell[]>();
  for (const cell of cells) {
    const title = titleOf(cell, by);
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [cell]);
    else group.push(cell);
  }
  const order = (title: string) => (by === 'state' ? STATES.indexOf(title) : 0);
  return [...groups]
    .map(([title, members]) => ({ title, cells: members }))
    .sort((a, b) => order(a.title) - order(b.title) || a.title.localeCompare(b.title, 'en', { numeric: true }));
}

function titleOf(cell: InstanceCell, by: Exclude<CellGrouping, 'none'>): string {
  if (by === 'state') return cell.state;
  if (by === 'zone') return cell.zone ?? 'no zone';
  return cell.version === null ? 'not declared here' : `v${cell.version}`;
}

/** Lengths in CSS pixels. A cell takes its own and the gap behind it. */
export interface CellSize {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

export const DENSE: CellSize = { width: 24, height: 22, gap: 2 };
export const NAMED: CellSize = { width: 72, height: 38, gap: 4 };

/** The line that names a group, and the room above it. */
export const TITLE_HEIGHT = 24;

interface Section extends CellGroup {
  /** Where its cells begin. */
  readonly top: number;
  /** The place of its first cell among all. */
  readonly first: number;
}

/** Where every cell of a picture is. */
export interface CellLayout {
  readonly size: CellSize;
  readonly columns: number;
  readonly width: number;
  readonly height: number;
  readonly sections: readonly Section[];
  /** In the order in which they are drawn. */
  readonly cells: readonly InstanceCell[];
}

export function layOut(groups: readonly CellGroup[], width: number, size: CellSize): CellLayout {
  const columns = Math.max(1, Math.floor((width + size.gap) / (size.width + size.gap)));
  const sections: Section[] = [];
  let y = 0;
  let first = 0;
  for (const group of groups) {
    const top = y + (group.title === null ? 0 : TITLE_HEIGHT);
    sections.push({ ...group, top, first });
    first += group.cells.length;
    y = top + Math.ceil(group.cells.length / columns) * (size.height + size.gap);
  }
  const cells = sections.flatMap((section) => section.cells);
  return { size, columns, width, height: Math.max(0, y - size.gap), sections, cells };
}

/** The upper left corner of a cell, by its place among all. */
export function cornerOf({ sections, columns, size }: CellLayout, index: number): { x: number; y: number } {
  const section = sections.findLast(({ first }) => first <= index);
  if (section === undefined) return { x: 0, y: 0 };
  const within = index - section.first;
  return {
    x: (within % columns) * (size.width + size.gap),
    y: section.top + Math.floor(within / columns) * (size.height + size.gap),
  };
}

/** The place of the cell at a point; null in a gap or beside the cells. */
export function cellAt({ sections, columns, size }: CellLayout, x: number, y: number): number | null {
  const section = sections.findLast(({ top }) => top <= y);
  if (section === undefined) return null;
  const column = Math.floor(x / (size.width + size.gap));
  const row = Math.floor((y - section.top) / (size.height + size.gap));
  const isInGap =
    x - column * (size.width + size.gap) > size.width || y - section.top - row * (size.height + size.gap) > size.height;
  const within = row * columns + column;
  if (isInGap || column < 0 || column >= columns || within >= section.cells.length) return null;
  return section.first + within;
}

/** The places of the cells that reach into a band, first and behind the last, section by section. */
export function cellsWithin(
  { sections, columns, size }: CellLayout,
  top: number,
  bottom: number,
): readonly { readonly from: number; readonly to: number }[] {
  const step = size.height + size.gap;
  return sections.flatMap((section) => {
    const firstRow = Math.max(0, Math.floor((top - section.top) / step));
    const lastRow = Math.floor((bottom - section.top) / step);
    const from = firstRow * columns;
    const to = Math.min(section.cells.length, (lastRow + 1) * columns);
    return from < to ? [{ from: section.first + from, to: section.first + to }] : [];
  });
}

/** Where a key leads to from a cell: to the next one beside, above or below, over the edges of groups. */
export function cellBeside(layout: CellLayout, index: number, key: string): number | null {
  const last = layout.cells.length - 1;
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, index + 1);
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowDown':
    case 'ArrowUp':
      return verticallyFrom(layout, index, key === 'ArrowDown' ? 1 : -1);
    default:
      return null;
  }
}

function verticallyFrom({ sections, columns, cells }: CellLayout, index: number, by: 1 | -1): number {
  const at = sections.findLastIndex(({ first }) => first <= index);
  const section = sections[at];
  if (section === undefined) return index;
  const within = index - section.first;
  const column = within % columns;
  const next = within + by * columns;
  if (next >= 0 && next < section.cells.length) return section.first + next;
  const lastRow = Math.floor((section.cells.length - 1) / columns);
  // The last row may be shorter than the column is far.
  if (by === 1 && Math.floor(within / columns) < lastRow) return section.first + section.cells.length - 1;
  const beside = sections[at + by];
  if (beside === undefined) return by === 1 ? Math.min(index, cells.length - 1) : index;
  const row = by === 1 ? 0 : Math.floor((beside.cells.length - 1) / columns);
  return beside.first + Math.min(beside.cells.length - 1, row * columns + column);
}
