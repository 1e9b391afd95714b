import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { EnvironmentsPage } from './pages/environments-page.ts';
import { forbidReload } from './pages/shell.ts';
import { type RunningPlugin, startPlugin } from './plugin.ts';
import { environmentId, refusalOf } from './procedure.ts';
import { expectSound } from './sound.ts';

const PASSED = 'Everything that is needed is there.';
const MISSING = 'This is missing before it can be driven:';
/** A directory that is not there yet cannot be watched: it is looked for each ten seconds. */
const SEEN_MS = 25_000;

let plugin: RunningPlugin | null = null;

test.afterEach(async () => {
  await plugin?.stop();
  plugin = null;
});

test('a plugin is listed while it serves, becomes an environment by YAML once its test passes, and is removed', async ({
  administrator,
}) => {
  test.setTimeout(240_000);
  const page = new EnvironmentsPage(administrator);
  await page.open();
  await expect(page.plugins).toContainText('No plugin answers there');
  const expectNoReload = await forbidReload(administrator);
  plugin = await startPlugin('shed');
  const found = page.plugins.getByRole('row', { name: /^shed / });
  await expect(found).toContainText('can be one', { timeout: SEEN_MS });

  await page.openDialog('shed', 'infrakit');
  await page.fillYaml('adress: /nowhere/shed\n');
  await page.dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.dialog.getByText(/line 1, adress: is no field that we know/)).toBeVisible();
  await page.fillYaml('address: /nowhere/shed\n');
  const missing = await page.test();
  await expect(missing).toContainText(MISSING);
  await expect(missing).toContainText("There is no /nowhere/shed on the worker's host: start the plugin first.");
  await expectSound(administrator);
  await page.fillYaml(`address: ${plugin.address}\ndrainHook: { command: drain }\n`);
  await expect(await page.test()).toContainText(
    "The file of ROUNDHOUSE_HOOKS on the worker's host names no command drain: it names none.",
  );
  await page.fillFromFile('shed.yaml', `address: ${plugin.address} # beside the product\n`);
  await expect(page.field('Settings, YAML')).toHaveValue(/# beside the product/);
  await expect(await page.test()).toContainText(PASSED);
  await page.save();
  await expect(page.row('shed')).toContainText('nothing to read');
  await expectSound(administrator);

  await plugin.stop();
  await expect(found).toBeHidden({ timeout: SEEN_MS });
  await page.choose('shed', 'Settings and connection…');
  await expect(await page.test()).toContainText(`There is no ${plugin.address} on the worker's host`);
  await administrator.keyboard.press('Escape');
  await page.remove('shed');
  await expectNoReload();
});

test('a viewer sees how back ends do, and can change nothing', async ({ viewer }) => {
  const page = new EnvironmentsPage(viewer);
  await page.open();
  await expect(page.backEnds.getByRole('rowheader', { name: 'demo' })).toBeVisible();
  await expect(viewer.getByRole('main').getByRole('button')).toHaveCount(0);
  const demo = { environmentId: await environmentId(viewer, 'demo') };
  const settings = { kind: 'simulator', settings: '{}' };
  for (const [procedure, input] of [
    ['add', { name: 'mine', ...settings }],
    ['test', settings],
    ['changeSettings', { ...demo, settings: '{}' }],
    ['disable', demo],
    ['enable', demo],
    ['remove', demo],
  ] as const) {
    expect(await refusalOf(viewer, `environment.${procedure}`, input), procedure).toBe('FORBIDDEN');
  }
});
