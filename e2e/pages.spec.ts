import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PreviewPage } from './pages/preview-page.ts';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** As little is wrong as can be found by a machine, in every look of the page; and a phone scrolls only downwards. */
async function expectSound(page: Page): Promise<void> {
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

test('the pages for those who are not signed in', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expectSound(page);
  await page.goto('/join#wrong');
  await expect(page.getByText('This link is not whole.')).toBeVisible();
  await expectSound(page);
});

const pages = [
  ['the clusters', '/clusters', 'table'],
  ['the instances of a cluster', '/clusters/local/api', 'table'],
  ['the cycles of a cluster', '/clusters/local/api?tab=cycles', 'heading'],
  ['the configuration of a cluster', '/clusters/demo/media?tab=config', 'table'],
  ['the form to edit a cluster', '/clusters/local/api?tab=config&edit=true', 'form'],
  ['the form to declare a cluster', '/clusters/new', 'form'],
  ['a preview', '/clusters/demo/search/preview', 'table'],
  ['the cycles', '/cycles', 'heading'],
  ['the activity', '/activity', 'table'],
  ['the people', '/people', 'table'],
  ['a page that is not there', '/clusters/local/nowhere', 'heading'],
] as const;

for (const [name, path, role] of pages) {
  test(`${name}: sound in light and dark, wide and narrow`, async ({ administrator }) => {
    await administrator.goto(path);
    await expect(administrator.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(administrator.getByRole('main').getByRole(role).first()).toBeVisible();
    await expectSound(administrator);
  });
}

test('an instance, beside the list and on its own page: sound in light and dark, wide and narrow', async ({
  operator,
}) => {
  await operator.goto('/clusters/local/api');
  await operator.getByRole('table').getByRole('rowheader').first().getByRole('button').first().click();
  await expect(operator.getByRole('complementary', { name: /^Instance / })).toBeVisible();
  await expectSound(operator);
  await operator.getByRole('link', { name: 'Open page' }).click();
  await operator.waitForURL(/\/instances\//);
  await expect(operator.getByRole('region', { name: /^Instance / })).toBeVisible();
  await expectSound(operator);
});

test('a plan, its dialog and its cycle: sound in light and dark, wide and narrow', async ({ operator }) => {
  test.setTimeout(120_000);
  const preview = new PreviewPage(operator);
  await preview.open('demo/media');
  await preview.tickWarnings();
  await preview.savePlan();
  await expectSound(operator);

  const plan = new PlanPage(operator);
  await plan.approve.click();
  await expect(plan.approveDialog).toBeVisible();
  await expectSound(operator);
  await operator.keyboard.press('Escape');

  await plan.approveAndConfirm();
  const cycle = new CyclePage(operator, 'demo/media');
  await cycle.expectInWork();
  await expectSound(operator);
  await cycle.abort('Stop now');
});
