import { expect, type Page } from '@playwright/test';
import { z } from 'zod';
import { test } from './fixtures.ts';
import { driverOnly, NewSessionPage } from './pages/new-session-page.ts';
import { PoolPage } from './pages/pool-page.ts';
import { ReservationPage } from './pages/reservation-page.ts';
import { SecretsPage } from './pages/secrets-page.ts';
import { SessionPage } from './pages/session-page.ts';
import { forbidReload } from './pages/shell.ts';
import { answerOf, refusalOf } from './procedure.ts';

test('an operator submits the example and watches it to its end', async ({ operator }) => {
  test.setTimeout(120_000);
  const form = new NewSessionPage(operator);
  await form.open();
  await form.fillInExample();
  await form.scenario.fill(JSON.stringify({ seconds: 3, warmupSeconds: 1, concurrency: 2 }));
  await expect(form.when).toContainText('free now.');
  const expectNoReload = await forbidReload(operator);
  const standings = await collectStandings(operator, 'http-load');
  const first = await form.send();

  const session = new SessionPage(operator);
  await session.expectStanding('http-load', 'Succeeded', 60_000);
  await expectNoReload();
  const passed = await standings();
  expect(passed.slice(-3)).toEqual(['Provisioning', 'Running', 'Succeeded']);
  await expect(session.lead(/^Succeeded after .*: driver exited with code 0 at \+00:00:\d\d\./)).toBeVisible();

  const components = ['driver', 'server-1', 'client-1', 'client-2'];
  await expect(session.gantt.locator('svg g:has(> path + text + text) > path + text')).toHaveText(components);
  await session.gantt.getByRole('button', { name: 'View as table' }).click();
  const rows = await session.gantt.getByRole('rowheader').allInnerTexts();
  expect([...new Set(rows)]).toEqual(components);
  await expect(session.gantt.getByRole('row', { name: /^driver phase . running/ })).toBeVisible();

  await expect(session.logLine(/\d+ requests, [\d.]+ a second, 0 errors/)).toBeVisible();
  const throughput = session.results.getByRole('row', { name: /^Throughput/ }).getByRole('cell');
  await expect(throughput).toHaveCount(3); // of all, and of each client
  for (const figure of await throughput.allInnerTexts()) expect(Number(figure.replaceAll(',', ''))).toBeGreaterThan(0);
  const second = session.results.getByRole('slider', { name: 'Second in the load' });
  await second.press('Home');
  await expect(second).toHaveAttribute('aria-valuetext', /^\d+ s: [\d,.]+ requests a second; p50 .+ ms; p99 .+ ms$/);
  const firstSecond = await second.getAttribute('aria-valuetext');
  await second.press('ArrowRight');
  await expect(second).not.toHaveAttribute('aria-valuetext', firstSecond ?? '');
  const download = operator.waitForEvent('download');
  await session.results.getByRole('button', { name: 'Download load as SVG' }).click();
  expect((await download).suggestedFilename()).toBe('http-load-seconds.svg');
  await session.results.getByRole('button', { name: 'View as table' }).click();
  const seconds = session.results.getByRole('table', { name: 'Throughput and latency, second by second' });
  await expect(seconds.getByRole('rowheader').first()).toHaveText(/^\d+$/);
  for (const event of [
    'Waits for ',
    /Has its machines: .*driver on m-\w+ of drivers/,
    'The components are started on 4 machines.',
    'All components were ready; driver runs.',
    'driver exited with code 0',
  ])
    await expect(session.events.getByRole('listitem').filter({ hasText: event }).first()).toBeVisible();

  await session.runAgain.click();
  await expect(operator).not.toHaveURL(new RegExp(first));
  expect(await session.id()).not.toBe(first);
  await expect(operator.getByRole('link', { name: `run again from ${first}` })).toBeVisible();
  await session.expectStanding('http-load', 'Succeeded', 60_000);
});

const BROKEN = `name: broken-client
components:
  - name: client
    kind: client
    pool: workers
    command: [/bin/sh, -c, "echo boom >&2; exit 7"]
    ports: [{ name: http }]
  - name: driver
    kind: driver
    pool: drivers
    command: [/bin/sh, -c, exec sleep 60]
`;

test('a component that fails is named, with where to look', async ({ operator }) => {
  const form = new NewSessionPage(operator);
  await form.open();
  await form.showYaml();
  await form.yaml.fill(BROKEN.replace('kind: driver', 'kind: pilot'));
  await expect(form.problems.getByRole('listitem')).toHaveText([/^line 9components\.1\.kind: /]);
  await form.yaml.fill(BROKEN);
  await expect(form.problems).toBeHidden();
  await form.send();

  const session = new SessionPage(operator);
  await session.expectStanding('broken-client', 'Error');
  await expect(
    session.lead(/^Error after .*: client .*code 7\)? before all components were ready, at \+00:00:\d\d\./),
  ).toBeVisible();
  await expect(session.firstBad).toContainText(/client failed.*7/);
  await operator.getByRole('button', { name: 'Go there' }).click();
  await expect(operator).toHaveURL(/[?&]c=client(&|$)/);
  await expect(operator).toHaveURL(/[?&]t=/);
  await expect(session.logLine('boom')).toBeVisible();
});

const poolSchema = z.object({ parts: z.object({ available: z.number() }) });

