import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('the answers are in the order of the items, and no more than allowed are in work', async () => {
  const waiting: (() => void)[] = [];
  let inWork = 0;
  let most = 0;
  const all = inParallel([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++inWork);
    await new Promise<void>((resolve) => waiting.push(resolve));
    inWork -= 1;
    return item * 10;
  });
  // The last that began ends first.
  for (let ended = 0; ended < 5; ended += 1) {
    waiting.pop()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await all).toEqual([10, 20, 30, 40, 50]);
  expect(most).toBe(2);
});

test('a failure of one is the failure of all', async () => {
  await expect(inParallel([1], 2, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
