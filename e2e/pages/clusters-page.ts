import type { Locator, Page } from '@playwright/test';

export class ClustersPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** `search`: "?q=outdated:>0" */
  async open(search = ''): Promise<void> {
    await this.#page.goto(`/clusters${search}`);
  }

  /** Those that are drawn, whatever there is. */
  get drawn(): Locator {
    return this.#page.getByRole('table', { name: 'Clusters' }).locator('tr[data-index]');
  }

  get filter(): Locator {
    return this.#page.getByRole('combobox', { name: 'Filter clusters' });
  }

  /** How many the list has: "12 clusters". */
  get count(): Locator {
    return this.#page.getByRole('region', { name: 'Clusters' }).locator('footer > span').last();
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
