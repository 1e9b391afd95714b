import { expect, test } from 'vitest';
import { z } from 'zod';
import { readYaml } from './read-yaml.ts';

const read = (text: string) => readYaml(text, z.unknown());

test.each([
  ['spec:\n  id: 12345678901234567890', 'spec.id', 2, '12345678901234567890'],
  ['- 1\n- [2, -9007199254740993]', '1.1', 2, '-9007199254740993'],
  ['a: 1e400', 'a', 1, '1e400'],
  ['0.12345678901234567890', '', 1, '0.12345678901234567890'],
])('%j is refused at its number, which would be another one', (text, path, line, number) => {
  const message = `${number} would not be kept as it is written; write it as a text`;
  expect(read(text)).toEqual({ value: null, problems: [{ path, line, message }] });
});

test('numbers that are kept, and texts, are read as they are', () => {
  const text = 'a: 9007199254740991\nb: "12345678901234567890"\nc: 1.50\nd: 0x1f\ne: .inf\nf: 007\n';
  const value = { a: Number.MAX_SAFE_INTEGER, b: '12345678901234567890', c: 1.5, d: 31, e: Infinity, f: 7 };
  expect(read(text)).toEqual({ value, problems: [] });
});
