import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { ConfigurationPage, quickWorld } from './pages/configuration-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { expectLive } from './pages/shell.ts';

const SIZE = 4;

test('every moment of a cycle can be looked at, in its address, and nothing can be ordered in the past', async ({
  administrator,
  operator,
}) => {
  test.setTimeout(240_000);
  const configuration = new ConfigurationPage(administrator);
  await configuration.declare(quickWorld('quarry', { stone: { size: SIZE } }));
  const { cycle: first } = await CyclePage.start(operator, 'quarry/stone');
  await first.expectState('completed', 60_000);
  await configuration.declare(quickWorld('quarry', { stone: { size: SIZE, image: 'stone:2' } }));
  const { cycle, id } = await CyclePage.start(operator, 'quarry/stone');
  await cycle.expectInWork();

  // While it runs: the past is shown, and now goes on behind it.
  await cycle.previousEvent.click();
  await expect(cycle.past).toBeVisible();
  await expect(cycle.pause).toBeDisabled();
  await expect(cycle.pause).toHaveAccessibleDescription('not while you look back');
  await expect(operator).toHaveURL(/[?&]at=/);
  await operator.getByRole('button', { name: 'Back to now' }).click();
  await expect(cycle.past).toBeHidden();
  await expect(operator).not.toHaveURL(/[?&]at=/);
  await cycle.expectState('completed', 90_000);
  await expect(cycle.progress).toHaveAccessibleName(`${SIZE} of ${SIZE} replaced`);

  // Each instance has a lane: those that went, and those that came for them.
  await cycle.show('Timeline');
  const timeline = operator.getByRole('region', { name: 'Timeline' });
  await expect(timeline.getByRole('slider', { name: 'Moment in Timeline' })).toBeVisible();
  await timeline.getByRole('button', { name: 'View as table' }).click();
  const lanes = timeline.getByRole('table', { name: 'Timeline' }).getByRole('row');
  await expect(lanes).toHaveCount(1 + 2 * SIZE);
  const ids = await timeline.getByRole('rowheader').allInnerTexts();
  const shown = operator.getByRole('table', { name: 'Instances of this cycle' });
  expect(ids.toSorted()).toEqual((await shown.getByRole('rowheader').allInnerTexts()).toSorted());
  const replaced = (await lanes.getByRole('cell').allInnerTexts()).filter((text) => ids.includes(text));
  expect(new Set(replaced).size).toBe(SIZE);
  await timeline.getByRole('button', { name: 'View as picture' }).click();

  // What is zoomed into is in the address as well, and an address may count back from now.
  await timeline.getByRole('button', { name: 'Zoom into Timeline' }).click();
  await expect(operator).toHaveURL(/[?&]from=[^&]+&to=/);
  await operator.reload();
  await timeline.getByRole('button', { name: 'Show all' }).click();
  await expect(operator).not.toHaveURL(/[?&](from|to)=/);
  await operator.goto(`/cycles/${id}?from=-1d`);
  await expect(timeline.getByRole('button', { name: 'Show all' })).toBeVisible();
  await operator.goto(`/cycles/${id}`);
  await expect(timeline.getByRole('slider', { name: 'Moment in Timeline' })).toBeVisible();
  await expect(timeline.getByRole('button', { name: 'Show all' })).toBeHidden();

  // The table of the capacity tells what was approved and when waves began, as its picture does.
  const capacity = operator.getByRole('region', { name: 'Capacity' });
  await capacity.getByRole('button', { name: 'View as table' }).click();
  const moments = capacity.getByRole('table', { name: 'Capacity' });
  await expect(moments.getByRole('columnheader', { name: 'As approved' })).toBeVisible();
  await expect(moments.getByRole('row', { name: / wave 1$/ })).toBeVisible();
  await expect(capacity.getByText(/^Floor \d, target 4 and max \d all the time\.$/)).toBeVisible();
  await capacity.getByRole('button', { name: 'View as picture' }).click();

  const settings = operator.getByRole('region', { name: 'Settings of the back end' });
  await expect(settings).toContainText('all put back');
  await expect(
    settings.getByRole('listitem').filter({ hasText: /^Autoscaling was suspended, and is active again\./ }),
  ).toContainText('put back');
  await expect(
    settings
      .getByRole('listitem')
      .filter({ hasText: `${SIZE} instances were closed to new work; ${SIZE} have gone with it.` }),
  ).toBeVisible();

  // A moment in the middle, from the scrubber; the address alone brings it back.
  const scrubber = operator.getByRole('slider', { name: 'Moment of the cycle' });
  await expect(scrubber).toHaveAttribute('aria-valuetext', 'the end');
  await scrubber.evaluate((input: HTMLInputElement) => input.scrollIntoView({ block: 'center' }));
  const box = await scrubber.boundingBox();
  await scrubber.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
  await expect(cycle.past).toBeVisible();
  await expect(cycle.progress).not.toHaveAccessibleName(`${SIZE} of ${SIZE} replaced`);
  const then = await seen();
  await operator.goto(`/cycles/${id}${new URL(operator.url()).search}`);
  await expect(cycle.past).toBeVisible();
  await expectLive(operator);
  expect(await seen()).toEqual(then);
  await cycle.expectState('completed'); // of which screen readers are told, whatever is looked at
  for (const button of [cycle.pause, cycle.resume, operator.getByRole('button', { name: 'Abort…' })]) {
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription('not while you look back');
  }
  await operator.keyboard.press('Escape');
  await expect(cycle.past).toBeHidden();
  await expect(cycle.progress).toHaveAccessibleName(`${SIZE} of ${SIZE} replaced`);

  /** What the page tells of the moment. */
  async function seen(): Promise<readonly (string | null)[]> {
    return [
      await scrubber.inputValue(),
      await cycle.progress.getAttribute('aria-label'),
      ...(await shown.getByRole('row').allInnerTexts()),
    ];
  }
});
