import { expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClustersPage } from './pages/clusters-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PreviewPage } from './pages/preview-page.ts';

test('two plans of a cluster are compared by what is different in them', async ({ operator }) => {
  const preview = new PreviewPage(operator);
  await preview.open('staging/ledger');
  await preview.tickWarnings();
  const first = await preview.savePlan();
  await preview.open('staging/ledger', '?canary=3');
  await preview.tickWarnings();
  const second = await preview.savePlan();

  await operator.goto('/clusters/staging/ledger?tab=cycles');
  await operator.getByRole('link', { name: `Compare plan ${second} with the one before` }).click();
  await expect(operator).toHaveURL(new RegExp(`/plans/${first}/compare/${second}$`));
  const main = operator.getByRole('main');
  await expect(main.getByText('An approval of one does not hold for the other.')).toBeVisible();
  const values = main.getByRole('table', { name: 'Values of both plans' });
  const canary = values.getByRole('row', { name: /^Canary/ });
  await expect(canary.getByRole('deletion')).toHaveText('2');
  await expect(canary.getByRole('insertion')).toHaveText('3');
  await expect(values.getByRole('row', { name: /^Replaces/ })).toBeHidden();
  await main.getByRole('button', { name: /^Show all \d+$/ }).click();
  await expect(values.getByRole('row', { name: /^Replaces/ })).toContainText('the same');
  await expect(main.getByRole('region', { name: /^Forecast, Plan of / })).toHaveCount(2);

  await main.getByRole('link', { name: 'The other way round' }).click();
  await expect(operator).toHaveURL(new RegExp(`/plans/${second}/compare/${first}$`));
  await expect(canary.getByRole('insertion')).toHaveText('2');
});

const FLEET = ['staging/cart', 'staging/images', 'staging/metrics-store'] as const;

test('many clusters are previewed together, their plans wait for approval, and a limit lets one go after the other', async ({
  administrator,
  operator,
}) => {
  test.setTimeout(180_000);
  const clusters = new ClustersPage(operator);
  await clusters.open('?q=env:staging');
  for (const name of FLEET) await operator.getByRole('checkbox', { name: `Select ${name}` }).check();
  await operator.getByRole('link', { name: 'Preview selected (3)' }).click();
  await expect(operator.getByRole('heading', { level: 1, name: 'Fleet preview' })).toBeVisible();
  await expect(
    operator.getByText(/^3 of 3 clusters can be cycled: \d+ instances would be terminated in \d+ waves\./),
  ).toBeVisible();
  const table = operator.getByRole('table', { name: 'Clusters that can be cycled' });
  await expect(table.getByRole('rowheader')).toHaveText([...FLEET]);
  await new PreviewPage(operator).tickWarnings();
  await operator.getByRole('button', { name: 'Request 3 approvals' }).click();

  await expect(operator).toHaveURL(/\/cycles\?state=waiting$/);
  for (const name of FLEET) await expect(waitingOn(operator).filter({ hasText: `${name}:` })).toHaveCount(1);

  await setPlaces(administrator, 'staging', '1');
  const review = async (page: Page, name: string) => {
    await page.goto('/cycles?state=waiting');
    await waitingOn(page)
      .filter({ hasText: `${name}:` })
      .getByRole('link', { name: 'Review' })
      .click();
    await new PlanPage(page).approveAndConfirm();
    return new CyclePage(page, name);
  };
  const ahead = await review(operator, FLEET[0]);
  await ahead.expectState('running');
  const page = await operator.context().newPage();
  const behind = await review(page, FLEET[1]);
  await behind.expectState('approved');
  await expect(
    behind.lead(/^Approved\. Waits for a place: 1 of 1 cycle of staging is active; it is next\./),
  ).toBeVisible();

  await ahead.abort('Stop now');
  await ahead.expectState('aborted');
  await behind.expectState('running');
  await behind.abort('Stop now');
  await setPlaces(administrator, 'staging', '4');
});

function waitingOn(page: Page) {
  return page.getByRole('list', { name: 'Plans that wait for an approval' }).getByRole('listitem');
}

/** As an administrator: so many cycles of the environment may be active at once. */
async function setPlaces(page: Page, environment: string, places: string): Promise<void> {
  await page.goto('/environments');
  await page.getByRole('button', { name: `Change the rules of ${environment}` }).click();
  const dialog = page.getByRole('dialog', { name: `Rules of ${environment}` });
  await dialog.getByLabel('Active cycles at once').fill(places);
  await dialog.getByRole('button', { name: 'Save rules' }).click();
  await expect(dialog).toBeHidden();
  const row = page
    .getByRole('table', { name: 'Environments with their rules' })
    .getByRole('row', { name: environment });
  await expect(row.getByRole('cell').nth(1)).toHaveText(places);
}
