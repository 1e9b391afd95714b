import { expect, test } from 'vitest';
import { declareClusterSchema } from './cluster.ts';

const cluster = { environmentId: 'e', name: 'web', spec: {}, minSize: 0, targetSize: 1, maxSize: 2 };
const issues = (pool: string) =>
  declareClusterSchema.safeParse({ ...cluster, labels: { pool, team: 'any: text/at all' } }).error?.issues ?? [];

test.each(['workers', 'Größe.1-a_b', ''])('a cluster may name the pool "%s"', (pool) => {
  expect(issues(pool)).toEqual([]);
});

test.each(['two words', 'a:b', 'a/b', 'x'.repeat(101)])(
  'a cluster may not name the pool "%s", and is told where',
  (pool) => {
    expect(issues(pool)).toMatchObject([{ path: ['labels', 'pool'] }]);
  },
);
