import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytewise } from './bytewise.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  // Where UTF-16 and UTF-8 disagree.
  fc.string({ unit: fc.constantFrom('a', 'ä', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f680}'), maxLength: 4 }),
);

test('orders any two texts as their UTF-8 bytes do', () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(Math.sign(compareBytewise(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { seed: 1, numRuns: 2_000 },
  );
});

test('a rocket comes after U+FFFF, which JavaScript alone would not say', () => {
  expect(compareBytewise('\u{1f680}', '\uffff')).toBeGreaterThan(0);
  expect('\u{1f680}' < '\uffff').toBe(true);
});
