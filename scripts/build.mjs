// npm run build: the web's pages into .next, the other programs into dist.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { runQuietly } from './child.mjs';
import { step } from './progress.mjs';
import { run } from './refusal.mjs';

const STAMP = 'dist/stamp';
const SOURCES = ['app', 'components', 'public', 'server', 'prisma', 'scripts/build.mjs'];
/** Whatever lies at the root may matter to Next, but not what it writes there itself. */
const SETTINGS = /^(?!next-env\.d).*\.(ts|js|mjs|json)$/;
/** Programs of their own, apart from web. */
const PROGRAMS = ['server/worker.ts', 'server/first-sign-in.ts', 'server/down.ts'];
/** What local machines run, installed by the worker from beside its bundle. */
const MACHINE_PROGRAMS = ['server/adapters/plugins/local/programs', 'server/adapters/executors/process/programs'];

/** Builds what the sources have changed since. */
export async function buildWhenNeeded() {
  const current = hashSources();
  if (existsSync(STAMP) && existsSync('.next/BUILD_ID') && readFileSync(STAMP, 'utf8') === current) return;
  rmSync(STAMP, { force: true });
  await build();
  writeFileSync(STAMP, current);
}

async function build() {
  await step('Building the worker', bundlePrograms);
  await step('Building the web', () =>
    runQuietly('next build', process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    }),
  );
}

async function bundlePrograms() {
  const { build: bundle } = await import('esbuild');
  await bundle({
    entryPoints: PROGRAMS.filter((program) => existsSync(program)),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'silent',
  });
  for (const programs of MACHINE_PROGRAMS) await cp(programs, 'dist/programs', { recursive: true });
}

function hashSources() {
  const hash = createHash('sha256').update(process.version);
  const settings = readdirSync('.').filter((name) => SETTINGS.test(name));
  const files = [...SOURCES.flatMap(filesIn), ...settings].filter((file) => !isTest(file));
  for (const file of files.sort()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (path.includes('.')) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}

function isTest(file) {
  return /\.(test|itest)\.tsx?$|\/testdata\//.test(file);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  run(async () => {
    const { setUp } = await import('./setup.mjs');
    await setUp();
    rmSync(STAMP, { force: true });
    await buildWhenNeeded();
  });
}
