/**
 * What it costs to get machines: somebody asks for one machine of each of three pools and gives them back, in a fleet
 * of 100 pools with 1,000 machines, on a database of its own. Exit code 1 where, with nobody else asking, the 95th of
 * 100 allocations takes more than 50 ms. With 50 who wait already it is only told.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../server/adapters/postgres/database.ts';
import { startEmbeddedServer } from '../server/adapters/postgres/embedded-server.ts';
import type { PrismaClient } from '../server/adapters/postgres/generated/client.ts';
import { applyMigrations } from '../server/adapters/postgres/migrate.ts';
import { grantToProduct } from '../server/adapters/postgres/product-role.ts';
import { endReservation, PostgresReservations } from '../server/adapters/postgres/reservations.ts';
import { addCluster, addEnvironment, wish } from '../server/adapters/postgres/test-pools.ts';

const POOLS = 100;
const MACHINES = 10;
const ROUNDS = 100;
/** The first of a process compile statements and open connections. */
const WARM_UP = 20;
const LIMIT_MS = 50;

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
  await addEnvironment(database, 'local');
  for (let pool = 0; pool < POOLS; pool += 1) {
    const machines = Array.from({ length: MACHINES }, (_, index) => `machine-${pool}-${index}`);
    await addCluster(database, `pool-${pool}`, { machines });
  }
  const alone = await allocations(database, 'alone');
  for (let index = 0; index < 50; index += 1) {
    await wish(database, `waiting-${index}`, { [`pool-${index}`]: MACHINES + 1 });
  }
  const among = await allocations(database, 'among');
  process.exitCode = alone.p95 <= LIMIT_MS ? 0 : 1;
  const verdict = process.exitCode === 0 ? 'ok' : 'FAILED';
  console.log(`nobody else asks     p50 ${inMs(alone.p50)}  p95 ${inMs(alone.p95)}  limit ${LIMIT_MS} ms ${verdict}`);
  console.log(`50 others wait       p50 ${inMs(among.p50)}  p95 ${inMs(among.p95)}`);
}

async function allocations(database: PrismaClient, name: string) {
  const reservations = new PostgresReservations(database);
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const id = `${name}-${round}`;
    const pools = [0, 1, 2].map((step) => `pool-${(round * 7 + step * 13) % POOLS}`);
    await database.cluster.updateMany({ data: { observedAt: new Date() } });
    await wish(database, id, Object.fromEntries(pools.map((pool) => [pool, 1])));
    const begun = performance.now();
    const served = await reservations.allocate();
    if (round >= WARM_UP) times.push(performance.now() - begun);
    if (!served.includes(id)) throw new Error(`${id} was not served`);
    await database.$transaction((tx) => endReservation(tx, id, 'released'));
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}

function inMs(time: number): string {
  return `${time.toFixed(1).padStart(6)} ms`;
}
