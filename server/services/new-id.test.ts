import { expect, test } from 'vitest';
import { newId } from './new-id.ts';

const NOW = Date.UTC(2026, 0, 1);

test('an id that was made later sorts later', () => {
  const moments = [0, 1, 31, 32, 1_000, NOW - 1, NOW, NOW + 1, NOW + 32, NOW + 1_000, Date.UTC(2999, 0, 1)];
  const ids = moments.map((at) => newId('cyc', at));
  expect(ids.toSorted()).toEqual(ids);
});

test('many ids of one moment differ', () => {
  const ids = Array.from({ length: 2_000 }, () => newId('pln', NOW));
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id says what it is of, and can be read aloud', () => {
  for (const prefix of ['clu', 'cyc', 'env', 'exe', 'pln', 'res', 'ses'] as const)
    expect(newId(prefix, NOW)).toMatch(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{16}$`));
});
