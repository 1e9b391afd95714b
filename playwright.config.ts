import { existsSync } from 'node:fs';
import { chromium, defineConfig } from '@playwright/test';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';

/** Playwright's own browser where it was downloaded, else the one of the system. */
function chromiumPath(): string {
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  if (existsSync(DEBIAN_CHROMIUM)) return DEBIAN_CHROMIUM;
  throw new Error(
    'There is no Chromium for the browser tests: run `npx playwright install chromium`, or on Debian `apt-get install chromium`.',
  );
}

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  // One console with one fleet: specs change it, and would see each other's changes.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  // People come first: who is signed in there is who all others are.
  projects: [
    { name: 'people', testMatch: 'first-sign-in.spec.ts' },
    { name: 'console', testIgnore: 'first-sign-in.spec.ts', dependencies: ['people'] },
  ],
  use: {
    // Set by the global set-up before a test runs.
    baseURL: process.env.ROUNDHOUSE_E2E_ADDRESS,
    timezoneId: 'Asia/Kathmandu',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
});
