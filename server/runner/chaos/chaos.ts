import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type ClusterLimits,
  judge,
  type RecordedIntent,
  type Verdict,
} from '../../adapters/plugins/simulator/judge.ts';
import { readCallLog } from '../../adapters/plugins/simulator/read-call-log.ts';
import { seedSimulatedCluster } from '../../adapters/plugins/simulator/seed-cluster.ts';
import { createDatabase } from '../../adapters/postgres/database.ts';
import { FleetStore } from '../../adapters/postgres/fleet-store.ts';
import type { PrismaClient } from '../../adapters/postgres/generated/client.ts';
import { composeWeb, type Services } from '../../compose.ts';
import type { Viewer } from '../../contract/people.ts';
import { type SimulatorSettings, simulatorSettingsSchema } from '../../contract/simulator-settings.ts';
import { ACTIVE_STATES } from '../../domain/cycle/cycle-state.ts';
import { floorOf } from '../../domain/cycle/policy.ts';
import { isDomainError } from '../../domain/errors.ts';
import { configOf } from '../../services/cluster-service.ts';
import { storedPlanning } from '../../services/planning.ts';
import type { CrashKind } from './crash-points.ts';
import { bundleVictim, type CrashesInTurn, crashesInTurn, Herd, type HerdOptions } from './herd.ts';

export interface ChaosOptions extends Omit<HerdOptions, 'dataDirectory' | 'program' | 'crashes'>, CrashesInTurn {
  readonly kills: number;
  readonly clusters: number;
  /** Whether cycles are now and then stopped at once, so that their settings are put back in the middle of them. */
  readonly stops: boolean;
  /** The run is given up after this. */
  readonly limitMs: number;
}

export interface ChaosResult {
  readonly kills: Readonly<Record<CrashKind, number>>;
  readonly cycles: Readonly<Record<string, number>>;
  /** Why cycles that did not complete are where they are. */
  readonly unfinished: readonly string[];
  readonly verdict: Verdict;
  /** Settings of the world that are not as they were before the run, or are in the ledger still. */
  readonly settingsLeft: readonly string[];
  /** How many settings the cycles have changed. */
  readonly settingsChanged: number;
  readonly lastedMs: number;
}

const ENVIRONMENT = 'env_chaos';
const WORKERS = 2;
/** With `stops`, so many cycles are stopped in the middle at least. */
const STOPS = 3;
const PERSON: Viewer = { id: 'chaos', name: 'Chaos', email: 'chaos@example.org', role: 'administrator' };

const OLD = { condition: 'healthy', ageMs: [3_600_000, 7_200_000] } as const;

/** Quick machines, and every fault that loses or delays an answer. */
const SETTINGS: SimulatorSettings = simulatorSettingsSchema.parse({
  seed: 'chaos',
  startMs: [100, 500],
  drainMs: [100, 500],
  terminateMs: [50, 200],
  faults: { throttling: 0.03, lostAnswer: 0.05, lateAnswer: 0.02 },
});

