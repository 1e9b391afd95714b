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

/** Narrows the list of the page by the top bar, which has a chip for each environment, and a select for many. */
export async function chooseEnvironment(page: Page, name: string): Promise<void> {
  const bar = page.getByRole('banner');
  const select = bar.getByRole('combobox', { name: 'Environment' });
  const chip = bar.getByRole('group', { name: 'Environment' }).getByRole('button', { name, exact: true });
  await expect(select.or(chip)).toBeVisible();
  if (await select.isVisible()) await select.selectOption(name);
  else await chip.click();
}
