import { expect, test } from 'vitest';
import { parseTheme, parseZone } from './preferences.ts';

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
