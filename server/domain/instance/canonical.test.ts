import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from './canonical.ts';

test.each([
  ['null', null, 'null'],
  ['a number', 1.5, '1.5'],
  ['a text with marks of its own', 'a "b"\n', '"a \\"b\\"\\n"'],
  ['an empty list', [], '[]'],
  ['an empty object', {}, '{}'],
  ['lists in their order', [2, [1]], '[2,[1]]'],
  [
    'objects in the order of their keys, however deep',
    { b: 1, a: { d: [{ z: 0, y: 0 }], c: 2 } },
    '{"a":{"c":2,"d":[{"y":0,"z":0}]},"b":1}',
  ],
  [
    'keys by code unit, not by language or length',
    { é: 1, z: 2, B: 3, a: 4, aa: 5, '10': 6, '9': 7 },
    '{"10":6,"9":7,"B":3,"a":4,"aa":5,"z":2,"é":1}',
  ],
  ['an undefined member as none', { a: undefined, b: 1 }, '{"b":1}'],
])('%s', (_, value, text) => {
  expect(canonical(value)).toBe(text);
});

const json = fc.jsonValue({ maxDepth: 3 });

test('it is JSON for the same value, so two different values never have one text', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('the order in which keys were written does not matter', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonical(reversed)).toBe(canonical(value));
    }),
    { seed: 1, numRuns: 200 },
  );
});
