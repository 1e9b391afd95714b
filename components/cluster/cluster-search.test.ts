import { expect, test } from 'vitest';
import { clusterListInput, clustersHref, nextSort } from './cluster-search.ts';

test('the environment is one more term', () => {
  expect(clusterListInput({ env: 'demo', q: ' web ', sort: '-drift' })).toEqual({
    q: 'env:demo web',
    sort: 'drift',
    order: 'desc',
    limit: 50,
  });
});

test('what cannot be read of a filter is not asked for', () => {
  expect(clusterListInput({ env: '', q: 'web state:asleep', sort: 'name' }).q).toBe('web');
});

test('the address omits what is as always', () => {
  expect(clustersHref('/clusters', { env: '', q: '', sort: 'name' })).toBe('/clusters');
  expect(clustersHref('/clusters', { env: 'demo', sort: '-outdated' })).toBe('/clusters?env=demo&sort=-outdated');
});

test('a column sorts by the most first, a name from its first letter', () => {
  expect(nextSort('name', 'outdated')).toBe('-outdated');
  expect(nextSort('-outdated', 'outdated')).toBe('outdated');
  expect(nextSort('-drift', 'name')).toBe('name');
  expect(nextSort('name', 'name')).toBe('-name');
});
