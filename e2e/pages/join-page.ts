import type { Locator, Page } from '@playwright/test';

interface Account {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export class JoinPage {
  readonly make: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.make = page.getByRole('button', { name: 'Make the account and sign in' });
  }

  async open(link: string): Promise<void> {
    await this.#page.goto(link);
  }

  /** `landing`: where the console begins. */
  async makeAccount({ name, email, password }: Account, landing = '/'): Promise<void> {
    await this.#page.getByLabel('Name').fill(name);
    await this.#page.getByLabel('E-mail address').fill(email);
    await this.#page.getByLabel('Password').fill(password);
    await this.make.click();
    await this.#page.waitForURL((url) => url.pathname === landing);
  }
}
