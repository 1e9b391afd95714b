import { expect, type Locator, type Page } from '@playwright/test';
import { expectAlive } from './shell.ts';

/** The page where an administrator writes environments and clusters as one file. */
export class ConfigurationPage {
  readonly file: Locator;
  readonly changes: Locator;
  readonly problems: Locator;
  readonly applied: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.file = page.getByRole('textbox', { name: 'Configuration as YAML' });
    this.changes = page.getByRole('region', { name: 'What it changes' });
    this.problems = page.getByRole('list', { name: 'What is wrong' });
    this.applied = page.getByRole('region', { name: 'Applied' });
  }

  async open(): Promise<void> {
    await this.#page.goto('/settings/config');
    await expectAlive(this.file);
  }

  async preview(text: string): Promise<void> {
    await this.file.fill(text);
    await this.#page.getByRole('button', { name: 'Show what it changes' }).click();
  }

  /** After a preview: all that it showed is done. */
  async apply(): Promise<void> {
    await this.changes.getByRole('button', { name: /^Apply \d+ changes?…$/ }).click();
    await this.#page
      .getByRole('dialog')
      .getByRole('button', { name: /^Apply/ })
      .click();
    await expect(this.applied.getByText('done', { exact: true }).first()).toBeVisible();
  }

  /** Makes what is declared so, in one go. */
  async declare(text: string): Promise<void> {
    await this.open();
    await this.preview(text);
    await this.apply();
  }
}

interface SimulatedCluster {
  readonly image?: string;
  readonly size: number;
}

/** A file with one environment, whose world is quick. */
export function quickWorld(environment: string, clusters: Readonly<Record<string, SimulatedCluster>>): string {
  const declared = Object.entries(clusters).map(([name, { image = `${name}:1`, size }]) => [
    name,
    {
      spec: { image, instanceType: 'm7.large' },
      sizes: { min: Math.max(0, size - 1), target: size, max: size + 1 },
      policy: { surge: 1, maxUnavailable: 1, minHealthy: '500ms', onDrainTimeout: 'pause' },
      drainTimeout: '1m',
    },
  ]);
  const simulator = { startMs: [300, 900], drainMs: [800, 1_600], terminateMs: [200, 500] };
  const world = { kind: 'simulator', selfApproval: true, simulator, clusters: Object.fromEntries(declared) };
  return `${JSON.stringify({ version: 1, environments: { [environment]: world } }, null, 2)}\n`;
}
