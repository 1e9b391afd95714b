/** Lines that are asked for at once. */
export const PAGE_LINES = 500;

/** Up to so many pages are kept in view: more lines than any window shows. */
const MAX_PAGES = 4;

/** The pages that hold the lines from `first` up to and with `last` of `total`, in order. */
export function pagesOf(first: number, last: number, total: number): readonly number[] {
  if (total === 0) return [];
  const from = Math.floor(clamp(first, total) / PAGE_LINES);
  const to = Math.floor(clamp(last, total) / PAGE_LINES);
  return Array.from({ length: Math.min(MAX_PAGES, to - from + 1) }, (_, index) => from + index);
}

/** How many lines a page has while the log has `total`. */
export function linesOnPage(page: number, total: number): number {
  return Math.max(0, Math.min(PAGE_LINES, total - page * PAGE_LINES));
}

interface Numbered {
  readonly line: number;
}

/** A page with the lines of it that came; those that it has, and those of other pages, are left out. */
export function withNews<Line extends Numbered>(
  page: number,
  known: readonly Line[],
  news: readonly Line[],
): readonly Line[] {
  const next = page * PAGE_LINES + known.length;
  const end = (page + 1) * PAGE_LINES;
  const added = news.filter(({ line }) => line >= next && line < end);
  // With a hole before them they would stand in the wrong place: the page is read again.
  return added.length === 0 || added[0]?.line !== next ? known : [...known, ...added];
}

/** Where a line is among those that matched, or where the next one is; -1 where there is none after it. */
export function indexAtOrAfter(matches: readonly Numbered[], line: number): number {
  let low = 0;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle]?.line ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low < matches.length ? low : -1;
}

function clamp(line: number, total: number): number {
  return Math.max(0, Math.min(total - 1, line));
}
