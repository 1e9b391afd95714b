import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { CyclePage } from './pages/cycle-page.ts';

test('an abort finishes what is in work, or stops at once, and says what remains', async ({ operator }) => {
  test.setTimeout(120_000);
  const { cycle: finished } = await CyclePage.start(operator, 'demo/checkout');
  await finished.expectInWork();
  await finished.abort('Finish what is in work');

  // Meanwhile another cluster's cycle is stopped.
  const other = await operator.context().newPage();
  const { cycle: stopped } = await CyclePage.start(other, 'demo/ingest');
  await stopped.expectInWork();
  await stopped.abort('Stop now');
  await stopped.expectState('aborted');
  await expect(other.getByText(/^Stopped at once: .*\d+ outdated, \d+ in service\./)).toBeVisible();
  await expect(other.getByRole('link', { name: /^Preview the other \d+$/ })).toBeVisible();

  await finished.expectState('aborted', 90_000);
  await expect(operator.getByText(/^Aborted, in-flight work finished: .*\d+ outdated, \d+ in service\./)).toBeVisible();
  await expect(operator.getByRole('button', { name: 'Abort…' })).toBeHidden();
});