/**
 * Cycles simulated clusters while the workers that drive them are killed at chosen points, and judges what happened
 * from the simulator's own call log.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const began = performance.now();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'roundhouse-chaos-'));
  const database = createDatabase(options.databaseUrl);
  const services = composeWeb({
    databaseUrl: options.databaseUrl,
    key: randomBytes(32),
    publicUrl: 'http://127.0.0.1:1',
    trustedProxies: [],
    localMachines: true,
  });
  const herd = new Herd({
    ...options,
    dataDirectory,
    program: await bundleVictim(),
    crashes: crashesInTurn(options),
  });
  try {
    const limits = await declareClusters(database, options.clusters);
    const protections = await protectionsOf(database);
    herd.keep(WORKERS);
    const generations = new Map([...limits.keys()].map((id) => [id, 1]));
    const stopping = new AbortController();
    const stops = options.stops ? stopNowAndThen(database, services, stopping.signal) : null;
    while (herd.kills < options.kills || (stops !== null && stops.count < STOPS)) {
      if (performance.now() - began > options.limitMs)
        throw new Error(`only ${herd.kills} of ${options.kills} kills in time`);
      await keepCycling(database, services, generations);
      await delay(100);
    }
    stopping.abort();
    await stops?.ended;
    herd.spare();
    options.say(`${herd.kills} kills done; waiting for the cycles to end`);
    while (await isUnderWay(database)) {
      if (performance.now() - began > options.limitMs) break;
      await delay(200);
    }
    await herd.stop();
    const settingsLeft = await leftSettings(database, protections);
    const settingsChanged = await database.restoreEntry.count({ where: { changedAt: { not: null } } });
    return {
      ...(await judged(database, limits)),
      settingsLeft,
      settingsChanged,
      kills: herd.killsByKind,
      lastedMs: performance.now() - began,
    };
  } finally {
    await herd.stop();
    await services.close();
    await database.$disconnect();
    await rm(dataDirectory, { recursive: true });
  }
}

async function declareClusters(database: PrismaClient, count: number): Promise<Map<string, ClusterLimits>> {
  await database.environment.create({
    data: { id: ENVIRONMENT, name: 'chaos', kind: 'simulator', settings: { ...SETTINGS }, selfApproval: true },
  });
  const spec = { generation: 0 };
  const present = { generation: 1 };
  for (let index = 0; index < count; index += 1) {
    const id = `clu_chaos_${index}`;
    const targetSize = 3 + (index % 4);
    const policy = {
      surge: 1 + (index % 2),
      maxUnavailable: 1,
      canary: 1,
      bakeMs: 200,
      minHealthyMs: 100,
      onDrainTimeout: 'force' as const,
      protect: 'replace' as const,
    };
    await database.cluster.create({
      data: {
        id,
        environmentId: ENVIRONMENT,
        name: `chaos-${index}`,
        spec: present,
        config: configOf(present),
        minSize: targetSize - 1,
        targetSize,
        maxSize: targetSize + 2,
        policy,
      },
    });
    await database.clusterConfig.createMany({
      data: [spec, present].map((one, version) => ({
        clusterId: id,
        config: configOf(one),
        version: version + 1,
        spec: one,
      })),
    });
    await seedSimulatedCluster({
      database,
      environmentId: ENVIRONMENT,
      clusterId: id,
      settings: SETTINGS,
      now: Date.now(),
      groups: [
        { ...OLD, count: targetSize - 1, config: configOf(spec), spec },
        { ...OLD, count: 1, config: configOf(spec), spec, protection: 'protected' },
      ],
    });
  }
  const fleet = new FleetStore(database);
  return new Map(
    (await fleet.clustersOf(ENVIRONMENT)).map((record) => {
      const { config, policy } = storedPlanning(record);
      return [record.id, { floor: floorOf(config, policy), max: config.maxSize }];
    }),
  );
}

/** Stops a cycle again and again, until the signal says that it is enough. */
function stopNowAndThen(database: PrismaClient, services: Services, signal: AbortSignal) {
  const stops = { count: 0, ended: Promise.resolve() };
  stops.ended = (async () => {
    while (!signal.aborted) {
      if (await stopOne(database, services)) stops.count += 1;
      await delay(500);
    }
  })();
  return stops;
}

/** Stops one cycle that is in the middle of something; whether there was one. */
async function stopOne(database: PrismaClient, services: Services): Promise<boolean> {
  const cycle = await database.cycle.findFirst({
    where: { state: 'running', restores: { some: { settledAt: null } }, intents: { some: { kind: 'drain' } } },
    orderBy: { createdAt: 'asc' },
  });
  if (cycle === null) return false;
  try {
    await services.cycles.act(cycle.id, 'stop-now', PERSON, 'chaos');
    return true;
  } catch (error) {
    // It may have ended meanwhile.
    if (!isDomainError(error)) throw error;
    return false;
  }
}

async function isUnderWay(database: PrismaClient): Promise<boolean> {
  const [cycles, entries] = await Promise.all([
    database.cycle.count({ where: { state: { in: ['approved', 'running', 'pausing', 'aborting'] } } }),
    database.restoreEntry.count({ where: { settledAt: null, cycle: { state: { not: 'paused' } } } }),
  ]);
  return cycles + entries > 0;
}

