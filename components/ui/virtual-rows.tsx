'use client';

import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { Fragment, type ReactNode, type Ref, useEffect, useEffectEvent, useRef, useState } from 'react';
import { TableBody } from '@/components/ui/table';

/** Up to so many are all drawn: a search within the page finds them. */
const ALL_UP_TO = 60;

/** So many before the end of the rows, more are asked for. */
const NEAR_END = 12;

/** What a virtual row has to put on its `Row`. */
export interface VirtualRowProps {
  ref?: Ref<HTMLTableRowElement>;
  'data-index': number;
  'aria-rowindex': number;
}

interface VirtualRowsProps<Item> {
  rows: readonly Item[];
  idOf: (row: Item) => string;
  /** The height of a row, as long as it has not been measured. */
  estimate: number;
  children: (row: Item, props: VirtualRowProps) => ReactNode;
  /** Told when the end comes near. */
  onNearEnd?: () => void;
  /** Told of the last row that is seen. */
  onSeen?: (last: number) => void;
}

/** The body of a long table, of which only what is near the window is drawn, and the row that has the focus. */
export function VirtualRows<Item>({ rows, idOf, estimate, children, onNearEnd, onSeen }: VirtualRowsProps<Item>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  const [focused, setFocused] = useState<string | null>(null);
  const isWhole = rows.length <= ALL_UP_TO;
  const focusedAt = focused === null ? -1 : rows.findIndex((row) => idOf(row) === focused);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => estimate,
    getItemKey: (index) => idAt(rows, index, idOf),
    overscan: 8,
    scrollMargin: margin,
    initialRect: { width: 1_440, height: 900 },
    rangeExtractor: (range) => withRow(range, focusedAt),
  });

  // What stands above the table may change its height at any time.
  useEffect(() => {
    const measure = () => {
      if (body.current !== null) setMargin(Math.round(body.current.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  const last = virtualizer.range?.endIndex ?? 0;
  const seen = useEffectEvent((index: number) => onSeen?.(index));
  const nearEnd = useEffectEvent(() => onNearEnd?.());
  useEffect(() => seen(last), [last]);
  const isNearEnd = last >= rows.length - NEAR_END;
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows may end within sight again
  useEffect(() => {
    if (isNearEnd) nearEnd();
  }, [isNearEnd, rows.length]);

  const drawn = isWhole ? rows.map((_, index) => ({ index, start: 0, end: 0 })) : virtualizer.getVirtualItems();
  let end = margin;
  const total = virtualizer.getTotalSize() + margin;
  return (
    <TableBody
      ref={body}
      onFocus={(event) => {
        const index = event.target.closest<HTMLElement>('[data-index]')?.dataset.index;
        const row = index === undefined ? undefined : rows[Number(index)];
        if (row !== undefined) setFocused(idOf(row));
      }}
      onBlur={() => setFocused(null)}
    >
      {drawn.map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        const gap = isWhole ? 0 : item.start - end;
        end = item.end;
        return (
          <Fragment key={idOf(row)}>
            {gap > 0 && <Gap height={gap} />}
            {children(row, {
              'data-index': item.index,
              'aria-rowindex': item.index + 2,
              ...(isWhole ? {} : { ref: virtualizer.measureElement }),
            })}
          </Fragment>
        );
      })}
      {!isWhole && total > end && <Gap height={total - end} />}
    </TableBody>
  );
}

function Gap({ height }: { height: number }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it has nothing that could have the focus
  return <tr aria-hidden="true" style={{ height }} className="phone:block" />;
}

function idAt<Item>(rows: readonly Item[], index: number, idOf: (row: Item) => string): string | number {
  const row = rows[index];
  return row === undefined ? index : idOf(row);
}

/** The rows near the window and one more, wherever it is. */
function withRow(range: Range, index: number): number[] {
  const indexes = defaultRangeExtractor(range);
  if (index === -1 || indexes.includes(index)) return indexes;
  return [...indexes, index].sort((one, other) => one - other);
}
