// npm start: everything that a bare clone needs, then web and worker until Ctrl-C.
import './check-node.mjs';
import { existsSync } from 'node:fs';
import { buildWhenNeeded } from './build.mjs';
import { runQuietly } from './child.mjs';
import { run } from './refusal.mjs';
import { setUp } from './setup.mjs';
import { understandTypeScript } from './typescript.mjs';

run(async () => {
  await setUp();
  await understandTypeScript();
  const { parseEnv } = await import('../server/env.ts');
  const { runConsole } = await import('./console.mjs');
  await runConsole(parseEnv(process.env), {
    mode: 'production',
    prepare: buildWhenNeeded,
    web: ['scripts/web.mjs'],
    worker: ['dist/worker.mjs'],
    greet,
  });
});

async function greet(env) {
  if (existsSync('dist/first-sign-in.mjs')) {
    const said = await runQuietly('The first sign-in', process.execPath, ['dist/first-sign-in.mjs'], env);
    if (said !== '') console.log(said.trimEnd());
  }
  console.log('Ctrl-C stops it. Local machines live on; `npm run down` removes them.');
}
