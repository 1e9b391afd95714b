import { type BrowserContext, expect, type Request } from '@playwright/test';
import { test } from './fixtures.ts';
import { expectLive } from './pages/shell.ts';

test('all tabs share one stream, and another tab takes it over', async ({ viewer }) => {
  const context = viewer.context();
  const open = streams(context);
  await viewer.goto('/clusters');
  await expectLive(viewer);
  const second = await context.newPage();
  await second.goto('/clusters/demo/gateway');
  await expectLive(second);
  const third = await context.newPage();
  await third.goto('/activity');
  await expectLive(third);
  await expect.poll(() => open().length).toBe(1);

  await viewer.close();
  await expectLive(second);
  await expectLive(third);
  await expect.poll(() => open().length).toBe(1);
});

/** The event streams of all tabs that have neither ended nor failed, nor gone with their tab. */
function streams(context: BrowserContext): () => readonly Request[] {
  const open = new Set<Request>();
  context.on('request', (request) => new URL(request.url()).pathname === '/api/live' && open.add(request));
  context.on('requestfinished', (request) => open.delete(request));
  context.on('requestfailed', (request) => open.delete(request));
  return () => [...open].filter((request) => !request.frame().page().isClosed());
}
