import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase } from '../../adapters/postgres/database.ts';
import { startEmbeddedServer } from '../../adapters/postgres/embedded-server.ts';
import { applyMigrations } from '../../adapters/postgres/migrate.ts';
import { grantToProduct } from '../../adapters/postgres/product-role.ts';
import { runChaos } from './chaos.ts';
import { crashKinds } from './crash-points.ts';
import { runSessionChaos } from './session-chaos.ts';

/** `npm run chaos -- --kills 100 [--sessions]`: a chaos test at any length, on a database of its own, with its figures. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    clusters: { type: 'string', default: '20' },
    /** Sessions on local machines, instead of cycles of simulated clusters. */
    sessions: { type: 'boolean', default: false },
    /** Stops cycles in the middle now and then. */
    stops: { type: 'boolean', default: false },
    mutant: { type: 'boolean', default: false },
  },
});
const directory = await mkdtemp(join(tmpdir(), 'roundhouse-chaos-database-'));
const server = await startEmbeddedServer(directory);
let faults = 1;
try {
  await applyMigrations(server.ownerUrl, 'prisma/migrations');
  await grantToProduct(server.ownerUrl);
  faults = await (values.sessions ? sessionFaults() : cycleFaults());
} finally {
  await server.stop();
  await rm(directory, { recursive: true });
}
process.exitCode = faults > 0 ? 1 : 0;

async function cycleFaults(): Promise<number> {
  const result = await runChaos({
    ...options(),
    databaseUrl: server.url,
    clusters: Number(values.clusters),
    stops: values.stops,
  });
  const { calls, effects, ...findings } = result.verdict;
  console.log('kills by point:', result.kills);
  console.log('cycles:', result.cycles);
  console.log(`calls judged: ${calls}, with effect: ${effects}, in ${Math.round(result.lastedMs / 1000)} s`);
  console.log(`settings changed: ${result.settingsChanged}`);
  for (const cycle of result.unfinished) console.log('not completed:', cycle);
  return report({ ...findings, settingsLeft: result.settingsLeft }) + result.unfinished.length;
}

async function sessionFaults(): Promise<number> {
  const database = createDatabase(server.url);
  try {
    const result = await runSessionChaos({ ...options(), database: { url: server.url, database } });
    console.log('kills by point:', result.kills);
    console.log(`sessions: ${result.sessions}, starts: ${result.starts}, in ${Math.round(result.lastedMs / 1000)} s`);
    return report({ ...result.findings });
  } finally {
    await database.$disconnect();
  }
}

function options() {
  const kills = Number(values.kills);
  const say = (line: string) => console.log(line);
  return {
    kills,
    ttlMs: 1_000,
    kinds: crashKinds,
    within: 6,
    mutant: values.mutant,
    limitMs: 60_000 + kills * 15_000,
    say,
  };
}

function report(findings: Readonly<Record<string, readonly unknown[]>>): number {
  let count = 0;
  for (const [name, found] of Object.entries(findings)) {
    console.log(`${name}: ${found.length}`);
    for (const finding of found.slice(0, 5)) console.log('  ', finding);
    count += found.length;
  }
  return count;
}
