import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClustersPage } from './pages/clusters-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PreviewPage } from './pages/preview-page.ts';
import { forbidReload } from './pages/shell.ts';

const CYCLE_MS = 180_000;

test('an operator cycles real machines: five clicks to the approval, three minutes to the end', async ({
  operator,
}) => {
  test.setTimeout(CYCLE_MS + 60_000);
  // Counted by the browser, so that no click is left out.
  await operator.addInitScript(() => {
    addEventListener(
      'click',
      () => sessionStorage.setItem('clicks', `${Number(sessionStorage.clicks ?? 0) + 1}`),
      true,
    );
  });
  const clusters = new ClustersPage(operator);
  await clusters.open();
  await expect(clusters.row('local/web')).toContainText('4 / 4');

  await clusters.link('local/web').click();
  await operator.getByRole('link', { name: 'Preview cycle' }).click();
  await new PreviewPage(operator).savePlan();
  await new PlanPage(operator).approveAndConfirm();
  const startedAt = Date.now();
  expect(await operator.evaluate(() => Number(sessionStorage.clicks))).toBeLessThanOrEqual(5);

  const cycle = new CyclePage(operator, 'local/web');
  const expectNoReload = await forbidReload(operator);
  await cycle.expectInWork();
  await cycle.pause.click();
  await cycle.expectState('paused', 60_000);
  await expect(cycle.lead('It goes on when somebody resumes it.')).toBeVisible();
  await cycle.resume.click();
  await cycle.expectState('running');
  await cycle.expectState('completed', CYCLE_MS);
  expect(Date.now() - startedAt).toBeLessThan(CYCLE_MS);
  await expect(cycle.progress).toHaveAccessibleName('4 of 4 replaced');
  await expectNoReload();

  await clusters.open();
  await expect(clusters.row('local/web')).toContainText('0 / 4');
});
