import { type BrowserContext, expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { expectLive } from './pages/shell.ts';

test('all tabs share one stream, and another tab takes it over', async ({ viewer }) => {
  const context = viewer.context();
  const open = openStreams(context);
  await viewer.goto('/clusters');
  await expectLive(viewer);
  const second = await context.newPage();
  await second.goto('/clusters/demo/gateway');
  await expectLive(second);
  const third = await context.newPage();
  await third.goto('/activity');
  await expectLive(third);
  await expect.poll(() => open.size).toBe(1);

  await viewer.close();
  await expectLive(second);
  await expectLive(third);
  await expect.poll(() => open.size).toBe(1);
});

/** The event streams of the context that have neither ended nor failed. */
function openStreams(context: BrowserContext): ReadonlySet<unknown> {
  const open = new Set<unknown>();
  context.on('request', (request) => request.resourceType() === 'eventsource' && open.add(request));
  context.on('requestfinished', (request) => open.delete(request));
  context.on('requestfailed', (request) => open.delete(request));
  return open;
}
