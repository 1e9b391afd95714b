import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClustersPage } from './pages/clusters-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PreviewPage } from './pages/preview-page.ts';
import { expectAlive } from './pages/shell.ts';

test('the main job is done by keyboard alone', async ({ operator }) => {
  test.setTimeout(120_000);
  const clusters = new ClustersPage(operator);
  await clusters.open();
  await expect(clusters.link('demo/search')).toBeVisible();
  await press(operator, clusters.link('demo/search'), 'Enter');
  await press(operator, operator.getByRole('link', { name: 'Preview cycle' }), 'Enter');

  const preview = new PreviewPage(operator);
  await expect(preview.save).toBeVisible();
  for (const warning of await operator.getByRole('main').getByRole('checkbox').all()) {
    await press(operator, warning, 'Space');
    await expect(warning).toBeChecked();
  }
  await expect(preview.save).toBeEnabled();
  await press(operator, preview.save, 'Enter');

  const plan = new PlanPage(operator);
  await press(operator, plan.approve, 'Enter');
  await expectTrapped(operator, plan.approveDialog);
  await operator.keyboard.press('Escape');
  await expect(plan.approveDialog).toBeHidden();
  await expect(plan.approve).toBeFocused();

  await operator.keyboard.press('Enter');
  await press(operator, plan.approveDialog.getByRole('button', { name: /^Approve/ }), 'Enter');
  await expect(operator).toHaveURL(/\/cycles\//);
  const cycle = new CyclePage(operator, 'demo/search');
  await cycle.expectState('running');

  const abort = operator.getByRole('button', { name: 'Abort…' });
  await press(operator, abort, 'Enter');
  const dialog = operator.getByRole('dialog');
  await expectTrapped(operator, dialog);
  await press(operator, dialog.getByRole('radio').first(), 'ArrowDown');
  await press(operator, dialog.getByRole('button', { name: /^Stop/ }), 'Enter');
  await cycle.expectState('aborted');
});

const FARTHEST = 150;

/** Goes to it by Tab, as far as it takes, and presses the key. */
async function press(page: Page, target: Locator, key: 'Enter' | 'Space' | 'ArrowDown'): Promise<void> {
  await expect(target).toBeVisible();
  await expectAlive(target);
  for (let tabs = 0; tabs < FARTHEST; tabs += 1) {
    if (await isFocused(target)) {
      await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} was not reached by ${FARTHEST} times Tab`);
}

/** Once around, and the focus never was outside. */
async function expectTrapped(page: Page, dialog: Locator): Promise<void> {
  await expect(dialog.locator(':focus')).toHaveCount(1);
  const stops = await dialog.locator('button, input, textarea, select, a[href]').count();
  for (let tabs = 0; tabs <= stops; tabs += 1) {
    await page.keyboard.press('Tab');
    await expect(dialog.locator(':focus')).toHaveCount(1);
  }
}

function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement);
}
