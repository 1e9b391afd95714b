'use client';

import {
  defaultRangeExtractor,
  measureElement,
  type Range,
  useWindowVirtualizer,
  type VirtualItem,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { Fragment, type ReactNode, type Ref, useEffect, useEffectEvent, useReducer, useRef, useState } from 'react';
import { useAlive } from '@/components/ui/alive';
import { TableBody } from '@/components/ui/table';

/** Up to so many are all drawn: a search within the page finds them. */
const ALL_UP_TO = 60;

/** So many before the end of the rows, more are asked for. */
const NEAR_END = 12;

/** So many new rows at once are not read one by one; on a slow machine, whose frames are long, these. */
const READ_AT_ONCE = { quick: 12, slow: 2 } as const;

/** So many rows come with a frame where the machine is slow. */
const SLOW_PACE = 2;

/** A frame at most so long is one of a machine that could draw more. */
const QUICK_FRAME_MS = 20;

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
  const virtualizer = useWindowVirtualizer<HTMLTableRowElement>({
    count,
    estimateSize: () => estimate,
    getItemKey: idAt,
    measureElement: measured,
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

  const wanted = virtualizer.getVirtualItems().filter(({ index }) => index < count);
  const some = useFrameByFrame(wanted, virtualizer.isScrolling);
  const drawn = isWhole ? Array.from({ length: count }, (_, index) => ({ index, start: 0, end: 0 })) : some;
  let end = margin;
  const total = virtualizer.getTotalSize() + margin;
  return (
    <TableBody
      ref={body}
      inert={!isAlive}
      data-covered={(!isWhole && virtualizer.isScrolling) || undefined}
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
            {gap > 0 && <Gap height={gap} row={estimate} />}
            {draw(item.index, {
              'data-index': item.index,
              'aria-rowindex': item.index + 2,
              ...(isWhole ? {} : { ref: virtualizer.measureElement }),
            })}
          </Fragment>
        );
      })}
      {!isWhole && total > end && <Gap height={total - end} row={estimate} />}
    </TableBody>
  );
}

/**
 * Those of the rows that are drawn already, and some more: all that a turn of the wheel brings would hold up the next
 * turn. The others follow frame by frame, from the top, more of them where frames are quick, and none while rows go by
 * faster than they are read.
 */
function useFrameByFrame(wanted: readonly VirtualItem[], isScrolling: boolean): readonly VirtualItem[] {
  const before = useRef<ReadonlySet<number> | null>(null);
  const pace = useRef({ rows: SLOW_PACE, drawing: 0, frameAt: 0 });
  const frame = useRef<number | null>(null);
  const flies = useRef(false);
  const [, drawOn] = useReducer((frame: number) => frame + 1, 0);
  const added = wanted.filter(({ index }) => before.current?.has(index) === false);
  const readable = pace.current.rows > SLOW_PACE ? READ_AT_ONCE.quick : READ_AT_ONCE.slow;
  const isFlying = isScrolling && added.length > readable;
  // While a frame is to come, that draws the next ones.
  const later = new Set(added.slice(isFlying || frame.current !== null ? 0 : pace.current.rows));
  const drawn = wanted.filter((item) => !later.has(item));
  useEffect(() => {
    before.current = new Set(drawn.map(({ index }) => index));
    flies.current = isFlying;
    if (later.size === 0) pace.current.drawing = 0;
    if (later.size === 0 || frame.current !== null) return;
    const next = (at: number) => {
      const { rows, drawing, frameAt } = pace.current;
      // What is drawn in a frame is laid out in the next: the one after that tells how long it took.
      const paced = drawing < 2 ? rows : at - frameAt < QUICK_FRAME_MS ? 2 * rows : SLOW_PACE;
      pace.current = {
        rows: Math.min(paced, READ_AT_ONCE.quick),
        drawing: flies.current ? 0 : drawing + 1,
        frameAt: at,
      };
      frame.current = flies.current ? requestAnimationFrame(next) : null;
      if (!flies.current) drawOn();
    };
    frame.current = requestAnimationFrame(next);
  });
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current ?? 0);
      frame.current = null;
    },
    [],
  );
  return drawn;
}

/** Rows that are not drawn, as lines where each of them ends. */
function Gap({ height, row }: { height: number; row: number }) {
  const lines = 'bg-[linear-gradient(to_top,var(--line)_1px,transparent_1px)] phone:block';
  const style = { height, backgroundSize: `100% ${row}px` };
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it has nothing that could have the focus
  return <tr aria-hidden="true" style={style} className={lines} />;
}

/** A new row is as high as it was, or as estimated, until the browser has laid it out in any case. */
function measured(
  row: HTMLTableRowElement,
  entry: ResizeObserverEntry | undefined,
  virtualizer: Virtualizer<Window, HTMLTableRowElement>,
): number {
  if (entry !== undefined) return measureElement(row, entry, virtualizer);
  const index = virtualizer.indexFromElement(row);
  const { getItemKey, estimateSize } = virtualizer.options;
  return virtualizer.itemSizeCache.get(getItemKey(index)) ?? estimateSize(index);
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
