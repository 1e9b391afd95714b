// npm run check: all that can be known without running the product.
import './check-node.mjs';
import { capture } from './child.mjs';
import { seconds } from './progress.mjs';
import { run } from './refusal.mjs';
import { setUp } from './setup.mjs';

const CHECKS = {
  types: ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty'],
  biome: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--colors=off'],
  layers: ['scripts/check-layers.mjs'],
  'dead code': ['node_modules/knip/bin/knip.js', '--no-progress'],
  lock: ['scripts/check-lock.mjs'],
  schema: ['node_modules/tsx/dist/cli.mjs', 'scripts/check-schema.mjs'],
};

run(async () => {
  await setUp();
  const since = performance.now();
  const results = await Promise.all(Object.entries(CHECKS).map(([name, args]) => check(name, args)));
  const failed = results.filter((passed) => !passed).length;
  console.log(`${results.length - failed} checks passed, ${failed} failed in ${seconds(since)}`);
  process.exit(failed === 0 ? 0 : 1);
});

async function check(name, args) {
  const since = performance.now();
  const { code, output } = await capture(process.execPath, args);
  console.log(`${name}: ${code === 0 ? 'passed' : 'failed'} (${seconds(since)})`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}
