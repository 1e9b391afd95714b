import { expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClustersPage } from './pages/clusters-page.ts';
import { chooseEnvironment, expectLive } from './pages/shell.ts';

test('the theme that a person chooses is drawn at once and after a reload', async ({ viewer }) => {
  await viewer.emulateMedia({ colorScheme: 'light' });
  await viewer.goto('/activity');
  await expectLive(viewer);
  const light = await canvas(viewer);
  const choose = async (theme: string) => {
    await viewer.getByRole('button', { name: 'Vera Locke, viewer' }).click();
    await viewer.getByRole('group', { name: 'Theme' }).getByRole('menuitemradio', { name: theme }).click();
    await viewer.keyboard.press('Escape');
  };

  await choose('Dark');
  await expect.poll(() => canvas(viewer)).not.toBe(light);
  const dark = await canvas(viewer);
  await viewer.reload();
  expect(await canvas(viewer)).toBe(dark);
  await expectLive(viewer);

  await choose('As the system');
  await expect.poll(() => canvas(viewer)).toBe(light);
  await viewer.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => canvas(viewer)).toBe(dark);
});

/** The colour behind everything. */
function canvas(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

test('times are told in UTC until a person chooses those of the browser, and they stay chosen', async ({ viewer }) => {
  await viewer.goto('/activity');
  await expectLive(viewer);
  const first = viewer.getByRole('table').locator('time').first();
  const moment = new Date((await first.getAttribute('datetime')) ?? '');
  const titleIn = (timeZone: string) =>
    moment.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const told = viewer.locator(`time[datetime="${moment.toISOString()}"]`).first();
  // Some browsers call the zone as it was spelt before.
  const toggle = viewer.getByRole('banner').getByRole('button', { name: /^(UTC|Kath?mandu) \d\d:\d\d:\d\d$/ });
  await expect(toggle).toHaveText(/^UTC /);
  await expect(told).toHaveAttribute('title', new RegExp(`, ${titleIn('UTC')} UTC$`));

  await toggle.click();
  const there = new RegExp(`, ${titleIn('Asia/Kathmandu')} Kath?mandu$`);
  await expect(toggle).toHaveText(/^Kath?mandu /);
  await expect(told).toHaveAttribute('title', there);
  await viewer.reload();
  await expect(toggle).toHaveText(/^Kath?mandu /);
  await expect(told).toHaveAttribute('title', there);

  await expectLive(viewer);
  await toggle.click();
  await expect(told).toHaveAttribute('title', new RegExp(`, ${titleIn('UTC')} UTC$`));
});

test('the environment that is chosen in the top bar narrows the clusters, and stays chosen', async ({ viewer }) => {
  const clusters = new ClustersPage(viewer);
  await clusters.open();
  await expectLive(viewer);
  await chooseEnvironment(viewer, 'demo');
  await expect(viewer).toHaveURL(/\/clusters\?env=demo$/);
  await expectDemo();
  await viewer.reload();
  await expectDemo();

  // The links to the list lead to the same, on another page and after it was loaded anew.
  await viewer.goto('/pools');
  await viewer.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Clusters' }).click();
  await expect(viewer).toHaveURL(/\/clusters\?env=demo$/);
  await expectDemo();
  await expectLive(viewer);
  await chooseEnvironment(viewer, 'all');
  await expect(viewer).toHaveURL(/\/clusters$/);
  await expect(clusters.count).not.toHaveText('10 clusters');

  async function expectDemo(): Promise<void> {
    await expect(clusters.count).toHaveText('10 clusters');
    await expect(clusters.drawn.getByRole('rowheader')).toHaveText(Array(10).fill(/^demo\//));
  }
});
