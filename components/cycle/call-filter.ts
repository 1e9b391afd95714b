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

/** The part of its cycle that a call belongs to: the number of its step, or `settings`. Its place in the step is not told. */
export function stepOf(token: string): string {
  return token.split('/')[1] ?? token;
}
