import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { ConfigurationPage, quickWorld } from './pages/configuration-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { NewSessionPage } from './pages/new-session-page.ts';
import { Palette } from './pages/palette.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PoolPage } from './pages/pool-page.ts';
import { PreviewPage } from './pages/preview-page.ts';
import { ReservationPage } from './pages/reservation-page.ts';
import { SessionPage } from './pages/session-page.ts';
import { expectLive } from './pages/shell.ts';
import { expectSound } from './sound.ts';

test('the pages for those who are not signed in', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expectSound(page);
  await page.goto('/join#wrong');
  await expect(page.getByText('This link is not whole.')).toBeVisible();
  await expectSound(page);
});

const pages = [
  ['the overview', '/', 'list'],
  ['the page to begin with', '/welcome', 'link'],
  ['the clusters', '/clusters', 'table'],
  ['a list with a filter that cannot be read', '/clusters?q=env:staging+outdated:>many', 'table'],
  ['the preview of many clusters', '/clusters/preview?q=label.team:search', 'table'],
  ['the grid of a large cluster', '/clusters/staging/stream-workers?view=grid&group=zone', 'slider'],
  ['the instances of a cluster', '/clusters/local/api', 'table'],
  ['the cycles of a cluster', '/clusters/local/api?tab=cycles', 'heading'],
  ['the configuration of a cluster', '/clusters/demo/media?tab=config', 'table'],
  ['the form to edit a cluster', '/clusters/local/api?tab=config&edit=true', 'form'],
  ['the form to declare a cluster', '/clusters/new', 'form'],
  ['a preview', '/clusters/demo/search/preview', 'table'],
  ['the cycles', '/cycles', 'heading'],
  ['the activity', '/activity', 'table'],
  ['the people', '/people', 'table'],
  ['the environments', '/environments', 'table'],
  ['the pools', '/pools', 'table'],
  ['the machines of a pool', '/pools/workers', 'table'],
  ['the queue of a pool', '/pools/workers?tab=queue', 'region'],
  ['the history of a pool', '/pools/workers?tab=history', 'region'],
  ['the reservations', '/reservations', 'table'],
  ['the form to reserve machines', '/reservations/new?pool=workers', 'form'],
  ['the sessions', '/sessions', 'table'],
  ['the form for a new session', '/sessions/new?example=http-load', 'form'],
  ['the secrets and configs', '/sessions/secrets', 'region'],
  ['a page that is not there', '/clusters/local/nowhere', 'heading'],
] as const;

