// npm run migration -- <name>
//
// Writes prisma/migrations/<timestamp>_<name>/migration.sql: what leads from prisma/schema.snapshot.prisma (the schema
// as of the last migration) to prisma/schema.prisma. No database is needed. Until the first release the initial migration
// may be written again: delete prisma/schema.snapshot.prisma and run `npm run migration -- initial`; what stands below
// its line "-- By hand" is kept.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { diffSchemas } from './schema-diff.mjs';

const MIGRATIONS = 'prisma/migrations';
const SNAPSHOT = 'prisma/schema.snapshot.prisma';
const BY_HAND = /^-- By hand.*$/m;

const [name] = process.argv.slice(2);
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  console.error(
    'Say what the migration does: npm run migration -- add_pool_labels (small letters, digits, underscores)',
  );
  process.exit(1);
}

const schema = await readFile('prisma/schema.prisma', 'utf8');
const before = existsSync(SNAPSHOT) ? await readFile(SNAPSHOT, 'utf8') : null;
const sql = await diffSchemas(before, schema);
if (sql === '') {
  console.log('prisma/schema.prisma needs no migration.');
} else {
  const directory = `${MIGRATIONS}/${before === null ? await initialDirectory() : `${timestamp()}_${name}`}`;
  const file = `${directory}/migration.sql`;
  await mkdir(directory, { recursive: true });
  await writeFile(file, sql + (await handWrittenPart(file)));
  console.log(`Wrote ${file}. Read it before you commit it.`);
}
await writeFile(SNAPSHOT, schema);

async function initialDirectory() {
  const names = existsSync(MIGRATIONS) ? await readdir(MIGRATIONS) : [];
  const directories = names.filter((entry) => !entry.includes('.'));
  if (directories.length === 0) return `${timestamp()}_${name}`;
  if (directories.length === 1 && directories[0].endsWith(`_${name}`)) return directories[0];
  console.error(`There is no ${SNAPSHOT}, but there are migrations. Restore it from git.`);
  process.exit(1);
}

async function handWrittenPart(file) {
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  const found = BY_HAND.exec(text);
  return found === null ? '' : `\n${text.slice(found.index)}`;
}

function timestamp() {
  return new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
}
