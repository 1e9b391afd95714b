import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** As little is wrong as can be found by a machine, in every look of the page; and a phone scrolls only downwards. */
export async function expectSound(page: Page): Promise<void> {
  await expect(page).toHaveTitle(/\S/);
  for (const viewport of [DESKTOP, PHONE]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations, passes } = await axe(page).analyze();
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      const found = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      expect(found, `${page.url()}, ${colorScheme}, ${viewport.width} wide`).toEqual([]);
      expect(passes.length).toBeGreaterThan(0);
    }
  }
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(beyond, `${page.url()} is wider than a phone`).toBeLessThanOrEqual(0);
  await page.setViewportSize(DESKTOP);
}

/** There are no frames, so that it need not open a page of its own, which would take the stream from this one. */
function axe(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
}