for (const [name, path, role] of pages) {
  test(`${name}: sound in light and dark, wide and narrow`, async ({ administrator }) => {
    await administrator.goto(path);
    await expect(administrator.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(administrator.getByRole('main').getByRole(role).first()).toBeVisible();
    await expectSound(administrator);
  });
}

test('the palette, the keys and what the live view is: sound in light and dark, wide and narrow', async ({
  viewer,
}) => {
  test.setTimeout(120_000);
  await viewer.goto('/environments');
  await expectLive(viewer);
  const palette = new Palette(viewer);
  await palette.search('search');
  await expect(palette.option('demo/search').first()).toBeVisible();
  await expectSound(viewer);
  await viewer.keyboard.press('Escape');
  await viewer.keyboard.press('?');
  await expect(viewer.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await expectSound(viewer);
  await viewer.keyboard.press('Escape');
  await viewer.getByRole('button', { name: 'About the live view' }).click();
  await expect(viewer.getByRole('dialog', { name: 'About the live view' })).toBeVisible();
  await expectSound(viewer);
});

test('a file, what it changes and what is wrong in it: sound in light and dark, wide and narrow', async ({
  administrator,
}) => {
  const page = new ConfigurationPage(administrator);
  await page.open();
  await page.preview(quickWorld('demo', { checkout: { size: 48 }, novelty: { size: 2 } }));
  await expect(administrator.getByRole('list', { name: 'Clusters: changes' })).toBeVisible();
  await expectSound(administrator);
  await page.preview('version: 2\n');
  await expect(page.problems).toBeVisible();
  await expectSound(administrator);
});

test('an instance, beside the list and on its own page: sound in light and dark, wide and narrow', async ({
  operator,
}) => {
  await operator.goto('/clusters/local/api');
  await operator.getByRole('table').getByRole('rowheader').first().getByRole('button').first().click();
  await expect(operator.getByRole('complementary', { name: /^Instance / })).toBeVisible();
  await expectSound(operator);
  await operator.getByRole('link', { name: 'Open page' }).click();
  await operator.waitForURL(/\/instances\//);
  await expect(operator.getByRole('region', { name: /^Instance / })).toBeVisible();
  await expectSound(operator);
});

test('a new session as YAML, right and wrong: sound in light and dark, wide and narrow', async ({ operator }) => {
  const form = new NewSessionPage(operator);
  await form.open();
  await form.fillInExample();
  await form.showYaml();
  await expectSound(operator);
  await form.yaml.fill('name: nothing\n');
  await expect(form.problems).toBeVisible();
  await expectSound(operator);
});

test('a reservation, while it is held and after: sound in light and dark, wide and narrow', async ({ operator }) => {
  const reservation = new ReservationPage(operator);
  await reservation.reserve('lab', 2, 'To look at', '5 min');
  await expect(reservation.lead('holds 2 machines')).toBeVisible();
  await expectSound(operator);
  await reservation.releaseAndConfirm();
  await expect(reservation.lead(/held 2 machines; it ended/)).toBeVisible();
  await expectSound(operator);
});

test('a session that waits, and its queue: sound in light and dark, wide and narrow', async ({ operator }) => {
  test.setTimeout(120_000);
  const form = new NewSessionPage(operator);
  // checkout-soak holds two of the five.
  await form.submitYaml(waitingFor('all-of-them', 5));
  const session = new SessionPage(operator);
  await expect(session.queue).toContainText('place 1');
  await expectSound(operator);

  const pool = new PoolPage(await operator.context().newPage(), 'workers');
  await pool.open('queue');
  await expect(pool.queue.getByRole('row', { name: /all-of-them/ })).toContainText('not known');
  await expectSound(pool.page);

  await session.cancelAndConfirm();
  await session.expectStanding('all-of-them', 'Cancelled');
});

/** A session that wants so many machines of `workers`. */
function waitingFor(name: string, machines: number): string {
  const components = Array.from({ length: machines }, (_, index) => ({
    name: `part-${index}`,
    kind: index === 0 ? 'driver' : 'server',
    pool: 'workers',
    command: ['true'],
  }));
  return JSON.stringify({ name, components });
}

for (const name of ['checkout-load', 'checkout-broken', 'checkout-soak']) {
  test(`the session ${name}: sound in light and dark, wide and narrow`, async ({ operator }) => {
    const session = new SessionPage(operator);
    await session.openFromList(name);
    await expect(session.log.getByRole('log').getByRole('link').first()).toBeAttached();
    await expectSound(operator);
  });
}

test('plans, their comparison, the dialog, and each view of the cycle: sound in light and dark, wide and narrow', async ({
  operator,
}) => {
  test.setTimeout(300_000);
  const preview = new PreviewPage(operator);
  await preview.open('demo/media', '?canary=1');
  await preview.tickWarnings();
  const first = await preview.savePlan();
  await preview.open('demo/media');
  await preview.tickWarnings();
  const second = await preview.savePlan();
  await expectSound(operator);
  await operator.goto(`/plans/${first}/compare/${second}`);
  await expect(operator.getByRole('table', { name: 'Values of both plans' })).toBeVisible();
  await expectSound(operator);
  await operator.goto(`/plans/${first}/compare/now`);
  await expect(preview.save).toBeVisible();
  await expect(operator.getByRole('region', { name: 'Forecast, Now' }).getByRole('slider')).toBeVisible();
  await expectSound(operator);

  const plan = new PlanPage(operator);
  await plan.open(second);
  await plan.approve.click();
  await expect(plan.approveDialog).toBeVisible();
  await expectSound(operator);
  await operator.keyboard.press('Escape');

  await plan.approveAndConfirm();
  const cycle = new CyclePage(operator, 'demo/media');
  await cycle.expectInWork();
  await expectSound(operator);
  for (const view of ['Log', 'Chart', 'Timeline'] as const) {
    await cycle.show(view);
    await expectSound(operator);
  }
  await cycle.askToAbort();
  await expectSound(operator);
  await operator.keyboard.press('Escape');
  await cycle.previousEvent.click();
  await expect(cycle.past).toBeVisible();
  await expectSound(operator);
});
