import { expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { expectAlive, expectLive } from './pages/shell.ts';

declare global {
  interface Window {
    /** How many rows were seen at most, and how few after that. */
    rowsSeen: { most: number; leastAfter: number };
  }
}

test('what the server drew stays as it is until its code has come, and asks for no other page', async ({ viewer }) => {
  const ahead: string[] = [];
  viewer.on('request', (request) => request.url().includes('_rsc=') && ahead.push(request.url()));
  const release = await holdLaterCode(viewer, '/clusters?q=env:demo');
  await viewer.addInitScript(watchRows);

  await viewer.goto('/clusters?q=env:demo', { waitUntil: 'commit' });
  const rows = viewer.getByRole('table', { name: 'Clusters', includeHidden: true }).locator('th[scope="row"]');
  await expect(rows).toHaveCount(10);
  await expectAlive(viewer.getByRole('navigation', { name: 'Main', includeHidden: true }).first());
  await expect(rows).toHaveCount(10);
  expect(await rows.first().evaluate((row) => row.closest('[inert]') !== null)).toBe(true);

  release();
  await expectLive(viewer);
  await expectAlive(rows.first());
  await expect(rows).toHaveCount(10);
  expect(await viewer.evaluate(() => window.rowsSeen)).toEqual({ most: 10, leastAfter: 10 });
  expect(ahead).toEqual([]);
});

/** Holds the code of the parts that are loaded after the page, until the answer is called. */
async function holdLaterCode(page: Page, path: string): Promise<() => void> {
  const html = await (await page.request.get(path)).text();
  const links = html.match(/<link[^>]* as="script"[^>]*>/g) ?? [];
  // What the page itself consists of is named in its scripts as well.
  const others = html.replaceAll(/<link[^>]*>/g, '');
  const later = links
    .flatMap((link) => /static\/chunks\/[^"?]+/.exec(link) ?? [])
    .filter((file) => !others.includes(file));
  expect(later.length).toBeGreaterThan(0);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    if (later.some((file) => route.request().url().includes(file))) await released;
    await route.continue();
  });
  return () => release();
}

function watchRows(): void {
  window.rowsSeen = { most: 0, leastAfter: Number.POSITIVE_INFINITY };
  const look = () => {
    const rows = document.querySelectorAll('th[scope="row"]').length;
    const { most, leastAfter } = window.rowsSeen;
    window.rowsSeen = rows > most ? { most: rows, leastAfter: rows } : { most, leastAfter: Math.min(leastAfter, rows) };
    requestAnimationFrame(look);
  };
  look();
}
