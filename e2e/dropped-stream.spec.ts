import { expect, type Page } from '@playwright/test';
import { Cable } from './cable.ts';
import { test } from './fixtures.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { expectLive, forbidReload, liveChip } from './pages/shell.ts';
import { address } from './stack.ts';

test('a page that was cut off shows what happened meanwhile, without a reload', async ({ operator, viewer }) => {
  test.setTimeout(120_000);
  const { cycle, id } = await CyclePage.start(operator, 'demo/billing');
  const cable = await Cable.to(address());
  try {
    const watched = new CyclePage(viewer, 'demo/billing');
    await watched.open(id, cable.address);
    await expectLive(viewer);
    const expectNoReload = await forbidReload(viewer);
    await cycle.expectInWork();

    cable.cut();
    await expect(liveChip(viewer)).toContainText('Offline since');
    await viewer.getByRole('link', { name: 'Clusters', exact: true }).first().click();
    await expect(viewer.getByRole('dialog', { name: 'About the live view' })).toContainText('Links stay on this page');
    await expect(viewer).toHaveURL(`${cable.address}/cycles/${id}`);
    await viewer.keyboard.press('Escape');
    await cycle.pause.click();
    await cycle.expectState('paused', 60_000);
    await watched.expectState('running');

    cable.mend();
    await expectLive(viewer);
    await watched.expectState('paused');
    await expect(async () => expect(await shownBy(viewer, watched)).toEqual(await shownBy(operator, cycle))).toPass();
    expect((await shownBy(viewer, watched)).length).toBeGreaterThan(2);
    await expectNoReload();

    await cycle.abort('Stop now');
    await watched.expectState('aborted');
    await viewer.getByRole('link', { name: 'Clusters', exact: true }).first().click();
    await expect(viewer).toHaveURL(`${cable.address}/clusters`);
  } finally {
    await cable.remove();
  }
});

/** Steps and calls of the cycle, which have come one by one. */
async function shownBy(page: Page, cycle: CyclePage): Promise<readonly string[]> {
  await cycle.show('Steps');
  const steps = await page.getByRole('region', { name: 'Steps' }).getByRole('listitem').allInnerTexts();
  await cycle.show('Log');
  const calls = await page.getByRole('region', { name: 'Back-end calls' }).getByRole('row').allInnerTexts();
  return [...steps, ...calls];
}
