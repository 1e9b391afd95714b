import { expect, test } from 'vitest';
import { filterInWords, type SessionSearch, sessionListInput } from './sessions-query.ts';

const everything: SessionSearch = { state: null, outcome: null, health: null, owner: null, pool: '', q: '', after: [] };

test('what is not filtered is not asked for', () => {
  expect(sessionListInput(everything)).toEqual({ q: '', limit: 50 });
});

test('the last cursor is the page that is shown', () => {
  expect(sessionListInput({ ...everything, pool: 'workers', after: ['a', 'b'] })).toEqual({
    pool: 'workers',
    cursor: 'b',
    q: '',
    limit: 50,
  });
});

test('a filter can be told in words', () => {
  expect(filterInWords(everything)).toBe('');
  expect(filterInWords({ ...everything, outcome: 'failed', owner: 'me', q: 'qps' })).toBe('failed, mine, “qps”');
});
