import { expect, type Locator, type Page } from '@playwright/test';
import { PlanPage } from './plan-page.ts';
import { PreviewPage } from './preview-page.ts';

type State = 'approved' | 'running' | 'paused' | 'aborted' | 'completed';

export class CyclePage {
  readonly pause: Locator;
  readonly resume: Locator;
  readonly steps: Locator;
  /** Says that the page shows a moment of the past. */
  readonly past: Locator;
  readonly previousEvent: Locator;
  readonly #page: Page;
  readonly #cluster: string;

  /** `cluster`: "local/web" */
  constructor(page: Page, cluster: string) {
    this.#page = page;
    this.#cluster = cluster;
    this.pause = page.getByRole('button', { name: 'Pause', exact: true });
    this.resume = page.getByRole('button', { name: 'Resume', exact: true });
    this.steps = page.getByRole('region', { name: 'Steps' });
    this.past = page.getByRole('main').getByText(/^You see .*: what was known then, and nothing that came later\./);
    this.previousEvent = page.getByRole('button', { name: 'Previous event' });
  }

  /** Previews, saves and approves a cycle of the cluster, and comes to its page. */
  static async start(page: Page, cluster: string): Promise<{ cycle: CyclePage; id: string }> {
    const preview = new PreviewPage(page);
    await preview.open(cluster);
    await preview.tickWarnings();
    await preview.savePlan();
    const id = await new PlanPage(page).approveAndConfirm();
    return { cycle: new CyclePage(page, cluster), id };
  }

  /** `origin`: where the product is to be reached otherwise than all reach it. */
  async open(id: string, origin = ''): Promise<void> {
    await this.#page.goto(`${origin}/cycles/${id}`);
    await expect(this.#page.getByRole('heading', { level: 1, name: this.#cluster })).toBeVisible();
  }

  async expectState(state: State, withinMs = 30_000): Promise<void> {
    const said = this.#page.getByRole('status').filter({ hasText: `Cycle of ${this.#cluster}: ` });
    await expect(said).toHaveText(`Cycle of ${this.#cluster}: ${state}`, { timeout: withinMs });
  }

  /** "2 of 4 replaced, 1 leaving" */
  get progress(): Locator {
    return this.#page.getByRole('region', { name: 'Progress' }).getByRole('img', { name: /^\d+ of \d+ replaced/ });
  }

  /** Chooses what of the cycle is looked at. */
  async show(view: 'Timeline' | 'Chart' | 'Steps' | 'Log'): Promise<void> {
    await this.#page.getByRole('group', { name: 'View' }).getByRole('button', { name: view }).click();
  }

  /** Until something is on its way: an instance starts, drains or goes. */
  async expectInWork(): Promise<void> {
    await this.show('Steps');
    await expect(this.steps.getByRole('button', { name: /^Step 1 / })).toBeVisible({ timeout: 30_000 });
  }

  /** How the cycle is, in a sentence. */
  lead(words: string | RegExp): Locator {
    return this.#page.getByRole('main').getByText(words);
  }

  /** Opens the question how, and answers its dialog. */
  async askToAbort(): Promise<Locator> {
    await this.#page.getByRole('button', { name: 'Abort…' }).click();
    const dialog = this.#page.getByRole('dialog', { name: `Abort the cycle of ${this.#cluster}` });
    await expect(dialog.getByRole('radio').first()).toBeVisible();
    return dialog;
  }

  async abort(how: 'Finish what is in work' | 'Stop now'): Promise<void> {
    const dialog = await this.askToAbort();
    await dialog.getByRole('radio', { name: how }).check();
    await dialog.getByRole('button', { name: /^(Abort|Stop)/ }).click();
    await expect(dialog).toBeHidden();
  }
}