async function protectionsOf(database: PrismaClient): Promise<ReadonlyMap<string, string | null>> {
  const machines = await database.simInstance.findMany({ select: { id: true, protection: true } });
  return new Map(machines.map(({ id, protection }) => [id, protection]));
}

/** The world was active, open, and protected as `protections` say; a machine that came later has no protection. */
async function leftSettings(
  database: PrismaClient,
  protections: ReadonlyMap<string, string | null>,
): Promise<readonly string[]> {
  const [clusters, machines, entries] = await Promise.all([
    database.simCluster.findMany(),
    database.simInstance.findMany({ where: { destroyOrderedAt: null } }),
    database.restoreEntry.findMany({ where: { OR: [{ settledAt: null }, { outcome: 'overtaken' }] } }),
  ]);
  return [
    ...clusters.filter((one) => one.autoscaling !== 'active').map((one) => `${one.clusterId}: ${one.autoscaling}`),
    ...machines.filter((one) => one.closedAt !== null).map((one) => `${one.id}: closed`),
    ...machines
      .filter((one) => one.protection !== (protections.get(one.id) ?? null))
      .map((one) => `${one.id}: protection ${one.protection}`),
    ...entries.map((one) => `${one.cycleId}: ${one.setting} ${one.instanceId} ${one.outcome ?? 'open'}`),
  ];
}

/** Every cluster without a cycle gets a new generation, a plan and an approval. */
async function keepCycling(
  database: PrismaClient,
  services: Services,
  generations: Map<string, number>,
): Promise<void> {
  const active = await database.cycle.findMany({
    where: { state: { in: [...ACTIVE_STATES] } },
    select: { clusterId: true },
  });
  const busy = new Set(active.map((one) => one.clusterId));
  const idle = [...generations].filter(([id]) => !busy.has(id));
  await Promise.all(
    idle.map(async ([clusterId, generation]) => {
      try {
        const outdated = await database.instance.count({
          where: {
            clusterId,
            cluster: { config: configOf({ generation }) },
            NOT: { config: configOf({ generation }) },
          },
        });
        if (outdated === 0) {
          await services.clusters.edit(clusterId, { spec: { generation: generation + 1 } }, PERSON, 'chaos');
          generations.set(clusterId, generation + 1);
        }
        const { fingerprint, checks } = await services.plans.preview(clusterId, {}, AbortSignal.timeout(5_000));
        const ticked = checks.map((check) => check.id);
        const planId = await services.plans.create(
          { clusterId, knobs: {}, fingerprint, ticked, comment: '' },
          PERSON,
          'chaos',
        );
        await services.plans.approve({ planId, fingerprint, comment: '' }, PERSON, 'chaos', AbortSignal.timeout(5_000));
      } catch (error) {
        // Facts may be missing or old while nobody observes; the next round tries again.
        if (!isDomainError(error)) throw error;
      }
    }),
  );
}

async function judged(
  database: PrismaClient,
  limits: ReadonlyMap<string, ClusterLimits>,
): Promise<Pick<ChaosResult, 'cycles' | 'unfinished' | 'verdict'>> {
  const [calls, intents, cycles] = await Promise.all([
    readCallLog(database, ENVIRONMENT),
    database.intent.findMany(),
    database.cycle.findMany({ select: { id: true, state: true, reason: true, progress: true } }),
  ]);
  const recorded = intents.map(
    ({ token, kind, count, instanceId, outcome }): RecordedIntent => ({
      token,
      kind: kind as RecordedIntent['kind'],
      count,
      instanceIds: instanceId === null ? [] : [instanceId],
      done: outcome === 'done',
    }),
  );
  const byState: Record<string, number> = {};
  for (const { state } of cycles) byState[state] = (byState[state] ?? 0) + 1;
  const unfinished = cycles
    .filter((cycle) => cycle.state !== 'completed' && cycle.state !== 'aborted')
    .map((cycle) => `${cycle.id} ${cycle.state}: ${JSON.stringify(cycle.reason ?? cycle.progress)}`);
  return { cycles: byState, unfinished, verdict: judge(calls, limits, recorded) };
}
