/**
 * How long a log of 200,000 lines takes to open at its end, its start and its middle, and to search, on a database of its
 * own. Exit code 1 where a first screen takes more than a second.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../server/adapters/postgres/database.ts';
import { startEmbeddedServer } from '../server/adapters/postgres/embedded-server.ts';
import type { PrismaClient } from '../server/adapters/postgres/generated/client.ts';
import { appendLog, PostgresLogs } from '../server/adapters/postgres/log-store.ts';
import { applyMigrations } from '../server/adapters/postgres/migrate.ts';
import { grantToProduct } from '../server/adapters/postgres/product-role.ts';
import type { LogLine } from '../server/domain/execution/controller.ts';
import { levelOf } from '../server/domain/session/log-level.ts';

const LINES = 200_000;
/** As the runner stores them. */
const BATCH = 1_000;
const SCREEN = 500;
const LIMIT_MS = 1_000;
const EXECUTION = 'exe_1';
const BEGAN = Date.UTC(2026, 0, 1);

const directory = await mkdtemp(join(tmpdir(), 'roundhouse-bench-'));
const server = await startEmbeddedServer(directory);
try {
  await applyMigrations(server.ownerUrl, 'prisma/migrations');
  await grantToProduct(server.ownerUrl);
  const database = createDatabase(server.url);
  try {
    await measure(database);
  } finally {
    await database.$disconnect();
  }
} finally {
  await server.stop();
  await rm(directory, { recursive: true });
}

async function measure(database: PrismaClient): Promise<void> {
  const begun = performance.now();
  await fill(database);
  const rate = LINES / ((performance.now() - begun) / 1_000);
  console.log(`${LINES} lines stored in batches of ${BATCH}: ${Math.round(rate)} lines a second`);
  const logs = new PostgresLogs(database);
  const search = { executionId: EXECUTION, from: 0, limit: SCREEN };
  const screens = [
    await timed('the end', () => logs.range(EXECUTION, null, SCREEN)),
    await timed('the start', () => logs.range(EXECUTION, 0, SCREEN)),
    await timed('the middle', () => logs.range(EXECUTION, LINES / 2, SCREEN)),
    await timed('errors', () => logs.search({ ...search, text: '', level: 'error' })),
  ];
  await timed('a text that is rare', () => logs.search({ ...search, text: 'request 199999 ' }));
  await timed('a text that is nowhere', () => logs.search({ ...search, text: 'no such text' }), 0);
  process.exitCode = screens.every((lasted) => lasted <= LIMIT_MS) ? 0 : 1;
  console.log(`limit of a first screen: ${LIMIT_MS} ms ${process.exitCode === 0 ? 'ok' : 'FAILED'}`);
}

async function fill(database: PrismaClient): Promise<void> {
  await database.session.create({
    data: { id: 'ses_1', name: 'bench', state: 'running', spec: {}, ownerName: 'bench' },
  });
  const place = { pool: 'workers', environmentId: 'env_1', clusterId: 'clu_1', instanceId: 'machine-1' };
  const component = { sessionId: 'ses_1', name: 'server', kind: 'server', ordinal: 0, workload: {} };
  const states = { state: 'RUNNING', desiredState: 'RUNNING' };
  await database.execution.create({ data: { id: EXECUTION, ...component, ...place, ...states } });
  for (let from = 0; from < LINES; from += BATCH) {
    const lines = Array.from({ length: BATCH }, (_, index) => lineOf(from + index));
    await database.$transaction((tx) => appendLog(tx, EXECUTION, lines));
  }
}

function lineOf(line: number): LogLine & { readonly level: ReturnType<typeof levelOf> } {
  const word = line % 1_000 === 0 ? 'ERROR' : line % 100 === 0 ? 'WARN' : 'INFO';
  const text = `2026-01-01T00:00:00Z ${word} request ${line} answered in ${line % 97} ms from a client with a long name`;
  return { line, at: BEGAN + line * 10, stream: 'stdout', level: levelOf(text), text };
}

/** The first time, as a person meets it. Fails where less is found than should be. */
async function timed(
  what: string,
  read: () => Promise<{ readonly lines: readonly unknown[] }>,
  atLeast = 1,
): Promise<number> {
  const begun = performance.now();
  const { lines } = await read();
  const lasted = performance.now() - begun;
  if (lines.length < atLeast) throw new Error(`${what}: nothing was found`);
  console.log(`${what.padEnd(24)}${String(lines.length).padStart(5)} lines ${lasted.toFixed(1).padStart(8)} ms`);
  return lasted;
}
