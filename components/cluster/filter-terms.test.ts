import { expect, test } from 'vitest';
import { quickList, withQuickList } from './filter-terms.ts';

test('a quick list is read from the filter and replaced in it', () => {
  expect(quickList('web label.team:data')).toBe('all');
  expect(quickList('web outdated:>0')).toBe('outdated');
  expect(withQuickList('web outdated:>0', 'cycling')).toBe('web cycle:active');
  expect(withQuickList('web cycle:active', 'all')).toBe('web');
  expect(withQuickList('', 'outdated')).toBe('outdated:>0');
  expect(withQuickList('"two words" outdated:>0', 'all')).toBe('"two words"');
});
