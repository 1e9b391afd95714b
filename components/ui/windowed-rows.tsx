'use client';

import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { Fragment, type ReactNode, type Ref, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useAlive } from '@/components/ui/alive';
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

interface WindowedRowsProps {
  count: number;
  idAt: (index: number) => string;
  /** The height of a row, as long as it has not been measured. */
  estimate: number;
  draw: (index: number, props: VirtualRowProps) => ReactNode;
  onNearEnd: () => void;
  onSeen: (last: number) => void;
}

/** What VirtualRows draws once it is loaded. */
export function WindowedRows({ count, idAt, estimate, draw, onNearEnd, onSeen }: WindowedRowsProps) {
  const isAlive = useAlive();
  const body = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  const [focused, setFocused] = useState<string | null>(null);
  const isWhole = count <= ALL_UP_TO;
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => estimate,
    getItemKey: idAt,
    overscan: 8,
    // Rows may follow the wheel a frame later; drawn within its event they would hold it up.
    useFlushSync: false,
    scrollMargin: margin,
    initialRect: { width: 1_440, height: 900 },
    rangeExtractor: (range) => withRow(range, focused === null ? -1 : indexOf(focused, count, idAt)),
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
  const seen = useEffectEvent(onSeen);
  const nearEnd = useEffectEvent(onNearEnd);
  useEffect(() => seen(last), [last]);
  // Each time that it is drawn: what was asked for may have been overtaken by another read of the list.
  useEffect(() => {
    if (last >= count - NEAR_END) nearEnd();
  });

  const drawn = isWhole
    ? Array.from({ length: count }, (_, index) => ({ index, start: 0, end: 0 }))
    : virtualizer.getVirtualItems().filter(({ index }) => index < count);
  let end = margin;
  const total = virtualizer.getTotalSize() + margin;
  return (
    <TableBody
      ref={body}
      inert={!isAlive}
      onFocus={(event) => {
        const index = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset.index);
        if (index < count) setFocused(idAt(index));
      }}
      onBlur={() => setFocused(null)}
    >
      {drawn.map((item) => {
        const gap = isWhole ? 0 : item.start - end;
        end = item.end;
        return (
          <Fragment key={idAt(item.index)}>
            {gap > 0 && <Gap height={gap} />}
            {draw(item.index, {
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

function indexOf(id: string, count: number, idAt: (index: number) => string): number {
  for (let index = 0; index < count; index += 1) if (idAt(index) === id) return index;
  return -1;
}

/** The rows near the window and one more, wherever it is. */
function withRow(range: Range, index: number): number[] {
  const indexes = defaultRangeExtractor(range);
  if (index === -1 || indexes.includes(index)) return indexes;
  return [...indexes, index].sort((one, other) => one - other);
}
