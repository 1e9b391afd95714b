import { expect, test } from '@playwright/test';
import { startEmptyProduct } from './empty-product.ts';
import { JoinPage } from './pages/join-page.ts';

test('an installation without clusters begins at the welcome page, however one comes to it', async ({ page }) => {
  test.setTimeout(120_000);
  const product = await startEmptyProduct();
  try {
    const join = new JoinPage(page);
    await join.open(product.firstSignInLink);
    const account = { name: 'Grace Newcomen', email: 'grace@example.org', password: 'an empty house to begin with' };
    await join.makeAccount(account, '/welcome');
    await expect(page.getByRole('heading', { level: 1, name: 'Welcome to Roundhouse' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Invite people' })).toBeVisible();

    await page.goto(`${product.address}/`);
    await expect(page).toHaveURL(`${product.address}/welcome`);
    await page.goto(`${product.address}/clusters`);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
    await expect(page).toHaveURL(`${product.address}/welcome`);
  } finally {
    await product.stop();
  }
});
