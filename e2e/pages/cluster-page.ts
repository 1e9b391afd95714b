import { expect, type Locator, type Page } from '@playwright/test';

export class ClusterPage {
  readonly form: Locator;
  readonly edit: Locator;
  readonly preview: Locator;
  /** Asks whether it is to be removed. */
  readonly removal: Locator;
  readonly #page: Page;
  readonly #path: string;

  /** `cluster`: "local/web" */
  constructor(page: Page, cluster: string) {
    this.#page = page;
    this.#path = `/clusters/${cluster}`;
    this.form = page.getByRole('form', { name: /^Edit / });
    this.edit = page.getByRole('main').getByRole('link', { name: 'Edit', exact: true });
    this.removal = page.getByRole('button', { name: /^Remove .*…$/ });
    this.preview = page.getByRole('main').getByRole('link', { name: 'Preview cycle' });
  }

  async open(search = ''): Promise<void> {
    await this.#page.goto(`${this.#path}${search}`);
    await expect(this.#page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  /** As an administrator: replaces text within the spec of a simulated cluster. */
  async changeSpec(from: string, to: string): Promise<void> {
    await this.open();
    await this.edit.click();
    const spec = this.form.getByLabel('Spec, JSON');
    await spec.fill((await spec.inputValue()).replace(from, to));
    await this.#save();
  }

  /** As an administrator: says that the machines of a local cluster are to run another version. */
  async changeVersion(version: string): Promise<void> {
    await this.open();
    await this.edit.click();
    await this.form.getByRole('textbox', { name: 'Version' }).fill(version);
    await this.#save();
  }

  async changeLabels(labels: string): Promise<void> {
    await this.open();
    await this.edit.click();
    await this.form.getByRole('textbox', { name: 'Labels' }).fill(labels);
    await this.#save();
  }

  async #save(): Promise<void> {
    await this.form.getByRole('button', { name: 'Save changes' }).click();
    await expect(this.form).toBeHidden();
  }
}
