import { expect } from '@playwright/test';
import { z } from 'zod';
import { test } from './fixtures.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { Palette } from './pages/palette.ts';
import { expectAlive, expectLive } from './pages/shell.ts';
import { answerOf } from './procedure.ts';

const cycleSchema = z.object({
  planId: z.string(),
  state: z.string(),
  instances: z.array(z.object({ instanceId: z.string() })),
});

test('the palette opens whatever has a name, and orders nothing by itself', async ({ operator }) => {
  const { cycle, id } = await CyclePage.start(operator, 'staging/chat-sockets');
  await cycle.expectState('running');
  const read = () => answerOf(operator, 'cycle.byId', { cycleId: id }, cycleSchema);
  const { planId, instances } = await read();
  const instanceId = instances[0]?.instanceId ?? '';
  await operator.goto('/pools');
  await expectLive(operator);
  const palette = new Palette(operator);

  await palette.search('chat-so');
  await expect(palette.option(/^staging\/chat-sockets\s*cycle/)).toBeVisible();
  await expect(palette.option(/^staging\/chat-sockets\s*cluster, 5\d instances/)).toBeVisible();
  await palette.dialog.getByRole('combobox').fill(instanceId);
  await expect(palette.option(instanceId)).toHaveAttribute('aria-selected', 'true');
  await operator.keyboard.press('Enter');
  await expect(operator).toHaveURL(new RegExp(`/clusters/staging/chat-sockets/instances/${instanceId}$`));
  await expect(operator.getByRole('region', { name: `Instance ${instanceId}` })).toBeVisible();

  await palette.search(planId);
  await expect(palette.option(planId)).toHaveAttribute('aria-selected', 'true');
  await operator.keyboard.press('Enter');
  await expect(operator).toHaveURL(new RegExp(`/plans/${planId}$`));
  await palette.search('clusters');
  await expect(palette.option(/^Clusters/)).toHaveAttribute('aria-selected', 'true');
  await operator.keyboard.press('Enter');
  await expect(operator).toHaveURL(/\/clusters$/);

  await palette.search('chat-sockets');
  await palette.option(/^Pause the cycle of staging\/chat-sockets…/).click();
  await expect(operator).toHaveURL(new RegExp(`/cycles/${id}\\?ask=pause$`));
  const question = operator.getByRole('dialog', { name: 'Pause the cycle of staging/chat-sockets' });
  await expect(question.getByRole('button', { name: 'Pause the cycle' })).toBeVisible();
  expect((await read()).state).toBe('running');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  expect((await read()).state).toBe('running');
  await cycle.expectState('running');

  await palette.open();
  await operator.keyboard.press('Escape');
  await expect(palette.dialog).toBeHidden();
  await cycle.abort('Stop now');
});

test('keys lead through pages, rows and layers', async ({ viewer }) => {
  await viewer.goto('/');
  await expectLive(viewer);
  await viewer.keyboard.type('gc');
  await expect(viewer).toHaveURL(/\/clusters$/);
  await viewer.goto('/clusters?q=env:demo');
  await expectLive(viewer);
  const rows = viewer.getByRole('table', { name: 'Clusters' }).getByRole('rowheader').getByRole('link');
  await expect(rows.first()).toBeVisible();
  await expectAlive(rows.first());
  await viewer.keyboard.press('j');
  await viewer.keyboard.press('j');
  await expect(rows.nth(1)).toBeFocused();
  await viewer.keyboard.press('k');
  await expect(rows.first()).toBeFocused();
  const href = await rows.first().getAttribute('href');
  await viewer.keyboard.press('Enter');
  await expect(viewer).toHaveURL(new RegExp(`${href}$`));

  const instances = viewer
    .getByRole('table', { name: /^Instances of / })
    .getByRole('rowheader')
    .getByRole('button');
  await expect(instances.first()).toBeVisible();
  await expectAlive(instances.first());
  await viewer.keyboard.press('j');
  await expect(instances.first()).toBeFocused();
  await viewer.keyboard.press('Enter');
  const drawer = viewer.getByRole('complementary', { name: /^Instance / });
  await expect(drawer).toBeVisible();
  const first = await drawer.getAttribute('aria-label');
  await viewer.keyboard.press('j');
  await expect(drawer).not.toHaveAccessibleName(first ?? '');
  await viewer.keyboard.press('Escape');
  await expect(drawer).toBeHidden();

  await viewer.keyboard.press('?');
  const sheet = viewer.getByRole('dialog', { name: 'Keyboard' });
  await expect(sheet).toContainText('Pause or resume the live view');
  await viewer.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});

test('single keys do nothing while somebody types or once they are switched off', async ({ viewer }) => {
  const sheet = viewer.getByRole('dialog', { name: 'Keyboard' });
  await viewer.goto('/clusters');
  await expectLive(viewer);
  await viewer.keyboard.press('/');
  const filter = viewer.getByRole('combobox', { name: 'Filter clusters' });
  await expect(filter).toBeFocused();
  await viewer.keyboard.type('gpl?x/');
  await expect(filter).toHaveValue('gpl?x/');
  await expect(viewer).toHaveURL(/\/clusters\?q=/);
  await expect(sheet).toBeHidden();
  await expectLive(viewer);

  await viewer.goto('/clusters');
  await expectLive(viewer);
  await viewer.keyboard.press('?');
  await sheet.getByRole('checkbox', { name: 'Single keys on' }).uncheck();
  await viewer.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  for (const isReloaded of [false, true]) {
    if (isReloaded) await viewer.reload();
    await expectLive(viewer);
    await viewer.keyboard.type('?gpl');
    // What has a modifier is no single key; when it answers, those before it have been heard.
    await new Palette(viewer).open();
    await viewer.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await expect(viewer).toHaveURL(/\/clusters$/);
    await expectLive(viewer);
  }
});
