import { expect, type Locator, type Page } from '@playwright/test';

export class SecretsPage {
  readonly secrets: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.secrets = page.getByRole('region', { name: 'Secrets', exact: true });
  }

  async open(): Promise<void> {
    await this.#page.goto('/sessions/secrets');
    await expect(this.secrets).toBeVisible();
  }

  async set(name: string, value: string): Promise<void> {
    await this.secrets.getByRole('button', { name: 'Set a secret…' }).click();
    const dialog = this.#page.getByRole('dialog', { name: 'Set a secret' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Value').fill(value);
    await dialog.getByRole('button', { name: 'Set secret' }).click();
    await expect(dialog).toBeHidden();
  }
}
