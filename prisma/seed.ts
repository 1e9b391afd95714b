import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { LocalPlugin } from '../server/adapters/plugins/local/local-plugin.ts';
import { seedSimulatedCluster } from '../server/adapters/plugins/simulator/seed-cluster.ts';
import { appendEvents } from '../server/adapters/postgres/event-log.ts';
import type { Prisma, PrismaClient } from '../server/adapters/postgres/generated/client.ts';
import { PostgresSessionCommands } from '../server/adapters/postgres/session-commands.ts';
import { type LocalSpec, localSpecSchema } from '../server/contract/local-spec.ts';
import { sessionSpecSchema } from '../server/contract/session.ts';
import { simulatorSettingsSchema } from '../server/contract/simulator-settings.ts';
import type { CyclePolicy } from '../server/domain/cycle/policy.ts';
import { type Json, TAGS } from '../server/domain/instance/plugin.ts';
import { configOf } from '../server/services/cluster-service.ts';
import { newId } from '../server/services/new-id.ts';
import { fleetClusters } from './seed-fleet.ts';

interface SeedPorts {
  readonly database: PrismaClient;
  readonly hostId: string;
  readonly dataDirectory: string;
  readonly localMachines: boolean;
  readonly log: Logger;
}

/** Quick enough that a newcomer sees a whole cycle, canary and bake included. */
const QUICK_POLICY: CyclePolicy = {
  surge: 1,
  maxUnavailable: 1,
  canary: 1,
  bakeMs: 10_000,
  order: ['unhealthy', 'idle', 'oldest', 'zones'],
  protect: 'skip',
  onDrainTimeout: 'pause',
  minHealthyMs: 2_000,
};

const QUICK_DRAIN_TIMEOUT_MS = 60_000;

