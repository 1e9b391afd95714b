import { expect, type Locator, type Page } from '@playwright/test';

export class Palette {
  readonly dialog: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.dialog = page.getByRole('dialog', { name: 'Search and commands' });
  }

  /** By its key, from wherever the focus is. */
  async open(): Promise<void> {
    await this.#page.keyboard.press('Control+k');
    await expect(this.dialog.getByRole('combobox')).toBeFocused();
  }

  async search(text: string): Promise<void> {
    await this.open();
    await this.dialog.getByRole('combobox').fill(text);
  }

  option(words: string | RegExp): Locator {
    return this.dialog.getByRole('option', { name: words });
  }
}
