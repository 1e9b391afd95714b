import type { Locator, Page } from '@playwright/test';

export class ClustersPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(): Promise<void> {
    await this.#page.goto('/clusters');
  }

  /** "local/web" */
  link(cluster: string): Locator {
    const [environment, name] = cluster.split('/');
    return this.#page.getByRole('link', { name: new RegExp(`^${environment}/ ?${name}$`) });
  }

  row(cluster: string): Locator {
    return this.#page.getByRole('row').filter({ has: this.link(cluster) });
  }
}
