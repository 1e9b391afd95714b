import { expect, test } from 'vitest';
import { clusterListInput, clustersHref, nextSort } from './cluster-search.ts';

test('the environment is one more term, and the last cursor is the one in use', () => {
  expect(clusterListInput({ env: 'demo', q: ' web ', sort: '-drift', after: ['50', '100'] })).toEqual({
    q: 'env:demo web',
    sort: 'drift',
    direction: 'desc',
    cursor: '100',
    limit: 50,
  });
});

test('the address omits what is as always', () => {
  expect(clustersHref('/clusters', { env: '', q: '', sort: 'name', after: [] })).toBe('/clusters');
  expect(clustersHref('/clusters', { env: 'demo', sort: '-outdated' })).toBe('/clusters?env=demo&sort=-outdated');
});

test('a column sorts by the most first, a name from its first letter', () => {
  expect(nextSort('name', 'outdated')).toBe('-outdated');
  expect(nextSort('-outdated', 'outdated')).toBe('outdated');
  expect(nextSort('-drift', 'name')).toBe('name');
  expect(nextSort('name', 'name')).toBe('-name');
});
