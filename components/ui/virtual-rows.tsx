'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useCallback } from 'react';
import { laterRows } from '@/components/ui/later-part';
import type { VirtualRowProps } from '@/components/ui/windowed-rows';

// The server draws the rows; what keeps them few while somebody scrolls is loaded after the page.
const WindowedRows = laterRows(
  dynamic(() => import('@/components/ui/windowed-rows').then((module) => module.WindowedRows)),
);

interface VirtualRowsProps<Item> {
  rows: readonly Item[];
  /** Always the same function: another one has every row looked at again. */
  idOf: (row: Item) => string;
  /** The height of a row, as long as it has not been measured. */
  estimate: number;
  children: (row: Item, props: VirtualRowProps) => ReactNode;
  /** Told, again and again, while the end is near. */
  onNearEnd?: () => void;
  /** Told of the last row that is seen. */
  onSeen?: (last: number) => void;
}

/** The body of a long table, of which only what is near the window is drawn, and the row that has the focus. */
export function VirtualRows<Item>({ rows, idOf, estimate, children, onNearEnd, onSeen }: VirtualRowsProps<Item>) {
  const idAt = useCallback(
    (index: number) => {
      const row = rows[index];
      return row === undefined ? String(index) : idOf(row);
    },
    [rows, idOf],
  );
  return (
    <WindowedRows
      count={rows.length}
      idAt={idAt}
      estimate={estimate}
      draw={(index, props) => {
        const row = rows[index];
        return row === undefined ? null : children(row, props);
      }}
      onNearEnd={onNearEnd ?? ignore}
      onSeen={onSeen ?? ignore}
    />
  );
}

function ignore(): void {}
