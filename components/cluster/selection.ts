/** The rows that are ticked, by id, and the one that was ticked last by itself, from which a range goes on. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: null };

/** Ticks a row or takes its tick away; as a range, all rows from the anchor to it become as it becomes. */
export function toggled(
  { ids, anchor }: Selection,
  id: string,
  { order, isRange }: { readonly order: readonly string[]; readonly isRange: boolean },
): Selection {
  const isOn = !ids.has(id);
  const [from, to] = [anchor === null ? -1 : order.indexOf(anchor), order.indexOf(id)];
  const range = isRange && from !== -1 && to !== -1 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
  const next = new Set(ids);
  for (const one of range) {
    if (isOn) next.add(one);
    else next.delete(one);
  }
  return { ids: next, anchor: id };
}
