// npm run generate
import { spawnSync } from 'node:child_process';

// The Prisma CLI downloads its engine unless it is told of an executable. `generate` never runs it.
const { status } = spawnSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], {
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  stdio: 'inherit',
});
process.exit(status ?? 1);
