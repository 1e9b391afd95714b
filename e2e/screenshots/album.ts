import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';

const DOCS = 'docs';
const PICTURES = 'pages';
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

interface Picture {
  readonly file: string;
  readonly words: string;
  readonly width: number;
}

/** The pictures of all pages, and the document that shows them. */
export class Album {
  readonly #sections: { readonly title: string; readonly sentence: string; readonly pictures: readonly Picture[] }[] =
    [];

  constructor() {
    mkdirSync(join(DOCS, PICTURES), { recursive: true });
  }

  /** The page as it is now, wide and light; where it is asked for, dark and on a phone as well. */
  async take(page: Page, name: string, title: string, sentence: string, looks: 'one' | 'all' = 'one'): Promise<void> {
    const pictures = [await this.#shoot(page, name, title)];
    if (looks === 'all') {
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      pictures.push(await this.#shoot(page, `${name}-dark`, `${title}, dark`));
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.setViewportSize(PHONE);
      pictures.push(await this.#shoot(page, `${name}-phone`, `${title}, on a phone`, PHONE.width));
      await page.setViewportSize(DESKTOP);
    }
    this.#sections.push({ title, sentence, pictures });
  }

  async #shoot(page: Page, name: string, words: string, width = 720): Promise<Picture> {
    // Nothing is on its way any more, and everything can be pressed.
    await expect(page.locator('.animate-appear')).toHaveCount(0);
    await expect(page.locator('main [inert]')).toHaveCount(0);
    await page.evaluate(() => document.fonts.ready);
    const file = `${PICTURES}/${name}.png`;
    await page.screenshot({ path: join(DOCS, file), animations: 'disabled' });
    return { file, words, width };
  }

  /** Writes the document; pictures of pages that are no more go. */
  finish(): void {
    const taken = this.#sections.flatMap(({ pictures }) => pictures);
    for (const name of readdirSync(join(DOCS, PICTURES))) {
      if (!taken.some(({ file }) => file === `${PICTURES}/${name}`)) rmSync(join(DOCS, PICTURES, name));
    }
    const sections = this.#sections.map(
      ({ title, sentence, pictures }) =>
        `## ${title}\n\n${sentence}\n\n${pictures.map(({ file, words, width }) => `<img src="${file}" alt="${words}" width="${width}">`).join('\n\n')}\n`,
    );
    writeFileSync(join(DOCS, 'pages.md'), `${HEAD}\n${sections.join('\n')}`);
  }
}

const HEAD = `# The pages

Each page of the console, with the fleet that a new installation is filled with. \`npm run screenshots\` builds and starts the product, takes these pictures and writes this document.
`;
