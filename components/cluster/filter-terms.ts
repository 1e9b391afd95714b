import { parseFilter } from '@/server/domain/cluster/filter.ts';

/** Lists that are asked for often, each by the term that makes it. */
export const QUICK_TERMS = { all: '', outdated: 'outdated:>0', cycling: 'cycle:active' } as const;
export type QuickList = keyof typeof QUICK_TERMS;

export function quickList(q: string): QuickList {
  const words = q.split(/\s+/);
  if (words.includes(QUICK_TERMS.outdated)) return 'outdated';
  return words.includes(QUICK_TERMS.cycling) ? 'cycling' : 'all';
}

/** The same filter for another of the lists. */
export function withQuickList(q: string, list: QuickList): string {
  const quick: readonly string[] = Object.values(QUICK_TERMS);
  return [...q.split(/\s+/).filter((word) => !quick.includes(word)), QUICK_TERMS[list]].join(' ').trim();
}

export function withTerm(q: string, term: string): string {
  const words = q.split(/\s+/).filter((word) => word !== '');
  return words.includes(term) ? q : [...words, term].join(' ');
}

/** What looks like a term and was taken for a part of a name, because it cannot be read. */
export function unreadTerms(q: string): string[] {
  return parseFilter(q).flatMap((term) => (term.kind === 'word' && term.text.includes(':') ? [term.text] : []));
}

/** What a filter of clusters may say, for the menu beside it. */
export const FILTER_TERMS = [
  { term: 'outdated:>0', means: 'runs something outdated' },
  { term: 'unhealthy:>0', means: 'has unhealthy instances' },
  { term: 'size:>20', means: 'more than 20 instances' },
  { term: 'state:draining', means: 'an instance is in this state' },
  { term: 'cycle:active', means: 'a cycle is active' },
  { term: 'cycle:none', means: 'no cycle is active' },
  { term: 'label.team:web', means: 'has this label' },
] as const;
