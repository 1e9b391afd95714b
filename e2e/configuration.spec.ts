import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClustersPage } from './pages/clusters-page.ts';
import { ConfigurationPage } from './pages/configuration-page.ts';
import { refusalOf } from './procedure.ts';

const FILE = `version: 1
environments:
  atelier:
    kind: simulator
    maxActiveCycles: 2
    clusters:
      looms:
        spec: { image: "looms:1.0" }
        sizes: { min: 0, target: 0, max: 4 }
        labels: { team: weavers }
`;

test('a file is checked by the line, shown before it is applied, and then there is nothing left to change', async ({
  administrator,
  operator,
}) => {
  const page = new ConfigurationPage(administrator);
  await page.open();
  await page.preview(FILE.replace('maxActiveCycles: 2', 'maxActiveCycles: many'));
  await expect(page.problems.getByRole('listitem')).toHaveText([/^line 5environments\.atelier\.maxActiveCycles: /]);
  await expect(page.changes.getByRole('button', { name: /^Apply/ })).toBeHidden();

  await page.preview(FILE);
  await expect(page.problems).toBeHidden();
  await expect(administrator.getByRole('list', { name: 'Environments: changes' })).toContainText('atelier');
  await expect(administrator.getByRole('list', { name: 'Clusters: changes' })).toContainText('looms');
  await expect(administrator.getByRole('list', { name: 'Not in the file' })).toContainText('demo/checkout');
  // Nothing is done by looking.
  const clusters = new ClustersPage(operator);
  await clusters.open('?q=looms');
  await expect(operator.getByRole('heading', { name: /^The filter hides all \d+ clusters$/ })).toBeVisible();

  await page.apply();
  await expect(
    administrator.getByRole('list', { name: 'What became of each change' }).getByRole('listitem'),
  ).toHaveText([/atelier.*done$/, /looms.*done$/]);
  await clusters.open('?q=looms');
  await expect(clusters.row('atelier/looms')).toContainText('0 / 0');

  await page.open();
  await page.preview(FILE);
  await expect(page.changes.getByRole('heading', { name: 'Nothing changes' })).toBeVisible();
  await administrator.getByRole('button', { name: 'Fill in the current state' }).click();
  await expect(page.file).toHaveValue(/^ {2}atelier:\n(?: {4}.*\n)*? {4}maxActiveCycles: 2\n/m);
  await expect(page.file).toHaveValue(/image: looms:1\.0/);
  await page.preview(await page.file.inputValue());
  await expect(page.changes.getByRole('heading', { name: 'Nothing changes' })).toBeVisible();
});

test('only an administrator sees or applies a file', async ({ operator }) => {
  await operator.goto('/settings/config');
  await expect(operator.getByRole('heading', { name: 'This is for administrators' })).toBeVisible();
  expect(await refusalOf(operator, 'installation.previewFile', { text: FILE })).toBe('FORBIDDEN');
  expect(await refusalOf(operator, 'installation.applyFile', { text: FILE, fingerprint: '' })).toBe('FORBIDDEN');
});
