import type { Page } from '@playwright/test';
import { expectAlive } from './shell.ts';

export class DeclarePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async declare(environment: string, name: string): Promise<void> {
    await this.#page.goto('/clusters/new');
    const form = this.#page.getByRole('form', { name: 'Declare a cluster' });
    await expectAlive(form);
    await form.getByLabel('Environment', { exact: true }).selectOption(environment);
    await form.getByLabel('Name').fill(name);
    await form.getByRole('button', { name: 'Declare cluster' }).click();
    await this.#page.waitForURL(`/clusters/${environment}/${name}`);
  }
}
