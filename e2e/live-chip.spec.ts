import { expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClusterPage } from './pages/cluster-page.ts';
import { expectLive, forbidReload, liveChip } from './pages/shell.ts';

test('a tab that somebody pauses stays as it is, and catches up when it goes on', async ({ viewer, administrator }) => {
  const other = await viewer.context().newPage();
  for (const page of [viewer, other]) {
    await page.goto('/clusters/demo/gateway?tab=config');
    await expectLive(page);
  }
  const expectNoReload = await forbidReload(viewer);
  await viewer.getByRole('switch', { name: /^Live view: / }).click();
  await expect(liveChip(viewer)).toHaveText('Paused by you');

  await new ClusterPage(administrator, 'demo/gateway').changeLabels('team=platform, shift=night');
  await expect(label(other)).toBeVisible();
  await expect(label(viewer)).toBeHidden();
  await expect(liveChip(viewer)).toHaveText('Paused by you');

  await viewer.keyboard.press('l');
  await expectLive(viewer);
  await expect(label(viewer)).toBeVisible();
  await expectNoReload();
});

function label(page: Page) {
  return page.getByRole('region', { name: 'Labels' }).getByText('shift=night');
}
