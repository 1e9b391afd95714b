import { expect, test } from 'vitest';
import { quickList, unreadTerms, withQuickList, withTerm } from './filter-terms.ts';

test('a quick list is read from the filter and replaced in it', () => {
  expect(quickList('web label.team:data')).toBe('all');
  expect(quickList('web outdated:>0')).toBe('outdated');
  expect(withQuickList('web outdated:>0', 'cycling')).toBe('web cycle:active');
  expect(withQuickList('web cycle:active', 'all')).toBe('web');
  expect(withQuickList('', 'outdated')).toBe('outdated:>0');
});

test('a term is added once', () => {
  expect(withTerm(' web ', 'outdated:>0')).toBe('web outdated:>0');
  expect(withTerm('web outdated:>0', 'outdated:>0')).toBe('web outdated:>0');
});

test('a term with a slip is named, a word is not', () => {
  expect(unreadTerms('web state:asleep outdated:>0 stat:draining')).toEqual(['state:asleep', 'stat:draining']);
});
