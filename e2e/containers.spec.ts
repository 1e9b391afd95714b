import { expect } from '@playwright/test';
import { startTestEngine, type TestEngine } from '../server/adapters/plugins/docker/test-daemon.ts';
import { notRun } from '../server/adapters/plugins/docker/test-demand.ts';
import { test } from './fixtures.ts';
import { ClusterPage } from './pages/cluster-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { DeclarePage } from './pages/declare-page.ts';
import { EnvironmentsPage } from './pages/environments-page.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PreviewPage } from './pages/preview-page.ts';
import { environmentId, refusalOf } from './procedure.ts';
import { expectSound } from './sound.ts';
import { isEngineDemanded } from './stack.ts';

test.describe.configure({ mode: 'serial' });

const CLUSTER = 'yard/web';
const TAG = 'roundhouse-test:1';
/** Ends two seconds after it was told to. */
const PROGRAM = 'echo > /tmp/healthy; trap "sleep 2; exit 0" TERM; while :; do sleep 0.1; done';
/** So that no container waits for long, and the one of the new image that comes first is looked at. */
const POLICY = {
  'Surge beyond target': '1',
  'Max unavailable': '1',
  Canary: '1',
  'Canary bakes for': '1 s',
  'Minimum health': '1 s',
};

/** The events of the engine that are followed tell of no tags, so one that was moved is seen at the next read. */
const SEEN_MS = 20_000;

let engine: TestEngine;

test.beforeAll(async () => {
  const started = await startTestEngine();
  if (typeof started !== 'string') {
    engine = started;
    return;
  }
  const report = notRun('a cluster of containers', started, isEngineDemanded());
  console.error(report);
  test.skip(true, report);
});
test.afterAll(async () => {
  if (engine === undefined) return;
  expect(await engine.stop()).toEqual([]);
});

/** Of the containers that run, in no order. */
async function images(): Promise<string[]> {
  return (await engine.docker.listContainers()).map(({ ImageID }) => ImageID);
}

test('an engine becomes an environment by its fields, once the test finds nothing missing', async ({
  administrator,
}) => {
  const page = new EnvironmentsPage(administrator);
  await page.open();
  await page.openDialog('yard', 'docker');
  await page.field('Address of the engine').fill('unix:///nowhere/docker.sock');
  await expect(await page.test()).toContainText('The engine at unix:///nowhere/docker.sock gave no answer');
  await page.field('Address of the engine').fill(`unix://${engine.socket}`);
  await page.field('Network').fill('sidings');
  await page.field('In service after, ms').fill('500');
  await expect(await page.test()).toContainText('The engine has no network sidings: docker network create sidings');
  await expectSound(administrator);
  await page.field('Network').fill('host');
  const findings = await page.test();
  await expect(findings).toContainText('Everything that is needed is there.');
  await expect(findings).toContainText(/Docker .+, interface 1\.\d+/);
  await expectSound(administrator);
  await page.expectFitsPhone();
  await page.save();
  await expect(page.row('yard')).toContainText('nothing to read');
});

test('its cluster is declared by a tag, which is looked up, and filled by a plan that a second person approves', async ({
  administrator,
  operator,
}) => {
  test.setTimeout(240_000);
  const declare = new DeclarePage(administrator);
  const spec = { image: TAG, command: ['sh', '-c', PROGRAM] };
  await declare.declare('yard', 'web', { spec, policy: POLICY });
  await new ClusterPage(administrator, CLUSTER).open('?tab=config');
  await expect(administrator.getByRole('main').getByText(`${TAG}@${engine.image}`).first()).toBeVisible();
  const preview = new PreviewPage(operator);
  await preview.open(CLUSTER);
  await preview.tickWarnings();
  const planId = await preview.savePlan();
  await expect(new PlanPage(operator).approve).toBeDisabled();
  const plan = new PlanPage(administrator);
  await plan.open(planId);
  await plan.approveAndConfirm();
  const cycle = new CyclePage(administrator, CLUSTER);
  await cycle.expectState('completed', 60_000);
  expect(await images()).toEqual([engine.image, engine.image, engine.image]);
});

