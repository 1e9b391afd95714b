// npm run bench: every benchmark of bench/, one after the other, so that none disturbs another; some on what is built.
import './check-node.mjs';
import { readdirSync } from 'node:fs';
import { buildWhenNeeded } from './build.mjs';
import { runLoudly } from './child.mjs';
import { Refusal, run } from './refusal.mjs';
import { setUp } from './setup.mjs';

run(async () => {
  await setUp();
  await buildWhenNeeded();
  const files = readdirSync('bench')
    .filter((name) => name.endsWith('.ts'))
    .sort();
  if (files.length === 0) throw new Refusal('There is no benchmark in bench/.');
  for (const file of files) {
    console.log(`bench/${file}`);
    const code = await runLoudly(process.execPath, ['node_modules/tsx/dist/cli.mjs', `bench/${file}`]);
    if (code !== 0) throw new Refusal(`bench/${file} failed (${code}).`);
  }
});
