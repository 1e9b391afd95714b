import { expect } from '@playwright/test';
import { z } from 'zod';
import { test } from './fixtures.ts';
import { answerOf } from './procedure.ts';

const CLUSTER = '/clusters/staging/feature-flags';

const answerSchema = z.object({
  instance: z.object({
    id: z.string(),
    state: z.string(),
    zone: z.string(),
    config: z.string(),
    workloads: z.array(z.object({ name: z.string() })),
  }),
  transitions: z.array(z.object({ state: z.string() })),
});

test('an instance tells what it went through, what runs on it, what is in the way and what its back end says', async ({
  viewer,
}) => {
  // Its drain has been going on for an hour, and is not allowed as long.
  await viewer.goto(`${CLUSTER}?q=state:draining`);
  const link = viewer
    .getByRole('table', { name: /^Instances of / })
    .getByRole('rowheader')
    .getByRole('button')
    .first();
  await link.click();
  const id = await link.innerText();
  const drawer = viewer.getByRole('complementary', { name: `Instance ${id}` });
  const clusterId = 'clu_staging_feature-flags';
  const { instance, transitions } = await answerOf(
    viewer,
    'instance.byId',
    { clusterId, instanceId: id },
    answerSchema,
  );
  expect(instance.workloads.length).toBeGreaterThan(0);

  const history = drawer.getByRole('list', { name: 'State history, newest first' }).getByRole('listitem');
  await expect(history).toHaveCount(transitions.length);
  await expect(history.first()).toContainText(/^draining/);

  const section = (title: RegExp) =>
    drawer.locator('section').filter({ has: viewer.getByRole('heading', { name: title }) });
  await expect(section(/^Running here, \d+ workloads?$/).getByRole('listitem')).toHaveText(
    instance.workloads.map(({ name }) => new RegExp(`^${name}`)),
  );
  await expect(section(/^In the way of a cycle$/).getByRole('listitem')).toHaveText([
    /^It is past the time that its drain may take: \d+ workloads? did not end\.$/,
  ]);
  const facts = section(/^Back end says$/);
  await expect(facts.getByText(instance.zone, { exact: true })).toBeVisible();
  await expect(facts.getByText(instance.config, { exact: true })).toBeVisible();
  await expect(section(/^Outdated because$/)).toContainText(/image.*feature-flags:\S+ → .*feature-flags:\S+/);

  const raw = drawer.locator('pre');
  await expect(raw).toBeHidden();
  await drawer.getByText('Raw JSON').click();
  await expect(raw).toBeVisible();
  expect(JSON.parse(await raw.innerText())).toMatchObject(instance);
});
