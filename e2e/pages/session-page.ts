import { expect, type Locator, type Page } from '@playwright/test';

/** How a session stands, as its page says it. */
type Standing = 'Queued' | 'Provisioning' | 'Running' | 'Succeeded' | 'Failed' | 'Error' | 'Finished' | 'Cancelled';

export class SessionPage {
  readonly gantt: Locator;
  readonly log: Locator;
  readonly results: Locator;
  readonly events: Locator;
  readonly queue: Locator;
  readonly firstBad: Locator;
  readonly runAgain: Locator;
  readonly finish: Locator;
  readonly cancel: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    const region = (name: string) => page.getByRole('region', { name, exact: true });
    this.gantt = region('Components');
    this.log = region('Log');
    this.results = region('Results');
    this.events = region('Events');
    this.queue = region('In the queue');
    this.firstBad = page.getByRole('main').getByText('First bad event', { exact: true }).locator('..');
    this.runAgain = page.getByRole('button', { name: 'Run again' });
    this.finish = page.getByRole('button', { name: 'Finish…' });
    this.cancel = page.getByRole('button', { name: 'Cancel session…' });
  }

  async open(id: string): Promise<void> {
    await this.#page.goto(`/sessions/${id}`);
    await expect(this.#page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  /** The newest of a name, through the list. Gives its id. */
  async openFromList(name: string): Promise<string> {
    await this.#page.goto('/sessions');
    await this.#page.getByRole('region', { name: 'Sessions' }).getByRole('link', { name, exact: true }).first().click();
    return this.id();
  }

  /** Once the page of a session is there. */
  async id(): Promise<string> {
    await this.#page.waitForURL(/\/sessions\/ses_[^/]+$/);
    await expect(this.#page.getByRole('heading', { level: 1 })).toBeVisible();
    return new URL(this.#page.url()).pathname.split('/').at(-1) ?? '';
  }

  async expectStanding(name: string, standing: Standing | RegExp, withinMs = 30_000): Promise<void> {
    const said = this.#page.getByRole('status').filter({ hasText: new RegExp(`^${name}: `) });
    const wanted = standing instanceof RegExp ? standing : `${name}: ${standing}`;
    await expect(said).toHaveText(wanted, { timeout: withinMs });
  }

  /** How it stands or ended, in a sentence. */
  lead(words: string | RegExp): Locator {
    return this.#page.getByRole('main').getByRole('paragraph').filter({ hasText: words });
  }

  logLine(text: string | RegExp): Locator {
    return this.log.getByRole('log').getByText(text);
  }

  async showLogOf(component: string): Promise<void> {
    await this.log.getByRole('group', { name: 'Component' }).getByRole('button', { name: component }).click();
  }

  async finishAndConfirm(): Promise<void> {
    await this.finish.click();
    await this.#page.getByRole('dialog').getByRole('button', { name: 'Finish 1 session' }).click();
  }

  async cancelAndConfirm(): Promise<void> {
    await this.cancel.click();
    await this.#page.getByRole('dialog').getByRole('button', { name: 'Cancel 1 session' }).click();
  }
}