/** A fleet to try everything on, where nothing is declared yet. Dying in the middle leaves nothing half done. */
export async function seed({ database, hostId, dataDirectory, localMachines, log }: SeedPorts): Promise<void> {
  if ((await database.environment.count()) > 0) return;
  // Machines first: a second try with the same logical ids starts none twice, and the tables are filled all at once.
  if (localMachines) await startLocalMachines(dataDirectory);
  await database.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('roundhouse seed'))::text`;
      if ((await tx.environment.count()) > 0) return;
      if (localMachines) await declareLocal(tx, hostId);
      await declareSimulated(tx);
      await declareFleet(tx);
      await appendEvents(tx, [{ stream: 'environments', kind: 'changed', body: { what: 'seed' } }]);
      log.info('the empty installation was filled with a fleet');
    },
    { timeout: 60_000 },
  );
  if (localMachines) await submitSessions(database);
}

/** Real ones, which run as soon as the machines are there: one that succeeds, one that fails, one that goes on. */
async function submitSessions(database: PrismaClient): Promise<void> {
  const commands = new PostgresSessionCommands(database);
  const example = (name: string, scenario: Json, serverEnv: Record<string, string> = {}) => {
    const http = { ports: [{ name: 'http' }], probe: { port: 'http', path: '/health' } };
    return sessionSpecSchema.parse({
      name,
      components: [
        { name: 'server', kind: 'server', pool: 'workers', image: 'http-server', env: serverEnv, ...http },
        { name: 'client', kind: 'client', pool: 'workers', image: 'http-load', ...http },
        { name: 'driver', kind: 'driver', pool: 'drivers', image: 'http-driver' },
      ],
      scenario,
      labels: { suite: 'demo' },
    });
  };
  const sessions = [
    example('checkout-load', { seconds: 8, concurrency: 4, rate: 50 }),
    example('checkout-broken', { seconds: 20, concurrency: 4, rate: 20 }, { FAIL_AFTER_MS: '12000' }),
    example('checkout-soak', { seconds: 6 * 3_600, concurrency: 1, rate: 2 }),
  ];
  for (const spec of sessions) {
    const now = Date.now();
    const ids = { id: newId('ses', now), reservationId: newId('res', now) };
    await commands.submit({ ...ids, spec, rerunOf: null }, { id: 'demo', name: 'Demo' }, 'seed');
  }
}

const LOCAL_ENVIRONMENT = 'env_local';

interface LocalSeed {
  readonly id: string;
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly size: number;
  /** What its machines run. */
  readonly running: LocalSpec;
  /** What it is declared to run now. */
  readonly declared: LocalSpec;
}

const LOCAL_CLUSTERS: readonly LocalSeed[] = [
  localSeed(
    'web',
    { team: 'storefront' },
    { version: '1.4.0', jobs: { atOnce: 2, durationMs: 900 } },
    { version: '1.5.0', env: { FEATURE_CHECKOUT: 'on' }, jobs: { atOnce: 2, durationMs: 900 } },
  ),
  localSeed('api', { team: 'platform' }, { version: '2.0.1', jobs: { atOnce: 1, durationMs: 400 } }),
  localSeed(
    'batch',
    { team: 'data' },
    { version: '0.9.2', jobs: { atOnce: 2, durationMs: 12_000 } },
    { version: '0.9.3', jobs: { atOnce: 2, durationMs: 12_000 } },
  ),
  poolSeed('drivers', 2),
  poolSeed('workers', 5),
];

function localSeed(
  name: string,
  labels: Record<string, string>,
  running: object,
  declared: object = running,
): LocalSeed {
  return {
    id: `clu_local_${name}`,
    name,
    labels,
    size: 4,
    running: localSpecSchema.parse(running),
    declared: localSpecSchema.parse(declared),
  };
}

/** Machines that do nothing but wait for the components of sessions. */
function poolSeed(name: string, size: number): LocalSeed {
  const waiting = { version: '1', command: ['/bin/sh', '-c', 'exec sleep 2147483647'] };
  return { ...localSeed(name, { pool: name, team: 'platform' }, waiting), size };
}

async function startLocalMachines(dataDirectory: string): Promise<void> {
  const plugin = new LocalPlugin({ environmentId: LOCAL_ENVIRONMENT, dataDirectory });
  const call = () => ({ token: 'seed', deadline: Date.now() + 30_000, signal: AbortSignal.timeout(30_000) });
  for (const cluster of LOCAL_CLUSTERS) {
    for (let ordinal = 1; ordinal <= cluster.size; ordinal += 1) {
      const tags = { [TAGS.cluster]: cluster.id, [TAGS.config]: configOf(cluster.running) };
      await plugin.provision(
        { properties: cluster.running, tags, init: '', logicalId: `seed/${cluster.id}/${ordinal}`, attachments: [] },
        call(),
      );
    }
  }
}

async function declareLocal(tx: Prisma.TransactionClient, hostId: string): Promise<void> {
  await tx.environment.create({
    data: { id: LOCAL_ENVIRONMENT, name: 'local', kind: 'local', hostId, hostName: hostname(), selfApproval: true },
  });
  for (const { id, name, labels, size, running, declared } of LOCAL_CLUSTERS) {
    await declare(tx, {
      id,
      environmentId: LOCAL_ENVIRONMENT,
      name,
      labels,
      specs: [running, declared],
      sizes: [size - 1, size, size + 1],
      policy: QUICK_POLICY,
    });
  }
}

const SIMULATED_ENVIRONMENT = 'env_simulated';

interface SimulatedSeed {
  readonly name: string;
  readonly size: number;
  readonly outdated: number;
  readonly team: string;
  /** Its machines can be reserved by people. */
  readonly pool?: string;
}

/** Ten clusters, 300 instances, some of them behind. */
const SIMULATED_CLUSTERS: readonly SimulatedSeed[] = [
  { name: 'checkout', size: 48, outdated: 30, team: 'storefront' },
  { name: 'search', size: 40, outdated: 12, team: 'storefront' },
  { name: 'ingest', size: 36, outdated: 36, team: 'data' },
  { name: 'gateway', size: 32, outdated: 0, team: 'platform' },
  { name: 'media', size: 30, outdated: 5, team: 'content' },
  { name: 'billing', size: 28, outdated: 28, team: 'payments' },
  { name: 'mail', size: 26, outdated: 0, team: 'content' },
  { name: 'reports', size: 24, outdated: 9, team: 'data' },
  { name: 'sessions', size: 20, outdated: 0, team: 'platform' },
  { name: 'edge', size: 16, outdated: 2, team: 'platform', pool: 'lab' },
];

const DAY_MS = 24 * 3_600_000;

async function declareSimulated(tx: Prisma.TransactionClient): Promise<void> {
  const settings = simulatorSettingsSchema.parse({
    startMs: [4_000, 12_000],
    drainMs: [3_000, 20_000],
    terminateMs: [1_000, 3_000],
  });
  await tx.environment.create({
    data: { id: SIMULATED_ENVIRONMENT, name: 'demo', kind: 'simulator', settings: { ...settings }, selfApproval: true },
  });
  const now = Date.now();
  for (const [index, { name, size, outdated, team, pool }] of SIMULATED_CLUSTERS.entries()) {
    const id = `clu_demo_${name}`;
    const old = { image: `${name}:${index + 2}.3.0`, instanceType: 'm7.large' };
    const present = outdated === 0 ? old : { ...old, image: `${name}:${index + 2}.4.0` };
    const policy = {
      ...QUICK_POLICY,
      surge: Math.ceil(size / 10),
      maxUnavailable: Math.ceil(size / 10),
      canary: size >= 20 ? Math.ceil(size / 20) : 1,
      minHealthyMs: 3_000,
    };
    await declare(tx, {
      id,
      environmentId: SIMULATED_ENVIRONMENT,
      name,
      labels: pool === undefined ? { team } : { team, pool },
      specs: [old, present],
      sizes: [Math.floor(size * 0.8), size, Math.ceil(size * 1.2)],
      policy,
      declaredMs: [now - 60 * DAY_MS, now - (index + 1) * 2 * DAY_MS],
    });
    const sick = name === 'media' ? 1 : 0;
    const guarded = name === 'search' ? 1 : 0;
    await seedSimulatedCluster({
      database: tx,
      environmentId: SIMULATED_ENVIRONMENT,
      clusterId: id,
      settings,
      now,
      groups: [
        {
          count: outdated - sick - guarded,
          config: configOf(old),
          spec: old,
          condition: 'healthy' as const,
          ageMs: [20 * DAY_MS, 60 * DAY_MS] as const,
        },
        {
          count: sick,
          config: configOf(old),
          spec: old,
          condition: 'unhealthy' as const,
          ageMs: [20 * DAY_MS, 60 * DAY_MS] as const,
        },
        {
          count: guarded,
          config: configOf(old),
          spec: old,
          condition: 'healthy' as const,
          ageMs: [20 * DAY_MS, 60 * DAY_MS] as const,
          protection: 'protected' as const,
        },
        {
          count: size - outdated,
          config: configOf(present),
          spec: present,
          condition: 'healthy' as const,
          ageMs: [3_600_000, DAY_MS] as const,
        },
      ].filter((group) => group.count > 0),
    });
  }
}

const FLEET_ENVIRONMENT = 'env_staging';

/** So many of its cycles may be active at once. */
const FLEET_CYCLES = 4;

/** A fleet of the size of a company's, where most is at rest. */
async function declareFleet(tx: Prisma.TransactionClient): Promise<void> {
  const settings = simulatorSettingsSchema.parse({
    startMs: [8_000, 40_000],
    drainMs: [5_000, 45_000],
    terminateMs: [2_000, 6_000],
    zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c', 'eu-central-1a', 'eu-central-1b'],
  });
  await tx.environment.create({
    data: {
      id: FLEET_ENVIRONMENT,
      name: 'staging',
      kind: 'simulator',
      settings: { ...settings },
      selfApproval: true,
      maxActiveCycles: FLEET_CYCLES,
    },
  });
  const now = Date.now();
  for (const { name, labels, size, specs, declaredMs, groups } of fleetClusters(now)) {
    const id = `clu_staging_${name}`;
    await declare(tx, {
      id,
      environmentId: FLEET_ENVIRONMENT,
      name,
      labels,
      specs,
      declaredMs,
      sizes: [Math.floor(size * 0.85), size, Math.ceil(size * 1.15)],
      policy: fleetPolicy(size),
    });
    await seedSimulatedCluster({
      database: tx,
      environmentId: FLEET_ENVIRONMENT,
      clusterId: id,
      settings,
      now,
      groups,
    });
  }
}

function fleetPolicy(size: number): CyclePolicy {
  const tenth = Math.ceil(size / 10);
  const canary = Math.ceil(size / 20);
  return { ...QUICK_POLICY, surge: tenth, maxUnavailable: tenth, canary, minHealthyMs: 5_000 };
}

interface Declared {
  readonly id: string;
  readonly environmentId: string;
  readonly name: string;
  readonly labels: Record<string, string>;
  /** Oldest first; the last is the present one. Equal ones are one version. */
  readonly specs: readonly Json[];
  readonly sizes: readonly [number, number, number];
  readonly policy: CyclePolicy;
  /** When each of them was declared. */
  readonly declaredMs?: readonly number[];
}

async function declare(tx: Prisma.TransactionClient, cluster: Declared): Promise<void> {
  const { id, environmentId, name, labels, specs, policy } = cluster;
  const [minSize, targetSize, maxSize] = cluster.sizes;
  const spec = specs.at(-1) ?? null;
  const config = configOf(spec);
  const stored = (value: object | Json) => value as Prisma.InputJsonValue;
  await tx.cluster.create({
    data: {
      id,
      environmentId,
      name,
      labels,
      spec: stored(spec),
      config,
      minSize,
      targetSize,
      maxSize,
      policy: stored(policy),
      drainTimeoutMs: QUICK_DRAIN_TIMEOUT_MS,
    },
  });
  const versions = specs.filter(
    (one, index) => index === specs.findIndex((other) => configOf(other) === configOf(one)),
  );
  const times = cluster.declaredMs ?? [Date.now() - DAY_MS, Date.now()];
  await tx.clusterConfig.createMany({
    data: versions.map((spec, index) => ({
      clusterId: id,
      config: configOf(spec),
      version: index + 1,
      spec: stored(spec),
      createdAt: new Date(times[index] ?? Date.now()),
    })),
  });
}
