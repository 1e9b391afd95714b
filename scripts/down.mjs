// npm run down: removes the machines of this host, which outlive web and worker.
import './check-node.mjs';
import { run } from './refusal.mjs';
import { setUp } from './setup.mjs';
import { understandTypeScript } from './typescript.mjs';

run(async () => {
  await setUp();
  await understandTypeScript();
  await import('../server/down.ts');
});
