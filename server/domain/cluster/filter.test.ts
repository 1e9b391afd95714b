import { expect, test } from 'vitest';
import { parseFilter } from './filter.ts';

test('a filter is words and terms', () => {
  expect(parseFilter('  web outdated:>0 state:draining env:demo label.team:payments size:4 cycle:active ')).toEqual([
    { kind: 'word', text: 'web' },
    { kind: 'number', key: 'outdated', compare: '>', value: 0 },
    { kind: 'state', state: 'draining' },
    { kind: 'environment', name: 'demo' },
    { kind: 'label', key: 'team', value: 'payments' },
    { kind: 'number', key: 'size', compare: '=', value: 4 },
    { kind: 'cycle', active: true },
  ]);
});

test.each(['outdated:many', 'state:asleep', 'unknown:1', ':x', 'env:'])(
  '%s cannot be read, so it is a word',
  (text) => {
    expect(parseFilter(text)).toEqual([{ kind: 'word', text }]);
  },
);
