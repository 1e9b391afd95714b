'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { type ReactNode, useRef } from 'react';
import { Row, Table, TableBody, TableHead } from '@/components/ui/table';

interface TwinTableProps<Item> {
  /** What the picture is called. */
  caption: string;
  /** The columns. */
  head: ReactNode;
  rows: readonly Item[];
  idOf: (row: Item) => string;
  /** The row that is chosen in the picture. */
  selected?: string | null;
  /** For rows of several lines. */
  tall?: boolean;
  /** The cells of a row. */
  children: (row: Item) => ReactNode;
}

const ROW_HEIGHT = 33;

/** The same as a picture, in a room of its own that scrolls. Only the rows that are seen are drawn. */
export function TwinTable<Item>(props: TwinTableProps<Item>) {
  const { caption, head, rows, idOf, selected = null, tall = false, children } = props;
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : idOf(row);
    },
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section
      ref={scroller}
      aria-label={`${caption}, table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className={clsx('overflow-y-auto focus-visible:-outline-offset-2', tall ? 'max-h-120' : 'max-h-100')}
    >
      <Table caption={caption} rowCount={rows.length + 1}>
        <TableHead>{head}</TableHead>
        <tbody aria-hidden="true">
          <tr style={{ height: items[0]?.start ?? 0 }} />
        </tbody>
        <TableBody>
          {items.map(({ index, key }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <Row
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  aria-rowindex={index + 2}
                  selected={idOf(row) === selected}
                >
                  {children(row)}
                </Row>
              )
            );
          })}
        </TableBody>
        <tbody aria-hidden="true">
          <tr style={{ height: below }} />
        </tbody>
      </Table>
    </section>
  );
}
