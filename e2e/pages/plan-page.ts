import { expect, type Locator, type Page } from '@playwright/test';

export class PlanPage {
  readonly approve: Locator;
  readonly approveDialog: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.approve = page.getByRole('button', { name: 'Approve…' });
    this.approveDialog = page.getByRole('dialog', { name: /^Approve this plan for / });
  }

  async open(planId: string): Promise<void> {
    await this.#page.goto(`/plans/${planId}`);
    await expect(this.#page.getByRole('heading', { level: 1, name: 'Plan' })).toBeVisible();
  }

  /** Whether the plan still holds: "Fresh.", "Changed, harmless.", "Changed, and it matters." */
  verdict(words: string): Locator {
    return this.#page.getByRole('main').getByText(words, { exact: true });
  }

  /** In the dialog too; the cycle's page opens. Gives the cycle's id. */
  async approveAndConfirm(): Promise<string> {
    await this.approve.click();
    await this.approveDialog.getByRole('button', { name: /^Approve/ }).click();
    await this.#page.waitForURL(/\/cycles\/[^/]+$/);
    return this.#page.url().split('/').at(-1) ?? '';
  }
}
