import type { BackEndCallView } from '../../server/contract/cycle.ts';

/** Whether each word occurs somewhere in a call. `failed` and `ok` mean its result. */
export function callMatches({ operation, detail, token, result, id }: BackEndCallView, words: string): boolean {
  const outcome = result === 'ok' ? 'ok' : 'failed';
  const text = `${operation} ${detail} ${token ?? ''} ${result} ${id} ${outcome}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => (word === 'ok' ? outcome === 'ok' : text.includes(word)));
}
