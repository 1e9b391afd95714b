import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from './canonical.ts';
import type { Json } from './plugin.ts';
import { specDifference } from './spec-difference.ts';

test.each<[string, Json, Json, ReturnType<typeof specDifference>]>([
  ['nothing', { image: 'web:1' }, { image: 'web:1' }, []],
  ['nothing but the order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, []],
  [
    'a leaf',
    { image: 'web:1', env: { A: '1', B: '2' } },
    { image: 'web:2', env: { A: '1', B: '3' } },
    [
      { path: 'env.B', before: '2', after: '3' },
      { path: 'image', before: 'web:1', after: 'web:2' },
    ],
  ],
  ['what was added', {}, { env: { A: '1' } }, [{ path: 'env.A', before: null, after: '1' }]],
  ['what was removed', { env: { A: '1' } }, { env: {} }, [{ path: 'env.A', before: '1', after: null }]],
  [
    'a list as a whole',
    { command: ['a', 'b'] },
    { command: ['a', 'c'] },
    [{ path: 'command', before: ['a', 'b'], after: ['a', 'c'] }],
  ],
  [
    'the order of a list',
    { zones: ['a', 'b'] },
    { zones: ['b', 'a'] },
    [{ path: 'zones', before: ['a', 'b'], after: ['b', 'a'] }],
  ],
  [
    'a value that became an object',
    { port: 80 },
    { port: { http: 80 } },
    [
      { path: 'port', before: 80, after: null },
      { path: 'port.http', before: null, after: 80 },
    ],
  ],
  ['a type', { port: 80 }, { port: '80' }, [{ path: 'port', before: 80, after: '80' }]],
  ['a spec that is no object', 'web:1', 'web:2', [{ path: '.', before: 'web:1', after: 'web:2' }]],
])('tells %s', (_, before, after, changes) => {
  expect(specDifference(before, after)).toEqual(changes);
});

/** Null and an empty object are told from none by nobody, and a dot in a key cannot be told from a path. */
const leaf = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom('a', 'b'), fc.boolean());
const specs: fc.Arbitrary<Json> = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), fc.dictionary(fc.constantFrom('x', 'y'), leaf, { minKeys: 1 })),
);

test('each change is told once, in the order of the paths, and the way back is the same with the sides changed', () => {
  fc.assert(
    fc.property(specs, specs, (before, after) => {
      const there = specDifference(before, after);
      const back = specDifference(after, before).map((one) => ({ ...one, before: one.after, after: one.before }));
      expect(back).toEqual(there);
      const paths = there.map((one) => one.path);
      expect(paths).toEqual([...new Set(paths)].sort());
      expect(specDifference(before, before)).toEqual([]);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('two specs have a difference exactly where they are different configurations', () => {
  fc.assert(
    fc.property(specs, specs, (before, after) => {
      expect(specDifference(before, after).length === 0).toBe(canonical(before) === canonical(after));
    }),
    { seed: 1, numRuns: 200 },
  );
});
