// npm run dev: as npm start, but pages and worker follow the sources.
import './check-node.mjs';
import { showFirstSignIn } from './first-sign-in.mjs';
import { run } from './refusal.mjs';
import { setUp } from './setup.mjs';
import { understandTypeScript } from './typescript.mjs';

const TSX = 'node_modules/tsx/dist/cli.mjs';

run(async () => {
  await setUp();
  await understandTypeScript();
  const { parseEnv } = await import('../server/env.ts');
  const { runConsole } = await import('./console.mjs');
  const env = parseEnv();
  await runConsole(env, {
    mode: 'development',
    prepare: async () => undefined,
    web: ['node_modules/next/dist/bin/next', 'dev', '-H', env.host, '-p', String(env.port)],
    worker: [TSX, 'watch', '--clear-screen=false', 'server/worker.ts'],
    greet: (childEnv) => showFirstSignIn(childEnv, [TSX, 'server/first-sign-in.ts']),
  });
});
