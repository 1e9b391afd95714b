import { expect, test } from 'vitest';
import { splitMatches } from './split-matches.ts';

test('every second part is a match, whatever its case, and nothing is lost', () => {
  expect(splitMatches('Error: no error here', 'error')).toEqual(['', 'Error', ': no ', 'error', ' here']);
  expect(splitMatches('aaa', 'a').join('')).toBe('aaa');
});

test('without a search, and without a match, a text is whole', () => {
  expect(splitMatches('fine', '')).toEqual(['fine']);
  expect(splitMatches('fine', 'bad')).toEqual(['fine']);
});

test('a letter that is longer in lower case moves no mark', () => {
  expect(splitMatches('İİ x', 'x').join('')).toBe('İİ x');
});
