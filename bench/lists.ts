/**
 * How long the server takes for a page of 50 of each list and for a search, with 5,000 instances in 100 clusters and with
 * 20,000 in 500, each on a database of its own. Exit code 1 where the 95th percentile of a page is above 150 ms or 300 ms.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresClusterQueries } from '../server/adapters/postgres/cluster-queries.ts';
import { PostgresCycleQueries } from '../server/adapters/postgres/cycle-queries.ts';
import { createDatabase } from '../server/adapters/postgres/database.ts';
import { startEmbeddedServer } from '../server/adapters/postgres/embedded-server.ts';
import type { PrismaClient } from '../server/adapters/postgres/generated/client.ts';
import { PostgresInstanceQueries } from '../server/adapters/postgres/instance-queries.ts';
import { applyMigrations } from '../server/adapters/postgres/migrate.ts';
import { grantToProduct } from '../server/adapters/postgres/product-role.ts';
import { PostgresSearch } from '../server/adapters/postgres/search.ts';
import { clusterListSchema } from '../server/contract/cluster.ts';
import { instanceListSchema } from '../server/contract/instance.ts';

interface Fleet {
  readonly clusters: number;
  readonly instancesEach: number;
  readonly limitMs: number;
}

const FLEETS: readonly Fleet[] = [
  { clusters: 100, instancesEach: 50, limitMs: 150 },
  { clusters: 500, instancesEach: 40, limitMs: 300 },
];
const WARM_UPS = 3;
const ROUNDS = 40;

const found: number[][] = [];
let failed = false;
for (const fleet of FLEETS) found.push(await measured(fleet));
const [small = [], large = []] = found;
const ratio = sum(large) / sum(small);
console.log(`20,000 instances take ${ratio.toFixed(1)} times as long as 5,000, all lists together`);
process.exitCode = failed ? 1 : 0;

/** The 95th percentile of each list. */
async function measured(fleet: Fleet): Promise<number[]> {
  const directory = await mkdtemp(join(tmpdir(), 'roundhouse-bench-'));
  const server = await startEmbeddedServer(directory);
  try {
    await applyMigrations(server.ownerUrl, 'prisma/migrations');
    await grantToProduct(server.ownerUrl);
    const database = createDatabase(server.url);
    try {
      await fill(database, fleet);
      return await timed(database, fleet);
    } finally {
      await database.$disconnect();
    }
  } finally {
    await server.stop();
    await rm(directory, { recursive: true });
  }
}

async function timed(database: PrismaClient, { clusters, instancesEach, limitMs }: Fleet): Promise<number[]> {
  console.log(`${clusters * instancesEach} instances in ${clusters} clusters; limit of the p95: ${limitMs} ms`);
  const lists = listsOf(database);
  const p95s: number[] = [];
  for (const [name, read] of lists) {
    for (let round = 0; round < WARM_UPS; round += 1) await read();
    const times: number[] = [];
    let rows = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const begun = performance.now();
      rows = await read();
      times.push(performance.now() - begun);
    }
    if (rows === 0) throw new Error(`${name} found nothing: that is no measure`);
    times.sort((a, b) => a - b);
    const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
    const ok = p95 <= limitMs;
    failed ||= !ok;
    p95s.push(p95);
    console.log(
      `  ${name.padEnd(44)} ${String(rows).padStart(6)} rows  p50 ${p50.toFixed(0).padStart(4)} ms  p95 ${p95.toFixed(0).padStart(4)} ms  ${ok ? 'ok' : 'FAILED'}`,
    );
  }
  return p95s;
}

