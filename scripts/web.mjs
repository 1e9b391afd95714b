// npm run web: the web process alone, on the database of DATABASE_URL. It must be built and migrated before.
import './check-node.mjs';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Refusal, run } from './refusal.mjs';

run(async () => {
  if (!existsSync('.next/BUILD_ID')) throw new Refusal('There is no build: run `npm run build` before.');
  // Only for this import, so that nothing of it stays in the process that serves.
  const { tsImport } = await import('tsx/esm/api');
  const { host, port } = (await tsImport('../server/env.ts', import.meta.url)).env();
  process.env.NODE_ENV = 'production';
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  process.env.NEXT_MANUAL_SIG_HANDLE = 'true'; // server/web-shutdown.ts does it
  process.argv = [process.execPath, 'next', 'start', '-H', host, '-p', String(port)];
  createRequire(import.meta.url)('next/dist/bin/next');
});
