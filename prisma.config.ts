import { defineConfig } from 'prisma/config';

/** Prisma only generates the client here; migrations are applied by `server/adapters/postgres/migrate.ts`. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
