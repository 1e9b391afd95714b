import { expect, type Locator, type Page } from '@playwright/test';
import { expectAlive } from './shell.ts';

/** Reserves machines of one pool for a person, and comes to the reservation's page. */
export class ReservationPage {
  readonly release: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.release = page.getByRole('button', { name: 'Release…' });
  }

  async reserve(pool: string, machines: number, purpose: string, length: string): Promise<void> {
    await this.#page.goto(`/reservations/new?pool=${pool}`);
    const form = this.#page.getByRole('form', { name: 'Reserve machines' });
    await expectAlive(form);
    await form.getByLabel('Machines', { exact: true }).fill(String(machines));
    await form.getByLabel('Purpose').fill(purpose);
    await form.getByRole('textbox', { name: 'For how long' }).fill(length);
    await form.getByRole('button', { name: 'Reserve', exact: true }).click();
    await this.#page.waitForURL(/\/reservations\/res_[^/]+$/);
    await expect(this.#page.getByRole('heading', { level: 1, name: purpose })).toBeVisible();
  }

  /** How it stands, in a sentence. */
  lead(words: string | RegExp): Locator {
    return this.#page.getByRole('main').getByText(words);
  }

  async releaseAndConfirm(): Promise<void> {
    await this.release.click();
    await this.#page
      .getByRole('dialog')
      .getByRole('button', { name: /^Release \d+ machine/ })
      .click();
  }
}
