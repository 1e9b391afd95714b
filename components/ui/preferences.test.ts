import { expect, test } from 'vitest';
import { parseText, parseTheme, parseZone } from './preferences.ts';

test('a theme is light, dark or the choice of the system', () => {
  expect(['light', 'dark', 'sepia', '', undefined].map(parseTheme)).toEqual([
    'light',
    'dark',
    undefined,
    undefined,
    undefined,
  ]);
});

test('a zone that this runtime does not know is UTC', () => {
  expect(parseZone('Asia/Kathmandu')).toBe('Asia/Kathmandu');
  expect(parseZone('Europe%2FBerlin')).toBe('Europe/Berlin');
  expect(parseZone('Atlantis/Capital')).toBe('UTC');
  expect(parseZone('%')).toBe('UTC');
  expect(parseZone(undefined)).toBe('UTC');
});

test('a kept text is as it was chosen, and one that cannot be read is none', () => {
  expect([parseText('lab%20%26%20co'), parseText('prod')]).toEqual(['lab & co', 'prod']);
  expect([parseText(''), parseText('%'), parseText(undefined)]).toEqual([null, null, null]);
});
