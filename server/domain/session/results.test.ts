import { expect, test } from 'vitest';
import { redactor } from './redact.ts';
import { readResults } from './results.ts';

const redact = redactor([new TextEncoder().encode('pässwörd/1')]);

test('JSON is read as JSON, anything else is its text', () => {
  expect(readResults('{"p99Ms": 12, "names": ["a", null]}', redact)).toEqual({ p99Ms: 12, names: ['a', null] });
  expect(readResults('all well', redact)).toBe('all well');
});

test('a secret is unreadable, however JSON has written its characters, as a value and as a key', () => {
  const escaped = String.raw`{"token": "p\u00e4ssw\u00f6rd/1", "p\u00e4ssw\u00f6rd\/1": {"deep": ["x pässwörd\/1 y"]}}`;
  const read = JSON.stringify(readResults(escaped, redact));
  expect(read).not.toContain('ssw');
  expect(JSON.parse(read)).toEqual({ token: '[secret]', '[secret]': { deep: ['x [secret] y'] } });
});

test('what a database cannot store is replaced: NUL and halves of characters', () => {
  expect(readResults(String.raw`{"a\u0000": "b\u0000c", "d": "\ud800"}`, redact)).toEqual({
    'a\ufffd': 'b\ufffdc',
    d: '\ufffd',
  });
  expect(readResults('text\0', redact)).toBe('text\ufffd');
});
