/**
 * How long the built product takes to answer for a page of 50 of each list and for a search, with four readers at a time,
 * over HTTP and with the session of a person: with 5,000 instances in 100 clusters and with 20,000 in 500, each on a
 * database of its own. The 95th percentile may be 150 ms and 300 ms; readers share this machine with what they ask.
 */
import { z } from 'zod';
import type { PrismaClient } from '../server/adapters/postgres/generated/client.ts';
import { Gates, median, percentile } from './product/gates.ts';
import { type Product, startProduct } from './product/product.ts';

interface Fleet {
  readonly clusters: number;
  readonly instancesEach: number;
  readonly limitMs: number;
}

const FLEETS: readonly Fleet[] = [
  { clusters: 100, instancesEach: 50, limitMs: 150 },
  { clusters: 500, instancesEach: 40, limitMs: 300 },
];
const READERS = 4;
const WARM_UPS = 3;
const ROUNDS = 20;

interface List {
  readonly name: string;
  readonly procedure: string;
  readonly input?: object;
  /** Where the answer has its rows. */
  readonly rows?: string;
}

const clusterPage = (name: string, input: object): List => ({
  name,
  procedure: 'cluster.list',
  input: { limit: 50, ...input },
});
const instancePage = (name: string, input: object): List => ({
  name,
  procedure: 'instance.list',
  input: { limit: 50, ...input },
});

/** Each as its page asks for it. */
const LISTS: readonly List[] = [
  clusterPage('clusters by name', {}),
  clusterPage('clusters by name, the last page', { cursor: '50' }),
  clusterPage('clusters by drift', { sort: 'drift', order: 'desc' }),
  clusterPage('clusters by outdated', { sort: 'outdated', order: 'desc' }),
  clusterPage('clusters: outdated:>0 label.team:team-3', { q: 'outdated:>0 label.team:team-3' }),
  clusterPage('clusters: state:draining age:>10m', { q: 'state:draining age:>10m' }),
  clusterPage('clusters: -state:draining work:>20 drift:>2d', { q: '-state:draining work:>20 drift:>2d' }),
  { name: 'the numbers above the list', procedure: 'cluster.summary' },
  instancePage('instances of a cluster', { clusterId: 'clu_7' }),
  instancePage('instances of all, by age', { sort: 'age' }),
  instancePage('instances of all, by state', { sort: 'state', order: 'desc' }),
  instancePage('instances: state:draining age:>10m version:1', { q: 'state:draining age:>10m version:1' }),
  { name: 'cells of a cluster', procedure: 'instance.cells', input: { clusterId: 'clu_7', q: '' }, rows: 'cells' },
  {
    name: 'cycles that have ended',
    procedure: 'cycle.list',
    input: { state: 'ended', q: '', limit: 50, cursor: null },
  },
  { name: 'search: machine-1', procedure: 'search.query', input: { q: 'machine-1' }, rows: 'instances' },
];

const gates = new Gates();
const sums: number[] = [];
for (const fleet of FLEETS) sums.push(await measured(fleet));
const [small = Number.NaN, large = Number.NaN] = sums;
gates.told('20,000 instances beside 5,000, all lists together', `${(large / small).toFixed(1)} times`);
gates.end();

/** The medians of all lists, added. */
async function measured(fleet: Fleet): Promise<number> {
  const product = await startProduct(['web'], (database) => fill(database, fleet));
  try {
    console.log(`${fleet.clusters * fleet.instancesEach} instances in ${fleet.clusters} clusters`);
    let sum = 0;
    for (const list of LISTS) sum += await timed(product, list, fleet.limitMs);
    return sum;
  } finally {
    await product.stop();
  }
}

/** The median of a list. */
async function timed(product: Product, list: List, limitMs: number): Promise<number> {
  const times: number[] = [];
  const reader = async () => {
    for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
      const begun = performance.now();
      await read(product, list);
      if (round >= 0) times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  gates.atMost(list.name, percentile(times, 0.95), limitMs, 'ms');
  return median(times);
}

/** What finds nothing is no measure. */
async function read(product: Product, { name, procedure, input, rows = 'rows' }: List): Promise<void> {
  const answer = z.record(z.string(), z.unknown()).parse(await product.query(procedure, input));
  const found = procedure === 'cluster.summary' ? answer.clusters : z.array(z.unknown()).parse(answer[rows]).length;
  if (found === 0) throw new Error(`${name} found nothing`);
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
