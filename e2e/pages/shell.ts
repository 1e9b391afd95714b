import { expect, type Locator, type Page } from '@playwright/test';

/** How fresh the page says it is. */
export function liveChip(page: Page) {
  return page.getByRole('banner').getByRole('status');
}

export async function expectLive(page: Page): Promise<void> {
  await expect(liveChip(page)).toContainText('Live', { timeout: 20_000 });
}

/** What follows must happen on the page as it is: a reload would forget this. */
export async function forbidReload(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', ''));
  return () => expect(page.locator('html[data-not-reloaded]')).toHaveCount(1);
}

/** Until it answers: nothing can be pressed or filled in while only the server has drawn it. */
export async function expectAlive(part: Locator): Promise<void> {
  await expect.poll(() => part.evaluate((element) => element.closest('[inert]') === null)).toBe(true);
}
