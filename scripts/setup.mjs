import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { runQuietly } from './child.mjs';
import { step } from './progress.mjs';

const GENERATED = 'server/adapters/postgres/generated';

/** Brings node_modules and the generated database client up to what the checkout says. Takes no time when they are. */
export async function setUp() {
  if (!isInstalled()) await step('Installing packages', install);
  await generateWhenNeeded();
}

function install() {
  // Not `npm install`: the lock is what was tested. Its install scripts are small, and we can do without them.
  return runQuietly('npm ci', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
}

/** npm writes what it has installed into a lock of its own, last of all; it must have every package that ours has. */
function isInstalled() {
  if (!existsSync('node_modules/.package-lock.json')) return false;
  const installed = readLock('node_modules/.package-lock.json');
  const wanted = Object.entries(readLock('package-lock.json')).filter(([path]) => path !== '');
  return wanted.every(([path, { version, optional }]) => {
    const found = installed[path];
    return found === undefined ? optional === true : found.version === version;
  });
}

function readLock(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

async function generateWhenNeeded() {
  const stamp = createHash('sha256')
    .update(readFileSync('prisma/schema.prisma'))
    .update(readFileSync('package-lock.json'));
  const current = stamp.digest('hex');
  const file = `${GENERATED}/.stamp`;
  if (existsSync(file) && readFileSync(file, 'utf8') === current) return;
  await step('Generating the database client', generate);
  writeFileSync(file, current);
}

/** The Prisma CLI downloads its engine unless it is told of an executable. `generate` never runs it. */
export function generate() {
  return runQuietly('prisma generate', process.execPath, ['node_modules/prisma/build/index.js', 'generate'], {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  });
}
