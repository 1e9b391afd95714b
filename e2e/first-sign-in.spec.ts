import { type Browser, expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { JoinPage } from './pages/join-page.ts';
import { PeoplePage } from './pages/people-page.ts';
import { firstSignInLink, sessionFile } from './stack.ts';

test.describe.configure({ mode: 'serial' });

const administrator = { name: 'Ada Byron', email: 'ada@example.org', password: 'a turntable for engines' };

test('the link that the start prints makes the administrator', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText('Nobody has an account here yet.')).toBeVisible();

  const join = new JoinPage(page);
  await join.open(firstSignInLink());
  await expect(page.getByText('You are the first here, so you become an administrator')).toBeVisible();
  await join.makeAccount(administrator);
  await expect(page.getByRole('button', { name: 'Ada Byron, administrator' })).toBeVisible();
  await page.context().storageState({ path: sessionFile('administrator') });
});

test('the link works once', async ({ page }) => {
  const join = new JoinPage(page);
  await join.open(firstSignInLink());
  await expect(page.getByText('This link does not work')).toBeVisible();
  await expect(join.make).toBeHidden();
});

test('nobody signs up without an invitation', async ({ page, administrator: ada }) => {
  await page.goto('/sign-in');
  const mallory = { name: 'Mallory', email: 'mallory@example.org', password: 'let me in, let me in' };
  const answers = ['/api/auth/sign-up/email', '/api/auth/sign-in/email'].map(async (path) =>
    (await page.request.post(path, { headers: { origin: new URL(page.url()).origin }, data: mallory })).ok(),
  );
  expect(await Promise.all(answers)).toEqual([false, false]);
  const people = new PeoplePage(ada);
  await people.open();
  await expect(people.person('Ada Byron')).toBeVisible();
  await expect(people.person('Mallory')).toBeHidden();
});

test('a password lets in, and signing out ends the session', async ({ page }) => {
  await page.goto('/clusters');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel('E-mail address').fill(administrator.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('The address or the password is wrong.')).toBeVisible();
  await page.getByLabel('Password').fill(administrator.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/clusters$/);
  await page.getByRole('button', { name: 'Ada Byron, administrator' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/clusters');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('an administrator invites an operator and a viewer', async ({ browser, administrator: ada }) => {
  const people = new PeoplePage(ada);
  await people.open();
  await invite(browser, people, 'operator', 'Otto Brunel');
  await invite(browser, people, 'viewer', 'Vera Locke');
  await people.open();
  await expect(people.person('Otto Brunel')).toBeVisible();
  await expect(people.person('Vera Locke')).toBeVisible();
});

async function invite(browser: Browser, people: PeoplePage, role: 'operator' | 'viewer', name: string): Promise<void> {
  const link = await people.invite(role, name);
  const context = await browser.newContext();
  const page: Page = await context.newPage();
  const join = new JoinPage(page);
  await join.open(link);
  await expect(page.getByText(`You were invited as ${role}`)).toBeVisible();
  await join.makeAccount({ name, email: `${role}@example.org`, password: `the ${role} of this shed` });
  await expect(page.getByRole('button', { name: `${name}, ${role}` })).toBeVisible();
  await context.storageState({ path: sessionFile(role) });
  await context.close();
}
