import { expect, type Locator, type Page } from '@playwright/test';

export class OverviewPage {
  readonly needs: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.needs = page.getByRole('list', { name: 'What needs you' }).getByRole('listitem');
  }

  async open(): Promise<void> {
    await this.#page.goto('/');
    await expect(this.#page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  }

  /** One of the four numbers, by its words: "cycles running". */
  number(words: RegExp): Locator {
    return this.#page.getByRole('region', { name: 'Numbers' }).getByRole('link', { name: words });
  }
}
