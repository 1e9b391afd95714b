import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedServer } from '../../adapters/postgres/embedded-server.ts';
import { applyMigrations } from '../../adapters/postgres/migrate.ts';
import { grantToProduct } from '../../adapters/postgres/product-role.ts';
import { runChaos } from './chaos.ts';
import { crashKinds } from './crash-points.ts';

/** `npm run chaos -- --kills 100`: the chaos test at any length, on a database of its own, with its figures. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    clusters: { type: 'string', default: '20' },
    mutant: { type: 'boolean', default: false },
  },
});
const directory = await mkdtemp(join(tmpdir(), 'roundhouse-chaos-database-'));
const server = await startEmbeddedServer(directory);
let faults = 0;
try {
  await applyMigrations(server.ownerUrl, 'prisma/migrations');
  await grantToProduct(server.ownerUrl);
  const kills = Number(values.kills);
  const result = await runChaos({
    databaseUrl: server.url,
    kills,
    clusters: Number(values.clusters),
    ttlMs: 1_000,
    kinds: crashKinds,
    within: 6,
    mutant: values.mutant,
    limitMs: 60_000 + kills * 15_000,
    say: (line) => console.log(line),
  });
  const { calls, effects, ...findings } = result.verdict;
  console.log('kills by point:', result.kills);
  console.log('cycles:', result.cycles);
  console.log(`calls judged: ${calls}, with effect: ${effects}, in ${Math.round(result.lastedMs / 1000)} s`);
  for (const [name, found] of Object.entries(findings)) {
    console.log(`${name}: ${found.length}`);
    for (const finding of found.slice(0, 5)) console.log('  ', finding);
    faults += found.length;
  }
  for (const cycle of result.unfinished) console.log('not completed:', cycle);
  faults += result.unfinished.length;
} finally {
  await server.stop();
  await rm(directory, { recursive: true });
}
process.exitCode = faults > 0 ? 1 : 0;
