import type { Page } from '@playwright/test';
import { expectAlive } from './shell.ts';

export class DeclarePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** `spec`: what its machines run, instead of the example; `policy`: the fields of a policy of its own. */
  async declare(
    environment: string,
    name: string,
    { spec, policy }: { spec?: object; policy?: Readonly<Record<string, string>> } = {},
  ): Promise<void> {
    await this.#page.goto('/clusters/new');
    const form = this.#page.getByRole('form', { name: 'Declare a cluster' });
    await expectAlive(form);
    await form.getByLabel('Environment', { exact: true }).selectOption(environment);
    await form.getByLabel('Name').fill(name);
    if (spec !== undefined) await form.getByLabel('Spec, JSON').fill(JSON.stringify(spec, null, 2));
    if (policy !== undefined) {
      await form.getByRole('checkbox', { name: 'A policy of its own' }).check();
      for (const [label, value] of Object.entries(policy)) await form.getByLabel(label, { exact: true }).fill(value);
    }
    await form.getByRole('button', { name: 'Declare cluster' }).click();
    await this.#page.waitForURL(`/clusters/${environment}/${name}`);
  }
}
