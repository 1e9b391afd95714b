import { expect, type Locator, type Page } from '@playwright/test';
import { expectAlive } from './shell.ts';

type Action = 'Settings and connection…' | 'Disable' | 'Enable' | 'Remove…';

/** The page where an administrator sets up how back ends are reached. */
export class EnvironmentsPage {
  readonly add: Locator;
  readonly backEnds: Locator;
  /** Why what was chosen is not possible now. */
  readonly problem: Locator;
  /** What answers in the directories that workers watch. */
  readonly plugins: Locator;
  /** Where an environment is added, or its settings are changed. */
  readonly dialog: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.add = page.getByRole('button', { name: 'Add an environment…' });
    this.backEnds = page.getByRole('table', { name: /^Back ends/ });
    this.problem = page.getByRole('region', { name: 'Back ends' }).getByRole('alert');
    this.plugins = page.getByRole('region', { name: 'Plugins found' });
    this.dialog = page.getByRole('dialog', { name: /^(Add an environment|Settings of .*)$/ });
  }

  async open(): Promise<void> {
    await this.#page.goto('/environments');
    await expectAlive(this.backEnds);
  }

  /** How the back end of an environment is reached, and how that goes. */
  row(environment: string): Locator {
    return this.backEnds.getByRole('row').filter({ has: this.actions(environment) });
  }

  actions(environment: string): Locator {
    return this.#page.getByRole('button', { name: `Actions on ${environment}`, exact: true });
  }

  async expectRead(environment: string): Promise<void> {
    await expect(this.row(environment).getByText('read', { exact: true })).toBeVisible({ timeout: 20_000 });
  }

  async choose(environment: string, action: Action): Promise<void> {
    await this.actions(environment).click();
    await this.#page.getByRole('menuitem', { name: action }).click();
  }

  async openDialog(name: string, kind: 'docker' | 'infrakit'): Promise<void> {
    await this.add.click();
    await this.dialog.getByLabel('Kind').selectOption(kind);
    await this.dialog.getByLabel('Name').fill(name);
  }

  field(label: string): Locator {
    return this.dialog.getByLabel(label, { exact: true });
  }

  async fillYaml(text: string): Promise<void> {
    await this.dialog.getByRole('button', { name: 'YAML', exact: true }).click();
    await this.field('Settings, YAML').fill(text);
  }

  async fillFromFile(name: string, text: string): Promise<void> {
    const asked = this.#page.waitForEvent('filechooser');
    await this.dialog.getByRole('button', { name: 'Fill in from a file…' }).click();
    await (await asked).setFiles({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });
  }

  /** Has a worker try what is typed. */
  async test(): Promise<Locator> {
    await this.dialog.getByRole('button', { name: 'Test connection' }).click();
    const findings = this.dialog.getByRole('status');
    await expect(findings).toBeVisible({ timeout: 20_000 });
    return findings;
  }

  /** The dialog scrolls only downwards. */
  async expectFitsPhone(): Promise<void> {
    const before = this.#page.viewportSize();
    await this.#page.setViewportSize({ width: 390, height: 844 });
    expect(await this.dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    if (before !== null) await this.#page.setViewportSize(before);
  }

  async save(): Promise<void> {
    await this.dialog.getByRole('button', { name: /^(Add environment|Save settings)$/ }).click();
    await expect(this.dialog).toBeHidden();
  }

  removal(environment: string): Locator {
    return this.#page.getByRole('dialog', { name: `Remove ${environment}?` });
  }

  async remove(environment: string): Promise<void> {
    await this.choose(environment, 'Remove…');
    const dialog = this.removal(environment);
    await dialog.getByRole('textbox').fill(environment);
    await dialog.getByRole('button', { name: `Remove ${environment}` }).click();
    await expect(dialog).toBeHidden();
    await expect(this.row(environment)).toBeHidden();
  }
}
