/** So long a row that is no longer there stays, grey, so that nothing moves under the pointer. */
export const GONE_FOR_MS = 5_000;

export interface SteadyRow<Row> {
  readonly row: Row;
  /** When it was seen to be gone; null while it is there. */
  readonly goneAt: number | null;
}

export interface SteadyRows<Row> {
  readonly rows: readonly SteadyRow<Row>[];
  /** New rows that would move what is being looked at. They wait until they are asked for. */
  readonly waiting: number;
}

export function steadyOf<Row>(rows: readonly Row[]): SteadyRows<Row> {
  return { rows: rows.map((row) => ({ row, goneAt: null })), waiting: 0 };
}

interface Sight<Row> {
  readonly idOf: (row: Row) => string;
  /** The last row that is seen; new rows up to there wait. */
  readonly lastSeen: number;
  readonly now: number;
}

/** What to show of the next rows to somebody who looks at those before: rows change in place, come below and go slowly. */
export function steadied<Row>(
  before: readonly SteadyRow<Row>[],
  next: readonly Row[],
  { idOf, lastSeen, now }: Sight<Row>,
): SteadyRows<Row> {
  const shown = new Set(before.map(({ row }) => idOf(row)));
  const present = new Set(next.map(idOf));
  const kept = next.filter((row, index) => shown.has(idOf(row)) || index > lastSeen);
  const goneAfter = new Map<string | null, SteadyRow<Row>[]>();
  let anchor: string | null = null;
  for (const steady of before) {
    const id = idOf(steady.row);
    if (present.has(id)) {
      anchor = id;
      continue;
    }
    const goneAt = steady.goneAt ?? now;
    if (now - goneAt < GONE_FOR_MS)
      goneAfter.set(anchor, [...(goneAfter.get(anchor) ?? []), { row: steady.row, goneAt }]);
  }
  const rows: SteadyRow<Row>[] = [...(goneAfter.get(null) ?? [])];
  for (const row of kept) {
    rows.push({ row, goneAt: null });
    if (goneAfter.size > 0) rows.push(...(goneAfter.get(idOf(row)) ?? []));
  }
  return { rows, waiting: next.length - kept.length };
}
