import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures.ts';
import { ConfigurationPage, quickWorld } from '../pages/configuration-page.ts';
import { CyclePage } from '../pages/cycle-page.ts';
import { Palette } from '../pages/palette.ts';
import { PreviewPage } from '../pages/preview-page.ts';
import { ReservationPage } from '../pages/reservation-page.ts';
import { SecretsPage } from '../pages/secrets-page.ts';
import { SessionPage } from '../pages/session-page.ts';
import { expectLive } from '../pages/shell.ts';
import { Album } from './album.ts';

test('a picture of each page', async ({ administrator: page, operator, page: visitor }) => {
  test.setTimeout(900_000);
  const album = new Album();
  for (const one of [page, visitor]) {
    await one.setViewportSize({ width: 1440, height: 900 });
    await one.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }
  const open = async (path: string) => {
    await page.goto(path);
    await expectLive(page);
  };

  const { checkout, search } = await beginCycles(operator);
  const plans = await requestApprovals(operator);
  await new ReservationPage(operator).reserve('lab', 2, 'Why the disks are slow', '2 h');
  const reservation = new URL(operator.url()).pathname;

  await open(`/cycles/${checkout.id}`);
  const cycle = new CyclePage(page, 'demo/checkout');
  await expect(cycle.progress).toHaveAccessibleName(/^(1[2-9]|2\d) of 30 replaced/, { timeout: 300_000 });
  await open('/');
  await album.take(
    page,
    'overview',
    'Overview',
    'What needs a person, the most urgent first, four numbers that lead to their lists, and each cycle that goes on.',
    'all',
  );

  await open(`/cycles/${checkout.id}`);
  await album.take(
    page,
    'cycle',
    'A cycle under way',
    'What it does and when it ends, how far it is from what was approved, and each instance over time: what replaced it, when its drain times out, what failed.',
    'all',
  );
  await cycle.previousEvent.click();
  for (let events = 0; events < 12; events += 1) await page.keyboard.press('[');
  await expect(cycle.past).toBeVisible();
  await album.take(
    page,
    'cycle-past',
    'A moment of the past',
    'The scrubber moves the whole page to a moment of the cycle; the address keeps it, and nothing can be ordered there.',
  );
  await page.getByRole('button', { name: 'Back to now' }).click();
  await cycle.show('Steps');
  await album.take(
    page,
    'cycle-steps',
    'The steps of a cycle',
    'Every decision with its reason, and what came of each attempt.',
  );
  await open(`/cycles/${search.id}?view=chart`);
  await album.take(
    page,
    'cycle-chart',
    'Capacity of a cycle',
    'What was in service against floor, target and max, beside what the approved forecast said.',
  );

  await open('/clusters');
  await album.take(
    page,
    'clusters',
    'Clusters',
    'Every cluster with its states, how many are outdated and since when, filtered and sorted by the server.',
  );
  await open('/clusters?q=env:staging+outdated:%3E0+-label.team:payments&sort=-outdated');
  for (const name of ['search-index', 'build-agents', 'feature-store']) {
    await page.getByRole('checkbox', { name: `Select staging/${name}` }).check();
  }
  await album.take(
    page,
    'clusters-filtered',
    'Some of the clusters',
    'A filter with its syntax is in the address; what is selected is previewed together.',
  );
  await page.getByRole('link', { name: 'Preview selected (3)' }).click();
  await expect(page.getByRole('table', { name: 'Clusters that can be cycled' })).toBeVisible();
  await album.take(
    page,
    'fleet-preview',
    'Preview of many clusters',
    'What cycles of all of them would do, how near they come to their floors, and the plans of all in one step.',
  );

  await open('/clusters/demo/billing');
  await album.take(
    page,
    'cluster',
    'A cluster',
    'Its instances as a grid and as a table, with the drift and the cycle that stands still.',
  );
  await page
    .getByRole('table', { name: /^Instances of/ })
    .getByRole('rowheader')
    .getByRole('button')
    .first()
    .click();
  await expect(page.getByRole('complementary', { name: /^Instance / })).toBeVisible();
  await album.take(
    page,
    'instance',
    'An instance',
    'Its facts beside the list: what it went through, what runs on it, what is in the way of its replacement.',
  );
  await open('/clusters/staging/stream-workers?view=grid&group=zone');
  await album.take(
    page,
    'cluster-grid',
    'A large cluster',
    'Letter, shape and colour say the state of each of 320 instances; a line says that names are hidden.',
  );
  await open('/clusters/demo/search?tab=config');
  await album.take(
    page,
    'cluster-config',
    'Configuration of a cluster',
    'What is declared, and what the outdated instances lack of it.',
  );
  await open('/clusters/demo/billing?tab=cycles');
  await album.take(
    page,
    'cluster-cycles',
    'The cycles of a cluster',
    'Every cycle that it went through with what came of it, and its plans, each to be compared with the one before.',
  );
  await open('/clusters/new');
  await album.take(
    page,
    'cluster-new',
    'Declaring a cluster',
    'What its machines run, how many there are at least and at most, and by which policy they are replaced.',
  );
  await open('/clusters/demo/search/preview');
  await expect(new PreviewPage(page).save).toBeVisible();
  await album.take(
    page,
    'preview',
    'A preview',
    'What a cycle would do to every instance, what stands in its way, and how the capacity would go.',
  );
  await open(`/plans/${plans.second}`);
  await album.take(
    page,
    'plan',
    'A plan',
    'What was previewed, frozen, with whether it still holds and who approves it.',
  );
  await open(`/plans/${plans.first}/compare/${plans.second}`);
  await album.take(
    page,
    'plans-compared',
    'Two plans',
    'What is different between them, in values, forecasts and instances.',
  );
  await open(`/plans/${plans.first}/compare/now`);
  await expect(page.getByRole('region', { name: 'Forecast, Now' }).getByRole('slider')).toBeVisible();
  await album.take(
    page,
    'plan-now',
    'A plan against now',
    'What would be planned now with the same knobs, beside the plan that was made before; it is saved from there.',
  );
  await open('/cycles');
  await album.take(
    page,
    'cycles',
    'Cycles',
    'Plans that wait for an approval, cycles that go on, and what came of those that ended.',
  );

  await open('/pools');
  await album.take(
    page,
    'pools',
    'Pools',
    'The machines that people and sessions take, by use, with the queue for each.',
  );
  await open('/pools/workers');
  await album.take(page, 'pool', 'A pool', 'Each machine with its state and health, who holds it and until when.');
  await open('/reservations');
  await album.take(
    page,
    'reservations',
    'Reservations',
    'Who holds which machines of the pools, who waits for some, and until when.',
  );
  await open('/reservations/new?pool=workers');
  await album.take(
    page,
    'reservation-new',
    'Reserving machines',
    'How many of which pool, what for and for how long, with when they could be had.',
  );
  await open(reservation);
  await album.take(
    page,
    'reservation',
    'A reservation',
    'Its machines and how long they are held, to be made longer or given back.',
  );
  await open('/sessions');
  await album.take(page, 'sessions', 'Sessions', 'What runs and ran on the machines of pools, and what came of it.');
  const session = new SessionPage(page);
  await session.openFromList('checkout-broken');
  await expectLive(page);
  // Its parts come one after the other where one page follows another.
  await expect(session.firstBad).toBeVisible();
  await expect(session.gantt.getByRole('slider').or(session.gantt.getByRole('img')).first()).toBeVisible();
  await expect(session.events).toBeVisible();
  await expect(session.log.getByRole('log')).toBeVisible();
  await album.take(
    page,
    'session',
    'A session that failed',
    'Why it failed, its components over time, the log and the results, under one cursor.',
    'all',
  );
  await open('/sessions/new?example=http-load');
  await album.take(
    page,
    'session-new',
    'A new session',
    'Components, machines and scenario, as a form or as YAML, with when it could begin.',
  );
  const secrets = new SecretsPage(page);
  await secrets.open();
  await expectLive(page);
  await secrets.set('registry-token', 'not to be seen in a picture');
  await expect(secrets.secrets.getByRole('row', { name: /^registry-token/ })).toBeVisible();
  await album.take(
    page,
    'secrets',
    'Secrets and configs',
    'What the components of sessions are given besides their spec; the values of secrets are never shown again.',
  );

  await open('/activity');
  await album.take(page, 'activity', 'Activity', 'Who did what to which object, with before and after.');
  await open('/environments');
  await album.take(
    page,
    'environments',
    'Environments',
    'How each back end is reached and how that goes; how many cycles run at once, and how many approvals a plan needs.',
  );
  const configuration = new ConfigurationPage(page);
  await configuration.open();
  await configuration.preview(quickWorld('workshop', { lathe: { size: 3 }, press: { size: 2 } }));
  await expect(page.getByRole('list', { name: 'Clusters: changes' })).toBeVisible();
  await album.take(
    page,
    'configuration',
    'Configuration as code',
    'What a file of environments and clusters would change, before it is applied.',
  );
  await open('/people');
  await album.take(page, 'people', 'People', 'Who may look, operate and administrate, and the invitations.');
  await open('/clusters');
  const palette = new Palette(page);
  await palette.search('search');
  await expect(palette.option(/staging\/search-query/).first()).toBeVisible();
  await album.take(
    page,
    'palette',
    'The palette',
    'Finds clusters, instances, plans, cycles, pools and sessions, and opens the question of what can be ordered.',
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await album.take(page, 'keys', 'The keys', 'All of them; the single ones can be switched off.');
  await page.keyboard.press('Escape');
  await open('/welcome');
  await album.take(page, 'welcome', 'Welcome', 'Where an installation without clusters begins.');
  await visitor.goto('/sign-in');
  await expect(visitor.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await album.take(visitor, 'sign-in', 'Signing in', 'By an address and a password; nobody signs up by themselves.');
  album.finish();
});

/** Three cycles: one small enough to be watched, a large one, and one that a person has paused. */
async function beginCycles(page: Page) {
  const search = await CyclePage.start(page, 'staging/search-query');
  const billing = await CyclePage.start(page, 'demo/billing');
  const checkout = await CyclePage.start(page, 'demo/checkout');
  await billing.cycle.open(billing.id);
  await expect(billing.cycle.progress).toHaveAccessibleName(/^[2-9] of 28 replaced/, { timeout: 180_000 });
  await billing.cycle.pause.click();
  return { search, checkout };
}

/** Two plans of one cluster, and one of another. */
async function requestApprovals(page: Page) {
  const preview = new PreviewPage(page);
  const plan = async (cluster: string, search = '') => {
    await preview.open(cluster, search);
    await preview.tickWarnings();
    return preview.savePlan();
  };
  const first = await plan('demo/ingest', '?canary=1&surge=2');
  const second = await plan('demo/ingest');
  await plan('staging/chat-sockets');
  return { first, second };
}
