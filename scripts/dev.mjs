// npm run dev: as npm start, but pages and worker follow the sources.
import './check-node.mjs';
import { existsSync } from 'node:fs';
import { runQuietly } from './child.mjs';
import { run } from './refusal.mjs';
import { setUp } from './setup.mjs';
import { understandTypeScript } from './typescript.mjs';

const TSX = 'node_modules/tsx/dist/cli.mjs';

run(async () => {
  await setUp();
  await understandTypeScript();
  const { parseEnv } = await import('../server/env.ts');
  const { runConsole } = await import('./console.mjs');
  const env = parseEnv(process.env);
  await runConsole(env, {
    mode: 'development',
    prepare: async () => undefined,
    web: ['node_modules/next/dist/bin/next', 'dev', '-H', env.host, '-p', String(env.port)],
    worker: [TSX, 'watch', '--clear-screen=false', 'server/worker.ts'],
    greet,
  });
});

async function greet(env) {
  if (!existsSync('server/first-sign-in.ts')) return;
  const said = await runQuietly('The first sign-in', process.execPath, [TSX, 'server/first-sign-in.ts'], env);
  if (said !== '') console.log(said.trimEnd());
}
