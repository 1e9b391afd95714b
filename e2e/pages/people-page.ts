import { expect, type Locator, type Page } from '@playwright/test';

export class PeoplePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(): Promise<void> {
    await this.#page.goto('/people');
    await expect(this.#page.getByRole('region', { name: 'People' }).getByRole('row').nth(1)).toBeVisible();
  }

  person(name: string): Locator {
    return this.#page.getByRole('region', { name: 'People' }).getByRole('rowheader', { name });
  }

  /** Gives the link. */
  async invite(role: 'viewer' | 'operator' | 'administrator', who: string): Promise<string> {
    await this.#page.getByRole('button', { name: 'Invite…' }).click();
    const dialog = this.#page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('Role').selectOption(role);
    await dialog.getByLabel('For').fill(who);
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    const link = await dialog.getByRole('button', { name: /\/join#/ }).textContent();
    await dialog.getByRole('button', { name: 'Done' }).click();
    return link ?? '';
  }
}
