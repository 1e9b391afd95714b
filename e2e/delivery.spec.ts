import { expect, test } from '@playwright/test';

test('pages may not be framed, and load nothing from elsewhere', async ({ page, baseURL }) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (baseURL === undefined || !request.url().startsWith(baseURL)) foreign.push(request.url());
  });
  const response = await page.goto('/');
  expect(response?.headers()).toMatchObject({
    'content-security-policy': expect.stringContaining(`frame-ancestors 'none'`),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  });
  await page.waitForLoadState('networkidle');
  expect(foreign).toEqual([]);
});

test('what a page runs and shows is allowed by its own policy', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  expect(complaints).toEqual([]);
});

test('web says when it serves', async ({ request }) => {
  const response = await request.get('/healthz');
  expect(response.status()).toBe(200);
  expect(response.headers()['cache-control']).toBe('no-store');
});
