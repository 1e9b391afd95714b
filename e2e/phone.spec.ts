import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { ConfigurationPage, quickWorld } from './pages/configuration-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PreviewPage } from './pages/preview-page.ts';
import { expectLive } from './pages/shell.ts';

const PHONE = { width: 390, height: 844 };
/** Where the thumb is: the lowest fifth. */
const THUMB_FROM = PHONE.height * 0.8;

test('on a phone a plan is approved and its cycle paused by the thumb, wherever the page is scrolled to', async ({
  administrator,
  operator,
}) => {
  await new ConfigurationPage(administrator).declare(quickWorld('pocket', { watch: { size: 12 } }));
  await operator.setViewportSize(PHONE);
  const preview = new PreviewPage(operator);
  // One at a time, so that it goes on for long enough.
  await preview.open('pocket/watch', '?batch=1');
  await preview.tickWarnings();
  await preview.savePlan();
  await expectLive(operator);

  const plan = new PlanPage(operator);
  await press(operator, plan.approve);
  await plan.approveDialog.getByRole('button', { name: /^Approve/ }).click();
  await operator.waitForURL(/\/cycles\/[^/]+$/);
  const cycle = new CyclePage(operator, 'pocket/watch');
  await cycle.expectState('running');
  await press(operator, cycle.pause);
  await cycle.expectState('paused');
  await cycle.abort('Stop now');
});

/** At the foot of the screen, at the beginning of the page and at its end; nothing is scrolled to reach it. */
async function press(page: Page, button: Locator): Promise<void> {
  await expect(button).toBeEnabled();
  for (const top of [0, 1_000_000]) {
    await page.evaluate((to) => window.scrollTo(0, to), top);
    const box = await boxOf(button);
    expect(box.y).toBeGreaterThan(THUMB_FROM);
    expect(box.y + box.height).toBeLessThan(PHONE.height);
  }
  const { x, y, width, height } = await boxOf(button);
  await page.mouse.click(x + width / 2, y + height / 2);
}

async function boxOf(button: Locator) {
  const box = await button.boundingBox();
  if (box === null) throw new Error(`${button} is not there.`);
  return box;
}
