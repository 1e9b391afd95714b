// npm run worker: one worker process, on the database of DATABASE_URL. It must be built and migrated before.
import './check-node.mjs';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Refusal, run } from './refusal.mjs';

run(async () => {
  if (!existsSync('dist/worker.mjs')) throw new Refusal('There is no build: run `npm run build` before.');
  process.env.NODE_ENV = 'production';
  await import(pathToFileURL('dist/worker.mjs').href);
});
