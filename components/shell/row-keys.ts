/**
 * The rows of the page's lists, by what names each: the link of a row header, or the first link or button within an
 * element that is marked by `data-row`. In the order of the page; those that are not shown are left out.
 */
function rowTargets(page: ParentNode): HTMLElement[] {
  const rows = page.querySelectorAll<HTMLElement>('th[scope="row"], [data-row]');
  return [...rows].flatMap((row) => {
    const target = row.querySelector<HTMLElement>('a[href], button');
    return target !== null && target.offsetParent !== null ? [target] : [];
  });
}

/** The place to go to from `current`, which is -1 where the focus is in no row; null where there is none. */
export function nextRow(current: number, count: number, by: 1 | -1): number | null {
  if (count === 0) return null;
  if (current === -1) return by === 1 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, current + by));
}

/** Gives the focus to the next row of the page's lists, or to the one before. */
export function moveRow(page: ParentNode, by: 1 | -1): void {
  const targets = rowTargets(page);
  const focused = rowOf(document.activeElement);
  const next = nextRow(
    focused === null ? -1 : targets.findIndex((target) => focused.contains(target)),
    targets.length,
    by,
  );
  const target = next === null ? undefined : targets[next];
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

/** Ticks the box of the row that has the focus, or takes the tick away. */
export function toggleRow(): void {
  rowOf(document.activeElement)?.querySelector<HTMLElement>('input[type="checkbox"], [role="checkbox"]')?.click();
}

/** Gives the focus to the page's filter; false where it has none. */
export function focusFilter(page: ParentNode): boolean {
  const filter = page.querySelector<HTMLInputElement>('search input, [role="search"] input');
  filter?.focus();
  filter?.select();
  return filter !== null;
}

function rowOf(element: Element | null): Element | null {
  return element?.closest('[data-row], tr') ?? null;
}
