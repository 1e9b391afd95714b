// Part of npm run check: every change of prisma/schema.prisma has its migration.
import { readFileSync } from 'node:fs';
import { diffSchemas } from './schema-diff.mjs';

const [before, after] = ['prisma/schema.snapshot.prisma', 'prisma/schema.prisma'].map((file) =>
  readFileSync(file, 'utf8'),
);
const sql = await diffSchemas(before, after);
if (sql !== '') {
  console.error(`prisma/schema.prisma has changed without a migration (npm run migration -- <name>):\n${sql}`);
  process.exit(1);
}
console.log('the schema is what the migrations make');
