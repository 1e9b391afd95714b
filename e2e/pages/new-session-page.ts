import { expect, type Locator, type Page } from '@playwright/test';
import { SessionPage } from './session-page.ts';
import { expectAlive } from './shell.ts';

export class NewSessionPage {
  readonly submit: Locator;
  /** When it could begin. */
  readonly when: Locator;
  readonly problems: Locator;
  readonly yaml: Locator;
  readonly #page: Page;
  readonly #form: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#form = page.getByRole('form', { name: 'New session' });
    this.submit = this.#form.getByRole('button', { name: 'Submit session' });
    this.when = this.#form.getByRole('region', { name: 'When' });
    this.problems = this.#form.getByRole('list', { name: 'What is wrong' });
    this.yaml = this.#form.getByRole('textbox', { name: 'Spec as YAML' });
  }

  async open(): Promise<void> {
    await this.#page.goto('/sessions/new');
    await expectAlive(this.#form);
  }

  async fillInExample(): Promise<void> {
    await this.#form.getByRole('button', { name: 'Fill in the HTTP load example' }).click();
  }

  get scenario(): Locator {
    return this.#form.getByRole('textbox', { name: 'Scenario' });
  }

  async showYaml(): Promise<void> {
    await this.#form.getByRole('group', { name: 'Edit as' }).getByRole('button', { name: 'YAML' }).click();
    await expect(this.yaml).toBeVisible();
  }

  /** Writes it as YAML, and submits it once it can be read. The session's page opens; gives its id. */
  async submitYaml(text: string): Promise<string> {
    await this.open();
    await this.showYaml();
    await this.yaml.fill(text);
    return this.send();
  }

  /** Gives the id of the session, whose page is open then. */
  async send(): Promise<string> {
    await this.submit.click();
    return new SessionPage(this.#page).id();
  }
}

/** A session of one component, on one machine of `workers`. */
export function driverOnly(name: string, script: string): string {
  return `name: ${name}
components:
  - name: driver
    kind: driver
    pool: workers
    command: [/bin/sh, -c, ${JSON.stringify(script)}]
`;
}
