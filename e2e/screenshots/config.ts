import { defineConfig } from '@playwright/test';
import tests from '../../playwright.config.ts';

/** As for the tests, of which only the first sign-in runs: who takes the pictures has to be somebody. */
export default defineConfig({
  ...tests,
  testDir: '..',
  globalSetup: '../global-setup.ts',
  outputDir: '../../test-results',
  use: { ...tests.use, timezoneId: 'UTC' },
  projects: [
    { name: 'people', testMatch: 'first-sign-in.spec.ts' },
    { name: 'pictures', testMatch: 'screenshots/pictures.ts', dependencies: ['people'] },
  ],
});
