import { expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClustersPage } from './pages/clusters-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { OverviewPage } from './pages/overview-page.ts';
import { PreviewPage } from './pages/preview-page.ts';

test('the overview begins with what needs me, the most urgent first, each with the one way to it', async ({
  operator,
  viewer,
}) => {
  test.setTimeout(120_000);
  const overview = new OverviewPage(operator);
  const { cycle, id } = await CyclePage.start(await operator.context().newPage(), 'staging/event-bus');
  const preview = new PreviewPage(operator);
  await preview.open('staging/service-proxy');
  await preview.tickWarnings();
  const planId = await preview.savePlan();

  await overview.open();
  const approval = overview.needs.filter({ hasText: /^Approve staging\/service-proxy: / });
  await expect(approval.getByRole('link')).toHaveText(['Review']);
  const going = operator.getByRole('region', { name: 'Capacity of staging/event-bus' });
  await expect(going.getByRole('link', { name: 'staging/event-bus' })).toBeVisible();

  await cycle.pause.click();
  const paused = overview.needs.filter({ hasText: /^staging\/event-bus is paused: / });
  await expect(paused.getByRole('link')).toHaveText(['Inspect'], { timeout: 60_000 });
  // A person knows of the pause; the plan expires.
  const order = await overview.needs.allInnerTexts();
  const place = (words: RegExp) => order.findIndex((need) => words.test(need));
  expect(place(/^Approve staging\/service-proxy/)).toBeLessThan(place(/^staging\/event-bus is paused/));
  await approval.getByRole('link').click();
  await expect(operator).toHaveURL(new RegExp(`/plans/${planId}$`));
  await overview.open();
  await paused.getByRole('link').click();
  await expect(operator).toHaveURL(new RegExp(`/cycles/${id}$`));

  // Who may neither approve nor steer is told of what stands still, and not asked to approve.
  const seen = new OverviewPage(viewer);
  await seen.open();
  await expect(seen.needs.filter({ hasText: /^staging\/event-bus is paused: / })).toBeVisible();
  await expect(seen.needs.filter({ hasText: /^Approve / })).toHaveCount(0);
  await new CyclePage(operator, 'staging/event-bus').abort('Stop now');
  await expect(viewer.getByText('Nothing needs you.').first()).toBeVisible();
  await expect(viewer.getByText(/plans? waits? for an approval that you cannot give\./)).toBeVisible();
});

test('each of the four numbers leads to a list that has as many', async ({ operator }) => {
  test.setTimeout(120_000);
  const overview = new OverviewPage(operator);
  const { cycle } = await CyclePage.start(await operator.context().newPage(), 'staging/build-agents');
  await overview.open();
  await expect(overview.number(/cycles? running/)).toHaveAccessibleName(/^[1-9]/);

  await expectSame(operator, /clusters? outdated/, async (numbers) => {
    await expect(operator).toHaveURL(/\/clusters\?q=outdated:%3E0$|\/clusters\?q=outdated:>0$/);
    await expect(new ClustersPage(operator).count).toHaveText(`${numbers[0]} clusters`);
  });
  await expectSame(operator, /cycles? running/, async (numbers) => {
    const active = operator.getByRole('region', { name: 'Active' });
    const total = numbers.reduce((sum, number) => sum + number, 0);
    await expect(active.getByRole('heading', { name: 'Active' }).locator('+ span')).toHaveText(`${total}`);
  });
  await expectSame(operator, /approvals? waits? for you/, async (numbers) => {
    const waiting = operator.getByRole('list', { name: 'Plans that wait for an approval' }).getByRole('listitem');
    await expect(waiting).toHaveCount(numbers.reduce((sum, number) => sum + number, 0));
  });
  await expectSame(operator, /pools? full/, async ([full, all]) => {
    const free = operator.getByRole('table', { name: 'Pools' }).getByRole('row');
    await expect(free).toHaveCount((all ?? 0) + 1);
    await expect(free.filter({ has: operator.getByRole('cell', { name: /^0 \/ \d+$/ }) })).toHaveCount(full ?? -1);
  });
  await cycle.abort('Stop now');
});

/** Follows a number to its list; again where something has changed in between. */
async function expectSame(
  page: Page,
  words: RegExp,
  expectList: (numbers: readonly number[]) => Promise<void>,
): Promise<void> {
  const overview = new OverviewPage(page);
  await expect(async () => {
    await overview.open();
    const link = overview.number(words);
    const numbers = [...(await link.innerText()).matchAll(/\d+/g)].map(([digits]) => Number(digits));
    await link.click();
    await expectList(numbers);
  }).toPass({ timeout: 60_000 });
}
