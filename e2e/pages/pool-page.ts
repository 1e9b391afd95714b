import { expect, type Locator, type Page } from '@playwright/test';

export class PoolPage {
  readonly page: Page;
  readonly #name: string;

  constructor(page: Page, name: string) {
    this.page = page;
    this.#name = name;
  }

  async open(tab: 'machines' | 'queue' | 'history' = 'machines'): Promise<void> {
    await this.page.goto(`/pools/${this.#name}${tab === 'machines' ? '' : `?tab=${tab}`}`);
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  get queue(): Locator {
    return this.page.getByRole('region', { name: 'Queue' });
  }
}
