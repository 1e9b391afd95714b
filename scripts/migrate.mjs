// npm run migrate: brings the database of DATABASE_URL up to date, before new web and worker processes start.
import './check-node.mjs';
import { Refusal, run } from './refusal.mjs';
import { understandTypeScript } from './typescript.mjs';

run(async () => {
  await understandTypeScript();
  const { parseEnv } = await import('../server/env.ts');
  const { migrateOwn } = await import('./database.mjs');
  const { databaseUrl } = parseEnv();
  if (databaseUrl === null)
    throw new Refusal('DATABASE_URL is not set. `npm start` migrates the embedded database itself.');
  await migrateOwn(databaseUrl);
});
