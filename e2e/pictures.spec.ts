import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { SessionPage } from './pages/session-page.ts';
import { expectAlive } from './pages/shell.ts';

declare global {
  interface Window {
    /** What has moved by itself since the page was opened. */
    moved: string[];
  }
}

interface Picture {
  /** What it is called on its page. */
  readonly region: string;
  /** Goes to another moment than the one at first, or to another cell. */
  readonly key: 'ArrowLeft' | 'ArrowRight';
  /** The first line of its file for a spreadsheet. */
  readonly header: string;
  /** How many lines follow, by its table. */
  readonly lines: (table: Locator) => Promise<number>;
  /** Chooses the table, or a file; where this is left out there is a button for each. */
  readonly choose?: (region: Locator, what: Choice) => Promise<void>;
}

type Choice = 'table' | 'SVG' | 'CSV';

const CAPACITY =
  'at,kind,inService,startedNew,startedOld,unhealthy,starting,draining,drained,terminating,approvedInService,floor,target,max,mark';
const CYCLED = 'staging/delivery-log';

const timeline: Picture = {
  region: 'Timeline',
  key: 'ArrowRight',
  header: 'instance,wave,replaced_by,what,old,unhealthy,from,to,seconds,text',
  // A cell tells each stretch and each mark on a line of its own, which begins with its time.
  async lines(table) {
    const cells = await table.getByRole('cell').allInnerTexts();
    return cells.flatMap((text) => text.match(/^\d\d:\d\d:\d\d /gm) ?? []).length;
  },
};
const capacity: Picture = { region: 'Capacity', key: 'ArrowLeft', header: CAPACITY, lines: rowsOf };
const smallCapacity: Picture = {
  region: `Capacity of ${CYCLED}`,
  key: 'ArrowLeft',
  header: CAPACITY,
  lines: rowsOf,
  async choose(region, what) {
    await region.getByRole('button', { name: `Table and files of ${CYCLED}` }).click();
    const entry = what === 'table' ? 'View as table' : `Download as ${what}`;
    await region.page().getByRole('menuitem', { name: entry }).click();
  },
};
const grid: Picture = {
  region: 'Grid of instances',
  key: 'ArrowRight',
  header: 'id,state,health,outdated,protection,closed,zone,version',
  lines: rowsOf,
};
const components: Picture = {
  region: 'Components',
  key: 'ArrowRight',
  header: 'component,kind,of,value,from_s,to_s,reason',
  lines: (table) =>
    table
      .getByRole('row')
      .filter({ has: table.page().getByRole('cell', { name: /^(phase|health)$/ }) })
      .count(),
};
const uses: Picture = {
  region: 'Use and waits',
  key: 'ArrowLeft',
  header: 'at,in use,reserved,between,out,free,capacity,waiting,oldestWaitMs',
  lines: rowsOf,
};

test('the pictures of a cycle are read by keyboard and as a table, are taken along, and stay still', async ({
  operator,
}) => {
  const { cycle, id } = await CyclePage.start(operator, CYCLED);
  await cycle.expectInWork();

  await watchMotion(operator);
  await cycle.open(id);
  await expectComplete(operator, timeline);
  await operator.goto(`/cycles/${id}?view=chart`);
  await expectComplete(operator, capacity);
  await operator.goto('/');
  await expectComplete(operator, smallCapacity);
  await cycle.open(id);
  await cycle.abort('Stop now');
});

for (const [name, picture, open] of [
  ['the grid of instances', grid, (page: Page) => page.goto('/clusters/demo/gateway?view=grid&group=state')],
  ['the timeline of a session', components, (page: Page) => new SessionPage(page).openFromList('checkout-broken')],
  ['the history of a pool', uses, (page: Page) => page.goto('/pools/workers?tab=history')],
] as const) {
  test(`${name} is read by keyboard and as a table, is taken along, and stays still`, async ({ viewer }) => {
    await watchMotion(viewer);
    await open(viewer);
    await expectComplete(viewer, picture);
  });
}

/** Whoever wants less motion gets none: what begins to move on the pages that follow is noted. */
async function watchMotion(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    window.moved = [];
    const note = (what: string, { target }: Event) =>
      window.moved.push(`${what} of ${target instanceof Element ? target.outerHTML.slice(0, 200) : target}`);
    addEventListener('transitionrun', (event) => note(event.propertyName, event), true);
    addEventListener(
      'animationstart',
      // By which something is only shown later.
      (event) => event.animationName !== 'appear' && note(event.animationName, event),
      true,
    );
  });
}

async function expectComplete(page: Page, picture: Picture): Promise<void> {
  const { key, header, lines, choose = pressButton } = picture;
  const region = page.getByRole('region', { name: picture.region, exact: true });
  const cursor = region.getByRole('slider');
  await expectAlive(cursor);
  await cursor.focus();
  const before = (await cursor.getAttribute('aria-valuetext')) ?? '';
  expect(before).not.toBe('');
  await cursor.press(key);
  await expect(cursor).not.toHaveAttribute('aria-valuetext', before);
  await expect(cursor).toHaveAttribute('aria-valuetext', /\S/);

  const svg = await download(page, '.svg', () => choose(region, 'SVG'));
  const drawing = await parsed(page, svg);
  expect(drawing).toMatchObject({ root: 'http://www.w3.org/2000/svg svg', errors: 0 });
  expect(drawing.drawn).toBeGreaterThan(10);

  await choose(region, 'table');
  const table = region.getByRole('table');
  await expect(table).toBeVisible();
  await expect(cursor).toBeHidden();
  // Once more where something has come in between.
  await expect(async () => {
    const told = await lines(table);
    expect(told).toBeGreaterThan(0);
    const csv = await download(page, '.csv', () => choose(region, 'CSV'));
    const [first, ...others] = csv.trimEnd().split(/\r?\n/);
    expect(first).toBe(header);
    expect(others).toHaveLength(told);
  }).toPass({ timeout: 10_000 });

  for (const button of await region.getByRole('button').all()) await button.hover();
  expect(await page.evaluate(() => window.moved)).toEqual([]);
}

function pressButton(region: Locator, what: Choice): Promise<void> {
  const name = what === 'table' ? 'View as table' : new RegExp(`^Download .+ as ${what}$`);
  return region.getByRole('button', { name }).click();
}

/** Without the head, and with those that are scrolled to. */
async function rowsOf(table: Locator): Promise<number> {
  return Number(await table.getAttribute('aria-rowcount')) - 1;
}

/** What is in the file that comes. */
async function download(page: Page, ending: string, ask: () => Promise<void>): Promise<string> {
  const coming = page.waitForEvent('download');
  await ask();
  const file = await coming;
  expect(file.suggestedFilename()).toMatch(new RegExp(`\\w\\${ending}$`));
  return readFile(await file.path(), 'utf8');
}

/** How a browser reads the text of a drawing. */
function parsed(page: Page, text: string) {
  return page.evaluate((xml) => {
    const root = new DOMParser().parseFromString(xml, 'image/svg+xml').documentElement;
    return {
      root: `${root.namespaceURI} ${root.localName}`,
      errors: root.querySelectorAll('parsererror').length,
      drawn: root.querySelectorAll('path, rect, line, circle, polygon, text').length,
    };
  }, text);
}
