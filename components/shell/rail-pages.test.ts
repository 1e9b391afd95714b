import { expect, test } from 'vitest';
import { isCurrent, mainPages, otherPages, pageHref } from './rail-pages.ts';

const currentAt = (path: string) =>
  [...mainPages, ...otherPages].filter((page) => isCurrent(path, page)).map(({ label }) => label);

test.each([
  ['/', ['Overview']],
  ['/clusters', ['Clusters']],
  ['/clusters/prod/web/preview', ['Clusters']],
  ['/plans/pln_1', ['Cycles']],
  ['/reservations/new', ['Pools']],
  ['/settings/config', ['Configuration']],
  ['/peoples', []],
])('at %s the rail shows %j', (path, labels) => {
  expect(currentAt(path)).toEqual(labels);
});

test('only lists that know environments are narrowed to the one that was chosen', () => {
  const [overview, clusters] = mainPages;
  expect(pageHref(clusters, 'lab & co')).toBe('/clusters?env=lab%20%26%20co');
  expect(pageHref(clusters, null)).toBe('/clusters');
  expect(pageHref(overview, 'prod')).toBe('/');
});
