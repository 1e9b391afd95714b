// npm run screenshots: a picture of each page, on the product as it is built, into docs/pages; docs/pages.md shows them.
import './check-node.mjs';
import { buildWhenNeeded } from './build.mjs';
import { runLoudly } from './child.mjs';
import { run } from './refusal.mjs';
import { setUp } from './setup.mjs';

run(async () => {
  await setUp();
  await buildWhenNeeded();
  const args = ['node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e/screenshots/config.ts'];
  // The directory of a test would be in a picture.
  const env = { ...process.env, ROUNDHOUSE_E2E_PLUGINS: '' };
  process.exitCode = await runLoudly(process.execPath, args, env);
});
