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
  process.exitCode = await runLoudly(process.execPath, args);
});
