import { expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { PreviewPage } from './pages/preview-page.ts';
import { expectAlive, expectLive } from './pages/shell.ts';

/** Presses a part of a choice of one among a few. */
async function choose(page: Page, group: string, option: string | RegExp): Promise<void> {
  await page.getByRole('group', { name: group }).getByRole('button', { name: option }).click();
}

/** What is chosen on the page, by the person or as it is always. */
async function chosen(page: Page): Promise<readonly string[]> {
  const pressed = await page.getByRole('main').getByRole('button', { pressed: true }).allInnerTexts();
  const beside = await page
    .getByRole('complementary')
    .evaluateAll((parts) => parts.map((part) => part.ariaLabel ?? ''));
  return [...pressed, ...beside];
}

/** The address of the page shows the same to whoever opens it, and the page has that address for a reason. */
async function expectRestored(page: Page, search: RegExp): Promise<void> {
  await expect(page).toHaveURL(search);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expectLive(other);
  await expect.poll(() => chosen(other)).toEqual(await chosen(page));
  await other.close();
}

test('the address of a cluster brings back its view, its groups and the instance that is looked at', async ({
  viewer,
}) => {
  await viewer.goto('/clusters/staging/cart');
  await expectLive(viewer);
  await choose(viewer, 'How instances are shown', /^Grid$/);
  await choose(viewer, 'Group cells by', 'Zone');
  await viewer.getByRole('slider', { name: 'Cell in Grid of instances' }).press('Enter');
  await expect(viewer.getByRole('complementary', { name: /^Instance sim-/ })).toBeVisible();
  await expectRestored(viewer, /\?(?=.*view=grid)(?=.*group=zone)(?=.*instance=sim-)/);
  expect(await chosen(viewer)).toEqual(['Grid', 'Zone', expect.stringMatching(/^Instance sim-/)]);
});

test('the address of a cycle brings back its view, which instances are listed and the one that is looked at', async ({
  operator,
}) => {
  const { cycle } = await CyclePage.start(operator, 'staging/feature-store');
  await cycle.show('Chart');
  await choose(operator, 'Which instances', /^Waiting/);
  const listed = operator.getByRole('table', { name: 'Instances of this cycle' }).getByRole('rowheader');
  const last = listed.last().getByRole('button');
  const id = await last.innerText();
  await last.click();
  await expect(operator.getByRole('complementary', { name: `Instance ${id}` })).toBeVisible();
  await expectRestored(operator, new RegExp(`\\?(?=.*view=chart)(?=.*show=waiting)(?=.*sel=${id})`));
  expect(await chosen(operator)).toEqual(['Chart', expect.stringMatching(/^Waiting \d+$/), id, `Instance ${id}`]);
  await cycle.abort('Stop now');
});

test('the addresses of the pools and of one bring back how they are shown', async ({ viewer }) => {
  await viewer.goto('/pools');
  await expectLive(viewer);
  await choose(viewer, 'How pools are shown', 'Table');
  await expectRestored(viewer, /\/pools\?view=numbers$/);
  expect(await chosen(viewer)).toEqual(['Table']);

  await viewer.goto('/pools/workers');
  await expectLive(viewer);
  await choose(viewer, 'Which machines', /^Out of service/);
  await expectRestored(viewer, /\/pools\/workers\?show=out$/);
  expect(await chosen(viewer)).toEqual([expect.stringMatching(/^Out of service \d+$/)]);
});

test('the address of a preview brings back its knobs, and what is planned with them', async ({ operator }) => {
  await new PreviewPage(operator).open('staging/cart');
  const knobs = operator.getByRole('region', { name: 'What if' });
  await expectAlive(knobs);
  await knobs.getByRole('textbox', { name: 'Surge beyond target' }).fill('1');
  await knobs.getByRole('textbox', { name: 'Drain timeout', exact: true }).fill('5 min');
  await knobs.getByRole('combobox', { name: 'On drain timeout', exact: true }).selectOption('force');
  await expect(operator).toHaveURL(/\?(?=.*surge=1)(?=.*drain=300)(?=.*timeout=force)/);
  const planned = operator.getByRole('region', { name: 'What would happen now' });
  await expect(planned).toContainText('size 40 → 41');

  const other = await operator.context().newPage();
  await other.goto(operator.url());
  await expect(other.getByRole('region', { name: 'What would happen now' })).toHaveText(await planned.innerText(), {
    useInnerText: true,
  });
  const again = other.getByRole('region', { name: 'What if' });
  await expect(again.getByText('3 changed', { exact: true })).toBeVisible();
  await expect(again.getByRole('textbox', { name: 'Surge beyond target' })).toHaveValue('1');
  await expect(again.getByRole('textbox', { name: 'Drain timeout', exact: true })).toHaveValue('5 min');
  await expect(again.getByRole('combobox', { name: 'On drain timeout', exact: true })).toHaveValue('force');
});
