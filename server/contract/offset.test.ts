import { expect, test } from 'vitest';
import { clusterListSchema } from './cluster.ts';
import { instanceListSchema } from './instance.ts';

test.each(['1e300', '1.5', '-1', '', 'x', '1234567890'])(
  'a list that begins at %j is refused, not guessed',
  (cursor) => {
    expect(clusterListSchema.safeParse({ cursor }).success).toBe(false);
    expect(instanceListSchema.safeParse({ cursor }).success).toBe(false);
  },
);

test.each(['0', '50', null])('a list that begins at %j is read', (cursor) => {
  expect(clusterListSchema.safeParse({ cursor }).success).toBe(true);
});
