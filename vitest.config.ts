import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { isEngineRequired } from './server/adapters/plugins/docker/test-demand.ts';

const exclude = ['**/node_modules/**', '.next/**', 'dist/**'];
// Far from every developer's own and off the hour: code that forgets a time zone fails. Set here because a worker thread
// cannot change it for itself.
process.env.TZ = 'Asia/Kathmandu';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude,
          pool: 'threads',
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.itest.ts'],
          exclude,
          pool: 'forks',
          globalSetup: 'server/adapters/postgres/test-server.ts',
          provide: { engineRequired: isEngineRequired(process.env.CI) },
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