/** Each as its page asks for it, and how many rows it gave. */
function listsOf(database: PrismaClient): readonly (readonly [string, () => Promise<number>])[] {
  const clusters = new PostgresClusterQueries(database, () => {
    throw new Error('a list needs no policy');
  });
  const instances = new PostgresInstanceQueries(database);
  const cycles = new PostgresCycleQueries(database);
  const search = new PostgresSearch(database);
  const clusterPage = (input: object) => async () =>
    (await clusters.list(clusterListSchema.parse({ limit: 50, ...input }))).rows.length;
  const instancePage = (input: object) => async () =>
    (await instances.list(instanceListSchema.parse({ limit: 50, ...input }))).rows.length;
  return [
    ['clusters by name', clusterPage({})],
    ['clusters by name, the last page', clusterPage({ cursor: '50' })],
    ['clusters by drift', clusterPage({ sort: 'drift', order: 'desc' })],
    ['clusters by outdated', clusterPage({ sort: 'outdated', order: 'desc' })],
    ['clusters: outdated:>0 label.team:team-3', clusterPage({ q: 'outdated:>0 label.team:team-3' })],
    ['clusters: state:draining age:>10m', clusterPage({ q: 'state:draining age:>10m' })],
    ['clusters: -state:draining work:>20 drift:>2d', clusterPage({ q: '-state:draining work:>20 drift:>2d' })],
    ['the numbers above the list', async () => (await clusters.summary()).clusters],
    ['instances of a cluster', instancePage({ clusterId: 'clu_7' })],
    ['instances of all, by age', instancePage({ sort: 'age' })],
    ['instances of all, by state', instancePage({ sort: 'state', order: 'desc' })],
    ['instances: state:draining age:>10m version:1', instancePage({ q: 'state:draining age:>10m version:1' })],
    ['cells of a cluster', async () => (await instances.cells({ clusterId: 'clu_7', q: '' })).cells.length],
    [
      'cycles that have ended',
      async () => (await cycles.list({ state: 'ended', q: '', limit: 50, cursor: null })).rows.length,
    ],
    ['search: machine-1', async () => (await search.find('machine-1')).instances.length],
  ];
}

/** One cluster in ten has a machine that drains; half of each cluster is outdated; two cycles of each have ended. */
async function fill(database: PrismaClient, { clusters, instancesEach }: Fleet): Promise<void> {
  await database.environment.create({ data: { id: 'env_1', name: 'bench', kind: 'simulator' } });
  await database.$executeRaw`
    INSERT INTO cluster (id, environment_id, name, labels, spec, config, min_size, target_size, max_size, observed_at, updated_at)
    SELECT 'clu_' || n, 'env_1', 'service-' || n, jsonb_build_object('team', 'team-' || n % 10), '{}', 'new', 10, 40, 60, now(), now()
    FROM generate_series(1, ${clusters}::int) AS n`;
  await database.$executeRaw`
    INSERT INTO cluster_config (cluster_id, config, version, spec, created_at)
    SELECT id, known.config, version, '{}', now() - age * interval '1 day'
    FROM cluster, (VALUES ('old', 1, 60), ('new', 2, 5)) AS known(config, version, age)`;
  await database.$executeRaw`
    INSERT INTO instance (cluster_id, id, state, config, created_at, state_since, health, zone, workloads, labels, seen_at)
    SELECT cluster.id, 'machine-' || n || '-of-' || cluster.name,
      CASE WHEN n = 1 AND right(cluster.id, 1) = '1' THEN 'draining' ELSE 'started' END,
      CASE WHEN n % 2 = 0 THEN 'new' ELSE 'old' END,
      now() - n * interval '1 hour', now() - n * interval '20 minutes', 'healthy', 'zone-' || n % 3,
      '[{"name":"checkout-api","since":null},{"name":"mail-relay","since":null}]', '{}', now()
    FROM cluster, generate_series(1, ${instancesEach}::int) AS n`;
  await database.$executeRaw`
    INSERT INTO plan (id, cluster_id, environment_id, state, author_id, fingerprint, body, expires_at)
    SELECT 'pln_' || cluster.id || '_' || n, cluster.id, 'env_1', 'approved', 'usr_1', 'f', '{}', now()
    FROM cluster, generate_series(1, 2) AS n`;
  await database.$executeRaw`
    INSERT INTO cycle (id, plan_id, cluster_id, environment_id, state, started_at, ended_at)
    SELECT 'cyc_' || id, id, cluster_id, 'env_1', 'completed', now(), now() FROM plan`;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