test('a full pool: who waits sees why and until when, and starts as soon as it may', async ({
  operator,
  administrator,
}) => {
  test.setTimeout(120_000);
  const { parts } = await answerOf(operator, 'pool.byName', { name: 'workers' }, poolSchema);
  expect(parts.available).toBeGreaterThan(0);
  const reservation = new ReservationPage(operator);
  await reservation.reserve('workers', parts.available, 'Measure by hand', '3 min');
  await expect(reservation.lead(`holds ${parts.available} machines`)).toBeVisible();

  const form = new NewSessionPage(administrator);
  await form.open();
  await form.showYaml();
  await form.yaml.fill(driverOnly('patient', 'echo here I am'));
  await expect(form.when).toContainText('0 free of 5');
  await expect(form.when.getByRole('status')).toContainText(/^Up to [23] min: needs 1 of workers, 0 are free\./);
  await form.send();
  const session = new SessionPage(administrator);
  await session.expectStanding('patient', 'Queued');
  await expect(session.queue).toContainText('place 1');
  await expect(session.queue).toContainText('needs 1 of workers, 0 are free');
  await expect(session.queue).toContainText(/[23] min/);

  const pool = new PoolPage(await operator.context().newPage(), 'workers');
  await pool.open('queue');
  await expect(pool.queue.getByRole('row', { name: /patient/ })).toContainText(/[23] min/);

  await reservation.releaseAndConfirm();
  await expect(reservation.lead(/^Otto Brunel held \d machines; it ended/)).toBeVisible();
  await session.expectStanding('patient', 'Succeeded');
  await expect(session.logLine('here I am')).toBeVisible();
  await expect(pool.queue).toContainText('Nobody waits');
});

test('a viewer sees pools and sessions, and may change nothing of them', async ({ viewer }) => {
  const why = 'needs the role operator';
  await viewer.goto('/pools');
  await viewer.getByRole('region', { name: 'Pools' }).getByRole('link', { name: 'workers' }).click();
  await expect(viewer.getByRole('table').getByRole('row')).toHaveCount(6); // the head, and five machines
  await expect(viewer.getByRole('link', { name: 'Reserve machines' })).toBeHidden();
  await expect(viewer.getByRole('button', { name: 'Pause' })).toHaveAccessibleDescription(/^Operators do this/);
  await viewer.goto('/reservations/new');
  await expect(viewer.getByRole('heading', { name: 'You may not reserve machines' })).toBeVisible();

  const form = new NewSessionPage(viewer);
  await form.open();
  await form.fillInExample();
  await expect(form.submit).toHaveAccessibleDescription(why);
  await form.submit.click({ force: true });
  await expect(viewer).toHaveURL(/\/sessions\/new$/);

  const session = new SessionPage(viewer);
  const sessionId = await session.openFromList('checkout-soak');
  for (const button of [session.cancel, session.finish]) {
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(why);
  }
  const refusals = {
    'session.submit': { spec: SMALL },
    'session.cancel': { sessionId },
    'session.finish': { sessionId },
    'session.keep': { sessionId, forMs: 3_600_000 },
    'session.runAgain': { sessionId },
    'reservation.reserve': { wants: [{ pool: 'workers', count: 1 }], purpose: 'mine', forMs: 600_000 },
    'pool.pause': { name: 'workers', note: 'why not' },
    'secret.set': { name: 'token', value: 'not for me to say' },
  };
  for (const [procedure, input] of Object.entries(refusals)) {
    expect(await refusalOf(viewer, procedure, input), procedure).toBe('FORBIDDEN');
  }
});

test('a secret reaches the component that names it, and neither log nor page shows it', async ({ operator }) => {
  const value = 'correct-horse-battery-staple';
  const page = new SecretsPage(operator);
  await page.open();
  await page.set('demo-token', value);
  await expect(page.secrets.getByRole('row', { name: /^demo-token/ })).toContainText('never shown');

  const form = new NewSessionPage(operator);
  await form.submitYaml(
    `${driverOnly('secretive', 'echo token is $(cat "$ROUNDHOUSE_SECRETS/demo-token"), of $(wc -c < "$ROUNDHOUSE_SECRETS/demo-token") bytes')}    secrets: [demo-token]\n`,
  );
  const session = new SessionPage(operator);
  await session.expectStanding('secretive', 'Succeeded');
  await expect(session.logLine(`token is [secret], of ${value.length} bytes`)).toBeVisible();
  expect(await operator.content()).not.toContain(value);
  await page.open();
  expect(await operator.content()).not.toContain(value);
});

const SMALL = { name: 'small', components: [{ name: 'driver', kind: 'driver', pool: 'workers', command: ['true'] }] };

/** Every standing that the page says of the session from now on, each once. */
async function collectStandings(page: Page, name: string): Promise<() => Promise<readonly string[]>> {
  await page.evaluate((prefix) => {
    const seen: string[] = [];
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll('[role=status]')) {
        const standing = textContent?.startsWith(prefix) ? textContent.slice(prefix.length) : null;
        if (standing !== null && standing !== seen.at(-1)) seen.push(standing);
      }
      document.documentElement.dataset.standings = JSON.stringify(seen);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, `${name}: `);
  return async () =>
    z.array(z.string()).parse(JSON.parse((await page.locator('html').getAttribute('data-standings')) ?? '[]'));
}
