import { expect, test } from 'vitest';
import { shortcutGroups } from './key-sheet-groups.ts';
import { KEYS, keysOf, readKey } from './shortcuts.ts';

const bound = Object.entries(KEYS).map(([action, keys]) => ({ action, keys }));

/** What is done while these keys are pressed one after the other. */
function press(...keys: string[]): (string | null)[] {
  let pending: readonly string[] = [];
  return keys.map((key) => {
    const read = readKey(pending, key);
    pending = read.pending;
    return read.action;
  });
}

test.each(bound)('$keys does $action, at its last key and not before', ({ keys, action }) => {
  expect(press(...keys)).toEqual([...keys.slice(1).map(() => null), action]);
});

test('the sheet shows each key that is bound, and none twice', () => {
  const shown = shortcutGroups.flatMap(({ shortcuts }) => shortcuts).map(({ keys }) => keys.join(' '));
  expect(shown).toEqual([...new Set(shown)]);
  expect(shown).toEqual(expect.arrayContaining(bound.map(({ keys }) => keys.join(' '))));
});

test('no key is bound twice, and none is the beginning of another', () => {
  const sequences = bound.map(({ keys }) => keys.join(' '));
  for (const one of sequences) {
    expect(sequences.filter((other) => other === one || other.startsWith(`${one} `))).toEqual([one]);
  }
});

test('a key that does not go on with the one before counts by itself', () => {
  expect(press('g', 'j')).toEqual([null, 'next-row']);
  expect(press('g', 'g', 'c')).toEqual([null, null, 'go-clusters']);
  expect(press('c')).toEqual([null]);
});

test('a sequence is done once', () => {
  expect(press('g', 'c', 'c')).toEqual([null, 'go-clusters', null]);
});

test('the keys of an action are told as they are pressed', () => {
  expect(keysOf('go-cycles')).toBe('g y');
});
