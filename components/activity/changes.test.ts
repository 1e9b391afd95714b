import { expect, test } from 'vitest';
import { changes } from './changes.ts';

test('only what differs is a change, each by its path', () => {
  const before = { role: 'viewer', sizes: { min: 1, max: 3 }, labels: ['a', 'b'], gone: true };
  const after = { role: 'operator', sizes: { min: 1, max: 4 }, labels: ['a'], come: 'now' };
  expect(changes(before, after)).toEqual([
    { path: 'come', before: null, after: 'now' },
    { path: 'gone', before: 'true', after: null },
    { path: 'labels', before: 'a, b', after: 'a' },
    { path: 'role', before: 'viewer', after: 'operator' },
    { path: 'sizes.max', before: '3', after: '4' },
  ]);
});

test.each([
  [null, null, []],
  [null, { role: 'viewer' }, [{ path: 'role', before: null, after: 'viewer' }]],
  ['one', 'two', [{ path: '', before: 'one', after: 'two' }]],
  [{ list: [{ id: 1 }] }, { list: [{ id: 2 }] }, [{ path: 'list.0.id', before: '1', after: '2' }]],
])('from %j to %j', (before, after, expected) => {
  expect(changes(before, after)).toEqual(expected);
});
