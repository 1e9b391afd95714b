import { expect, test } from 'vitest';
import { FILTER_KEYS, parseFilter, quoted, readablePart } from './filter.ts';

const conditions = (text: string, subject: 'clusters' | 'instances' = 'clusters') => {
  const { terms, problems } = parseFilter(text, subject);
  expect(problems).toEqual([]);
  return terms.map(({ negated, condition }) => (negated ? { not: condition } : condition));
};

test('a filter is words and terms, and a hyphen turns one round', () => {
  expect(conditions('  web -old state:draining -cycle:none env:demo label.team:payments ')).toEqual([
    { kind: 'word', text: 'web' },
    { not: { kind: 'word', text: 'old' } },
    { kind: 'state', state: 'draining' },
    { not: { kind: 'cycle', cycle: 'none' } },
    { kind: 'environment', name: 'demo' },
    { kind: 'label', key: 'team', value: 'payments' },
  ]);
});

test.each([
  ['outdated:>0', '>', 0],
  ['outdated:yes', '>', 0],
  ['outdated:no', '=', 0],
  ['outdated:4', '=', 4],
  ['outdated:=4', '=', 4],
  ['outdated:>=4', '>=', 4],
  ['outdated:<=4', '<=', 4],
])('%s counts', (text, compare, value) => {
  expect(conditions(text)).toEqual([{ kind: 'count', key: 'outdated', compare, value }]);
});

test.each([
  ['age:>10m', '>', 600_000],
  ['age:<2h', '<', 7_200_000],
  ['age:>=3d', '>=', 259_200_000],
  ['age:<=1h30m', '<=', 5_400_000],
  ['age:>90min', '>', 5_400_000],
  ['AGE:>30S', '>', 30_000],
])('%s is a time', (text, compare, ms) => {
  expect(conditions(text)).toEqual([{ kind: 'age', compare, ms }]);
});

test('quotation marks keep blanks and colons together', () => {
  expect(conditions('"two words" -"a:b" label.owner:"Ada Byron"')).toEqual([
    { kind: 'word', text: 'two words' },
    { not: { kind: 'word', text: 'a:b' } },
    { kind: 'label', key: 'owner', value: 'Ada Byron' },
  ]);
});

test('what is written in quotation marks is read as it was', () => {
  for (const value of ['plain', 'two words', ' around ']) {
    expect(conditions(`label.x:${quoted(value)}`)).toEqual([{ kind: 'label', key: 'x', value }]);
  }
});

test('a version may be written with its v', () => {
  expect(conditions('version:v3 version:<v4 version:5')).toEqual([
    { kind: 'version', compare: '=', value: 3 },
    { kind: 'version', compare: '<', value: 4 },
    { kind: 'version', compare: '=', value: 5 },
  ]);
});

test.each([
  ['web stat:draining', 4, 17, 'there is no "stat:"'],
  ['state:asleep', 0, 12, 'starting, started, draining, drained and terminating'],
  ['outdated:many', 0, 13, 'a number'],
  ['a age:10m', 2, 9, 'age:>10m'],
  ['age:>10parsecs', 0, 14, 'in s, m, h or d'],
  ['env:', 0, 4, 'write what "env:" is to be'],
  ['-cycle:over', 0, 11, 'active, paused and none'],
  ['label.:x', 0, 8, 'label.team:payments'],
  ['a "open word', 2, 12, 'close it'],
  ['size:99999999999999', 0, 19, 'a number'],
])('of %s the unreadable part is named with its place and what is possible', (text, from, to, message) => {
  const { problems } = parseFilter(text, 'clusters');
  expect(problems).toEqual([{ from, to, text: text.slice(from, to), message: expect.stringContaining(message) }]);
});

test('what is of clusters alone is said where instances are filtered', () => {
  for (const text of ['size:>3', 'cycle:active', 'drift:>2d']) {
    expect(parseFilter(text, 'clusters').problems).toEqual([]);
    expect(parseFilter(text, 'instances').problems[0]?.message).toContain('is for clusters');
  }
});

test('the readable part is the filter without what cannot be read', () => {
  expect(readablePart('web state:asleep  outdated:>0 x:', 'clusters')).toBe('web outdated:>0');
  expect(readablePart(' "two words" ', 'clusters')).toBe('"two words"');
});

test('every value that is offered can be read', () => {
  for (const { key, values } of FILTER_KEYS) {
    for (const value of values)
      expect(parseFilter(`${key}:${value}`, 'clusters').problems, `${key}:${value}`).toEqual([]);
  }
});
