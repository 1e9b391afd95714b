import { FILTER_KEYS, type FilterSubject, filterParts, quoted } from '@/server/domain/cluster/filter.ts';

/** What to write at the caret, and where. */
export interface Completion {
  /** As it is written: a key with its colon, or a value. */
  readonly text: string;
  readonly means: string;
  /** The place in the filter that it takes. */
  readonly from: number;
  readonly to: number;
  /** Nothing more belongs to the term. */
  readonly isWhole: boolean;
}

/** Values that only the reader knows, such as the names of zones, by key. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

/** What the filter may go on with at the caret. */
export function completionsAt(
  text: string,
  caret: number,
  subject: FilterSubject,
  known: KnownValues,
): readonly Completion[] {
  const part = filterParts(text).find(({ from, to }) => from <= caret && caret <= to);
  const keys = FILTER_KEYS.filter(({ means }) => means[subject] !== null);
  if (part === undefined || part.key === null) {
    const from = part === undefined ? caret : part.from + (part.negated ? 1 : 0);
    const typed = text.slice(from, caret).toLowerCase();
    const to = part?.to ?? caret;
    return keys
      .filter(({ key }) => key.startsWith(typed))
      .map(({ key, means }) => ({
        text: key.endsWith('.') ? key : `${key}:`,
        means: means[subject] ?? '',
        from,
        to,
        isWhole: false,
      }));
  }
  const name = part.key.toLowerCase();
  const key = keys.find((one) => one.key === name);
  const from = text.indexOf(':', part.from) + 1;
  if (caret < from) return [];
  const typed = text.slice(from, caret).replaceAll('"', '').toLowerCase();
  const values = [...new Set([...(known[name] ?? []), ...(key?.values ?? [])])];
  return values
    .filter((value) => value.toLowerCase().startsWith(typed) && value.toLowerCase() !== typed)
    .map((value) => ({
      text: quoted(value),
      means: key?.means[subject] ?? '',
      from,
      to: part.to,
      isWhole: true,
    }));
}

/** The filter with the completion in it, and where the caret stands then. */
export function completed(
  text: string,
  { text: added, from, to, isWhole }: Completion,
): { text: string; caret: number } {
  const rest = text.slice(to);
  const gap = isWhole && !rest.startsWith(' ') ? ' ' : '';
  const caret = from + added.length + (isWhole ? 1 : 0);
  return { text: `${text.slice(0, from)}${added}${gap}${rest}`, caret };
}
