import { pino } from 'pino';
import { seed } from '../../prisma/seed.ts';
import { seedSimulatedCluster } from '../../server/adapters/plugins/simulator/seed-cluster.ts';
import type { PrismaClient } from '../../server/adapters/postgres/generated/client.ts';
import { simulatorSettingsSchema } from '../../server/contract/simulator-settings.ts';
import { configOf } from '../../server/services/cluster-service.ts';

/** Of the environment `bench`, whose facts no worker reads: they stay as they are. */
export const STILL = [
  { name: 'grid', size: 2_000 },
  { name: 'table', size: 5_000 },
] as const;
/** Simulated and wholly outdated; with three replaced at a time a cycle of it lasts longer than an hour. */
export const SLOW = {
  environment: 'staging',
  environmentId: 'env_staging',
  name: 'slow',
  id: 'clu_bench_slow',
  size: 300,
};

const OLD = { image: 'bench:1.0.0' };
const PRESENT = { image: 'bench:1.1.0' };
const HOUR_MS = 3_600_000;
const STATES = ['started', 'started', 'started', 'started', 'starting', 'draining', 'drained', 'terminating'];

/** What an empty installation is filled with, two large clusters, and one to be cycled. */
export async function fillFleet(database: PrismaClient): Promise<void> {
  const log = pino({ level: 'silent' });
  await seed({ database, hostId: 'bench', dataDirectory: '', localMachines: false, log });
  await database.environment.create({
    data: { id: 'env_bench', name: 'bench', kind: 'local', hostId: 'elsewhere', hostName: 'elsewhere' },
  });
  for (const { name, size } of STILL) {
    await declare(database, { id: `clu_bench_${name}`, environmentId: 'env_bench', name, size });
    await addFacts(database, `clu_bench_${name}`, size);
  }
  await declare(database, SLOW);
  await database.cluster.update({
    where: { id: SLOW.id },
    data: {
      policy: { surge: 3, maxUnavailable: 0, canary: 0, bakeMs: 0, minHealthyMs: 2_000, onDrainTimeout: 'pause' },
    },
  });
  const group = { count: SLOW.size, config: configOf(OLD), spec: OLD, condition: 'healthy' as const };
  await seedSimulatedCluster({
    database,
    environmentId: SLOW.environmentId,
    clusterId: SLOW.id,
    settings: simulatorSettingsSchema.parse({}),
    now: Date.now(),
    groups: [{ ...group, ageMs: [HOUR_MS, 24 * HOUR_MS] }],
  });
}

async function declare(
  database: PrismaClient,
  { id, environmentId, name, size }: { id: string; environmentId: string; name: string; size: number },
): Promise<void> {
  const sizes = { minSize: Math.floor(size * 0.8), targetSize: size, maxSize: Math.ceil(size * 1.2) };
  await database.cluster.create({
    data: { id, environmentId, name, spec: PRESENT, config: configOf(PRESENT), ...sizes, drainTimeoutMs: 120_000 },
  });
  await database.clusterConfig.createMany({
    data: [OLD, PRESENT].map((spec, index) => ({
      clusterId: id,
      config: configOf(spec),
      version: index + 1,
      spec,
      createdAt: new Date(Date.now() - HOUR_MS * (2 - index)),
    })),
  });
}

async function addFacts(database: PrismaClient, clusterId: string, size: number): Promise<void> {
  const now = Date.now();
  await database.instance.createMany({
    data: Array.from({ length: size }, (_, index) => {
      const createdAt = new Date(now - HOUR_MS - index * 1_000);
      return {
        clusterId,
        id: `i-${(index * 2_654_435_761).toString(16).padStart(16, '0')}`,
        state: STATES[index % STATES.length] ?? 'started',
        config: configOf(index % 3 === 0 ? OLD : PRESENT),
        createdAt,
        stateSince: createdAt,
        health: index % 50 === 0 ? 'unhealthy' : 'healthy',
        healthySince: createdAt,
        zone: `zone-${index % 3}`,
        workloads: index % 4 === 0 ? [{ name: `job ${index}`, since: now }] : [],
        seenAt: new Date(now),
      };
    }),
  });
  await database.cluster.update({ where: { id: clusterId }, data: { observedAt: new Date(now) } });
}
