import { type Browser, test as base, type Page } from '@playwright/test';
import { sessionFile } from './stack.ts';

interface People {
  /** A page of each person, in a browser of their own. */
  readonly administrator: Page;
  readonly operator: Page;
  readonly viewer: Page;
}

export const test = base.extend<People>({
  administrator: ({ browser }, use) => signedIn(browser, 'administrator', use),
  operator: ({ browser }, use) => signedIn(browser, 'operator', use),
  viewer: ({ browser }, use) => signedIn(browser, 'viewer', use),
});

async function signedIn(browser: Browser, person: keyof People, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ storageState: sessionFile(person) });
  await use(await context.newPage());
  await context.close();
}
