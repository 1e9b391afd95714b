import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClustersPage } from './pages/clusters-page.ts';
import { ConfigurationPage, quickWorld } from './pages/configuration-page.ts';
import { expectAlive } from './pages/shell.ts';

/** Of all that there are, however many. */
const MOST_ROWS = 60;
const LARGE = '/clusters/staging/stream-workers';
const LARGE_SIZE = 320;

test('a list of more than sixty clusters draws sixty rows at the most, and comes to its end', async ({
  administrator,
  viewer,
}) => {
  const names = Array.from({ length: 12 }, (_, index) => `zinc-${index + 10}`);
  await new ConfigurationPage(administrator).declare(
    quickWorld('zoo', Object.fromEntries(names.map((name) => [name, { size: 0 }]))),
  );
  const clusters = new ClustersPage(viewer);
  await clusters.open();
  await expect(clusters.drawn.first()).toBeVisible();
  expect(await expectEnd(viewer, clusters.drawn, clusters.row('zoo/zinc-21'))).toBeGreaterThan(MOST_ROWS);
});

test('of a large cluster sixty instances are drawn at the most, and all can be come to', async ({ viewer }) => {
  await viewer.goto(`${LARGE}?view=table`);
  const table = viewer.getByRole('table', { name: 'Instances of stream-workers' });
  const drawn = table.locator('tr[data-index]');
  await expect(drawn.first()).toBeVisible();
  const last = table.locator(`tr[aria-rowindex="${LARGE_SIZE + 1}"]`);
  expect(await expectEnd(viewer, drawn, last)).toBe(LARGE_SIZE);
});

/** Scrolls down until the last row is there; never are there more rows than may be. Gives how many there are in all. */
async function expectEnd(page: Page, drawn: Locator, last: Locator): Promise<number> {
  await expect(async () => {
    expect(await drawn.count()).toBeLessThanOrEqual(MOST_ROWS);
    await page.mouse.wheel(0, 2_000);
    await expect(last).toBeInViewport({ timeout: 250 });
  }).toPass({ timeout: 40_000, intervals: [0] });
  expect(await drawn.count()).toBeLessThanOrEqual(MOST_ROWS);
  return Number(await last.getAttribute('aria-rowindex')) - 1;
}

test('a filter is in the address, which brings back what it lets through', async ({ viewer }) => {
  const clusters = new ClustersPage(viewer);
  await clusters.open();
  await expectAlive(clusters.filter);
  const terms = 'env:staging outdated:>0 label.team:search';
  await clusters.filter.fill(terms);
  await clusters.filter.press('Enter');
  await expect(clusters.count).toHaveText('3 clusters');
  const names = await clusters.drawn.getByRole('rowheader').allInnerTexts();
  await viewer.getByRole('columnheader', { name: 'Outdated' }).getByRole('link').click();
  await expect(viewer).toHaveURL(/[?&]sort=-outdated/);
  await expect(clusters.drawn.getByRole('rowheader').first()).toHaveText(/search-query/);

  await viewer.reload();
  await expect(clusters.filter).toHaveValue(terms);
  await expect(clusters.drawn.getByRole('rowheader').first()).toHaveText(/search-query/);
  await expect(clusters.drawn).toHaveCount(3);
  expect((await clusters.drawn.getByRole('rowheader').allInnerTexts()).toSorted()).toEqual(names.toSorted());

  await viewer.goto(`${LARGE}?view=table&q=outdated:yes+zone:eu-central-1a&sort=id`);
  const table = viewer.getByRole('table', { name: 'Instances of stream-workers' });
  await expect(table.getByRole('cell', { name: 'eu-central-1a' }).first()).toBeVisible();
  await expect(table.getByRole('cell', { name: /^eu-west/ })).toHaveCount(0);
});

test('what cannot be read of a filter is named, and the rest of it holds', async ({ viewer }) => {
  const clusters = new ClustersPage(viewer);
  await clusters.open('?q=env:staging+outdated:>many+ledger');
  await expect(clusters.drawn.getByRole('rowheader')).toHaveText([/^staging\/ledger$/]);
  await expect(viewer.getByText(/^outdated:>many at character 13 does not count: /)).toBeVisible();
  await expect(clusters.filter).toHaveAttribute('aria-invalid', 'true');
});

test('a grid of more than two hundred cells says that it hides names, and shows them when it is asked', async ({
  viewer,
}) => {
  await viewer.goto(`${LARGE}?view=grid`);
  const grid = viewer.getByRole('region', { name: 'Grid of instances' });
  await expect(grid.getByText('320 instances: names are hidden above 200.')).toBeVisible();
  const cursor = grid.getByRole('slider', { name: 'Cell in Grid of instances' });
  const height = async () => (await cursor.boundingBox())?.height ?? 0;
  const dense = await height();
  await grid.getByRole('button', { name: 'Show names' }).click();
  await expect(grid.getByText('names are hidden')).toBeHidden();
  await expect.poll(height).toBeGreaterThan(dense);

  await cursor.focus();
  const first = await cursor.getAttribute('aria-valuetext');
  await cursor.press('ArrowRight');
  await expect(cursor).not.toHaveAttribute('aria-valuetext', first ?? '');
  const [id = ''] = ((await cursor.getAttribute('aria-valuetext')) ?? '').split(',');
  await cursor.press('Enter');
  await expect(viewer.getByRole('complementary', { name: `Instance ${id}` })).toBeVisible();
  await expect(viewer).toHaveURL(new RegExp(`[?&]instance=${id}`));

  await grid.getByRole('button', { name: 'View as table' }).click();
  await expect(grid.getByRole('table')).toHaveAttribute('aria-rowcount', `${LARGE_SIZE + 1}`);
  await expect(grid.getByRole('row', { name: new RegExp(`^${id} `) })).toBeVisible();
});

test('a long jump in a table of instances ends at rows that are drawn, and a row brings its copy button', async ({
  viewer,
}) => {
  await viewer.goto(`${LARGE}?view=table`);
  const table = viewer.getByRole('table', { name: /^Instances of / });
  const names = table.getByRole('rowheader');
  await expect(names.first()).toBeVisible();
  await expectAlive(names.first());
  const copy = viewer.getByRole('button', { name: /^Copy / });
  await expect(copy).toHaveCount(0);
  await names.nth(2).hover();
  await expect(names.nth(2).getByRole('button', { name: /^Copy / })).toHaveCount(1);
  await names.nth(4).getByRole('button').focus();
  await expect(names.nth(4).getByRole('button', { name: /^Copy / })).toHaveCount(1);

  await viewer.mouse.wheel(0, 4_000);
  const fold = { x: 720, y: 600 };
  const atFold = () =>
    viewer.evaluate(({ x, y }) => document.elementFromPoint(x, y)?.closest('tr')?.ariaRowIndex, fold);
  await expect.poll(async () => Number(await atFold())).toBeGreaterThan(80);
});
