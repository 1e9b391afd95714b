'use client';

import { startTransition, useEffect, useEffectEvent, useRef, useState } from 'react';
import { GONE_FOR_MS, type SteadyRow, steadied, steadyOf } from '@/components/cluster/steady-rows';

interface Steady<Row> {
  readonly rows: readonly SteadyRow<Row>[];
  readonly waiting: number;
  /** Shows the rows that wait. */
  readonly showAll: () => void;
  /** To be told of the last row that is seen. */
  readonly onSeen: (last: number) => void;
}

/** Rows that do not move under the eyes of who looks at them. Another list is another component: give it a `key`. */
export function useSteadyRows<Row>(rows: readonly Row[], idOf: (row: Row) => string): Steady<Row> {
  const lastSeen = useRef(0);
  const [steady, setSteady] = useState(() => steadyOf(rows));
  const settle = useEffectEvent(() => {
    // In what time is left: what is scrolled meanwhile is not held up.
    startTransition(() => {
      setSteady((before) => steadied(before.rows, rows, { idOf, lastSeen: lastSeen.current, now: Date.now() }));
    });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are what is settled
  useEffect(() => settle(), [rows]);
  const hasGone = steady.rows.some(({ goneAt }) => goneAt !== null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of what is shown sets the time anew
  useEffect(() => {
    if (!hasGone) return;
    const timer = setTimeout(() => settle(), GONE_FOR_MS);
    return () => clearTimeout(timer);
  }, [hasGone, steady]);
  return {
    ...steady,
    showAll: () => setSteady(steadyOf(rows)),
    onSeen: (last) => {
      lastSeen.current = last;
    },
  };
}
