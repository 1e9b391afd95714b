import { expect, type Locator, type Page } from '@playwright/test';

export class PreviewPage {
  readonly save: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.save = page.getByRole('button', { name: 'Save plan and request approval' });
  }

  async open(cluster: string, search = ''): Promise<void> {
    await this.#page.goto(`/clusters/${cluster}/preview${search}`);
    await expect(this.save).toBeVisible();
  }

  /** Warnings are read and ticked, each. */
  async tickWarnings(): Promise<void> {
    for (const warning of await this.#page.getByRole('main').getByRole('checkbox').all()) await warning.check();
  }

  /** Freezes the preview; the plan's page opens. Gives the plan's id. */
  async savePlan(): Promise<string> {
    await expect(this.save).toBeEnabled();
    await this.save.click();
    await this.#page.waitForURL(/\/plans\/[^/]+$/);
    return this.#page.url().split('/').at(-1) ?? '';
  }
}
