import { filterParts } from '@/server/domain/cluster/filter.ts';

/** Lists that are asked for often, each by the term that makes it. */
const QUICK_TERMS = { all: '', outdated: 'outdated:>0', cycling: 'cycle:active' } as const;
export type QuickList = keyof typeof QUICK_TERMS;

export function quickList(q: string): QuickList {
  const words = partsOf(q);
  if (words.includes(QUICK_TERMS.outdated)) return 'outdated';
  return words.includes(QUICK_TERMS.cycling) ? 'cycling' : 'all';
}

/** The same filter for another of the lists. */
export function withQuickList(q: string, list: QuickList): string {
  const quick: readonly string[] = Object.values(QUICK_TERMS);
  return [...partsOf(q).filter((word) => !quick.includes(word)), QUICK_TERMS[list]].join(' ').trim();
}

function partsOf(q: string): readonly string[] {
  return filterParts(q).map(({ from, to }) => q.slice(from, to));
}
