import { hostname } from 'node:os';
import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { forbidReload } from './pages/shell.ts';
import { workerPid } from './stack.ts';

test('a worker that is killed in the middle of a cycle is started again, and the page goes on', async ({
  operator,
}) => {
  test.setTimeout(240_000);
  const { cycle } = await CyclePage.start(operator, 'local/batch');
  const expectNoReload = await forbidReload(operator);
  await cycle.expectInWork();
  const first = workerPid();
  await expect(operator.getByText(`by ${hostname()}-${first}`)).toBeVisible();

  process.kill(first ?? 0, 'SIGKILL');
  await expect.poll(workerPid, { timeout: 20_000 }).not.toBe(first);
  await expect.poll(workerPid, { timeout: 20_000 }).not.toBeNull();
  // The lease of the one that died has to end first.
  await expect(operator.getByText(`by ${hostname()}-${workerPid()}`)).toBeVisible({ timeout: 30_000 });
  await cycle.expectState('completed', 180_000);
  await expect(cycle.progress).toHaveAccessibleName('4 of 4 replaced');
  await expectNoReload();
});
