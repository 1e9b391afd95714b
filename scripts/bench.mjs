// npm run bench: every benchmark of bench/, one after the other, so that none disturbs another; some on what is built.
// npm run bench -- streams --minutes 10: only that, with what it understands.
import './check-node.mjs';
import { readdirSync } from 'node:fs';
import { buildWhenNeeded } from './build.mjs';
import { runLoudly } from './child.mjs';
import { Refusal, run } from './refusal.mjs';
import { setUp } from './setup.mjs';

run(async () => {
  const all = readdirSync('bench')
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
  if (all.length === 0) throw new Refusal('There is no benchmark in bench/.');
  const [asked, ...options] = process.argv.slice(2);
  if (asked !== undefined && !all.includes(asked))
    throw new Refusal(`There is no benchmark ${asked}; there are ${all.join(', ')}.`);
  await setUp();
  await buildWhenNeeded();
  for (const name of asked === undefined ? all : [asked]) {
    console.log(`bench/${name}.ts`);
    const program = ['node_modules/tsx/dist/cli.mjs', `bench/${name}.ts`];
    const code = await runLoudly(process.execPath, [...program, ...options]);
    if (code !== 0) throw new Refusal(`bench/${name}.ts failed (${code}).`);
  }
});
