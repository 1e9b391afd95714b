import { expect, test } from 'vitest';
import { filledUrl } from './outbound.ts';

const machine = { id: 'i-1', logicalId: 'worker/1', tags: { address: 'fe80::1' }, properties: null };

test('a template is filled with what the machine has, encoded', () => {
  const filled = filledUrl('http://[{tag:address}]:8080/{logicalId}?id={id}', machine);
  expect(filled?.href).toBe('http://[fe80::1]:8080/worker%2F1?id=i-1');
});

test.each([
  ['a tag that it lacks', 'http://{tag:name}/', {}],
  ['a tag that is empty', 'http://lab/{tag:name}', { name: '' }],
  ['a host that is none', 'http://{tag:name}/', { name: 'a b' }],
  ['half a character', 'http://lab/{tag:name}', { name: 'a\udc00' }],
])('no URL comes of %s', (_, template, tags) => {
  expect(filledUrl(template, { ...machine, tags })).toBeNull();
});

test('a URL has at most 8000 characters once it is filled', () => {
  const url = (name: string) => filledUrl('http://lab/{tag:name}', { ...machine, tags: { name } })?.href.length ?? null;
  const room = 8_000 - 'http://lab/'.length;
  expect(url('x'.repeat(room))).toBe(8_000);
  expect(url('x'.repeat(room + 1))).toBeNull();
  expect(url(' '.repeat(room / 3 + 1))).toBeNull();
});