test('a moved tag is seen, previewed by its digest, approved, watched and done; meanwhile its environment stays', async ({
  administrator,
  operator,
}) => {
  test.setTimeout(240_000);
  const before = `${TAG}@${engine.image}`;
  const after = `${TAG}@${engine.checkedImage}`;
  await new ClusterPage(operator, CLUSTER).open();
  const main = operator.getByRole('main');
  await expect(main).toContainText('All 3 instances run version 2');
  await engine.docker.getImage(engine.checkedImage).tag({ repo: 'roundhouse-test', tag: '1' });
  await expect(main).toContainText('3 of 3 instances run version 2; version 3 was declared', { timeout: SEEN_MS });
  expect(await images()).toEqual([engine.image, engine.image, engine.image]);
  await expectSound(operator);
  const preview = new PreviewPage(operator);
  await preview.open(CLUSTER);
  const difference = operator.getByRole('table', { name: 'Differences of the configuration' }).getByRole('row', {
    name: /^image/,
  });
  await expect(difference.getByRole('deletion')).toHaveText(before);
  await expect(difference.getByRole('insertion')).toHaveText(after);
  await expectSound(operator);
  await preview.tickWarnings();
  const planId = await preview.savePlan();
  const plan = new PlanPage(administrator);
  await plan.open(planId);
  await expect(administrator.getByRole('main').getByText(after).first()).toBeVisible();
  await plan.approveAndConfirm();
  const cycle = new CyclePage(administrator, CLUSTER);
  await cycle.expectInWork();

  const page = new EnvironmentsPage(await administrator.context().newPage());
  await page.open();
  await page.choose('yard', 'Disable');
  await expect(page.problem).toContainText(
    'Not possible now: a cycle of web is running; pause or abort it before you disable the environment.',
  );
  await page.choose('yard', 'Remove…');
  await expect(page.removal('yard')).toContainText('It has 1 cluster: remove what is in it first.');
  expect(
    await refusalOf(administrator, 'environment.remove', { environmentId: await environmentId(administrator, 'yard') }),
  ).toBe('CONFLICT');

  await cycle.expectState('completed', 90_000);
  await expect(cycle.progress).toHaveAccessibleName('3 of 3 replaced');
  expect(await images()).toEqual([engine.checkedImage, engine.checkedImage, engine.checkedImage]);
});

test('a disabled environment gives up a cluster that its engine keeps, and is removed then', async ({
  administrator,
  operator,
}) => {
  test.setTimeout(240_000);
  const page = new EnvironmentsPage(administrator);
  await page.open();
  await page.expectRead('yard');
  await page.choose('yard', 'Disable');
  await expect(page.row('yard').getByText(/^disabled/)).toBeVisible();
  await expectSound(administrator);
  const preview = new PreviewPage(operator);
  await preview.open(CLUSTER);
  await expect(
    operator.getByText('yard is disabled: nothing is read or cycled there until an administrator enables it.').first(),
  ).toBeVisible();
  await page.choose('yard', 'Enable');
  await page.expectRead('yard');

  const cluster = new ClusterPage(administrator, CLUSTER);
  await cluster.open('?tab=config&edit=true');
  await expect(cluster.removal).toBeDisabled();
  await page.open();
  await page.choose('yard', 'Disable');
  await expect(page.row('yard').getByText(/^disabled/)).toBeVisible();
  await cluster.open('?tab=config&edit=true');
  await cluster.removal.click();
  const dialog = administrator.getByRole('dialog', { name: `Remove ${CLUSTER}?` });
  await expect(dialog).toContainText('had 3 instances when it was last read');
  await dialog.getByRole('textbox').fill('web');
  await dialog.getByRole('button', { name: 'Remove web' }).click();
  await administrator.waitForURL('/clusters');
  // Nobody ended them.
  expect(await images()).toHaveLength(3);
  await page.open();
  await page.remove('yard');
});
