// npm start: everything that a bare clone needs, then web and worker until Ctrl-C.
import './check-node.mjs';
import { buildWhenNeeded } from './build.mjs';
import { showFirstSignIn } from './first-sign-in.mjs';
import { WEB, WORKER } from './programs.mjs';
import { say } from './progress.mjs';
import { run } from './refusal.mjs';
import { setUp } from './setup.mjs';
import { understandTypeScript } from './typescript.mjs';

run(async () => {
  await setUp();
  await understandTypeScript();
  const { parseEnv } = await import('../server/env.ts');
  const { runConsole } = await import('./console.mjs');
  await runConsole(parseEnv(), {
    mode: 'production',
    prepare: buildWhenNeeded,
    web: WEB,
    worker: WORKER,
    greet,
  });
});

async function greet(env) {
  await showFirstSignIn(env, ['dist/first-sign-in.mjs']);
  say('Ctrl-C stops it. Local machines live on; `npm run down` removes them.');
}
