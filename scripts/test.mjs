// npm test: every test there is, on a bare clone, with the real counts on the last line.
import './check-node.mjs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWhenNeeded } from './build.mjs';
import { checkRoutes } from './check-routes.mjs';
import { runLoudly } from './child.mjs';
import { seconds } from './progress.mjs';
import { run } from './refusal.mjs';
import { setUp } from './setup.mjs';

const reports = mkdtempSync(join(tmpdir(), 'roundhouse-reports-'));

run(async () => {
  const since = performance.now();
  try {
    await setUp();
    const suites = [await vitest('unit'), await vitest('integration'), await endToEnd()];
    for (const { name, passed, failed, problems } of suites) {
      console.log(`${name}: ${passed} passed, ${failed} failed${problems.map((problem) => `; ${problem}`).join('')}`);
    }
    const sum = (count) => suites.reduce((total, suite) => total + count(suite), 0);
    const problems = sum((suite) => suite.problems.length);
    console.log(`All suites took ${seconds(since)}`);
    console.log(`${sum((suite) => suite.passed)} passed, ${sum((suite) => suite.failed)} failed`);
    process.exitCode = sum((suite) => suite.failed) + problems === 0 ? 0 : 1;
  } finally {
    rmSync(reports, { recursive: true });
  }
});

async function vitest(name) {
  const file = join(reports, `${name}.json`);
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', name, ...reporters];
  const code = await runLoudly(process.execPath, args);
  const report = readReport(file);
  return judge(name, code, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  });
}

/** In a browser, on what `npm start` would run. */
async function endToEnd() {
  const file = join(reports, 'e2e.json');
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  await buildWhenNeeded();
  checkRoutes();
  const args = ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'];
  const code = await runLoudly(process.execPath, args, env);
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = readReport(file)?.stats ?? {};
  return judge('e2e', code, { passed: expected, failed: unexpected + flaky, skipped });
}

/** A suite that ran nothing, left something out, or failed outside its tests has not passed. */
function judge(name, code, { passed, failed, skipped }) {
  const problems = [];
  if (passed + failed === 0) problems.push('no test ran');
  if (skipped > 0) problems.push(`${skipped} skipped`);
  if (code !== 0 && failed === 0) problems.push(`ended with code ${code}`);
  return { name, passed, failed, problems };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // it failed before it could write one, and its code says so
  }
}
