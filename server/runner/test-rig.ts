import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { type SeedGroup, seedSimulatedCluster } from '../adapters/plugins/simulator/seed-cluster.ts';
import type { PrismaClient } from '../adapters/postgres/generated/client.ts';
import { composeWeb, composeWorker } from '../compose.ts';
import type { Viewer } from '../contract/people.ts';
import { type SimulatorSettings, simulatorSettingsSchema } from '../contract/simulator-settings.ts';
import type { Knobs } from '../domain/approval/plan.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';
import type { Json } from '../domain/instance/plugin.ts';
import { configOf } from '../services/cluster-service.ts';

const KEY = new Uint8Array(32).fill(7);

export const AUTHOR: Viewer = { id: 'author', name: 'Ada', email: 'ada@example.org', role: 'operator' };
export const APPROVER: Viewer = { id: 'approver', name: 'Grace', email: 'grace@example.org', role: 'operator' };

export const OLD_SPEC = { image: 'web:1' };
export const NEW_SPEC = { image: 'web:2' };

const QUICK = { startMs: [20, 60], drainMs: [20, 60], terminateMs: [10, 30], workloads: [1, 1] };

const CALM_POLICY: CyclePolicy = {
  surge: 1,
  maxUnavailable: 1,
  canary: 1,
  bakeMs: 50,
  minHealthyMs: 20,
  onDrainTimeout: 'pause',
  protect: 'skip',
};

export interface RigCluster {
  readonly size: number;
  readonly policy?: CyclePolicy;
  readonly drainTimeoutMs?: number;
  readonly settings?: object;
  /** How the old machines behave, where that differs from those that are started. */
  readonly seedSettings?: object;
  readonly spec?: Json;
  readonly selfApproval?: boolean;
  readonly approvalsNeeded?: number;
  readonly sizes?: readonly [number, number, number];
  readonly groups?: readonly SeedGroup[];
  /** Beside this cluster, with the settings of its environment; else in an environment of its own. */
  readonly beside?: string;
  readonly maxActiveCycles?: number;
}

/** Web's services and workers over one test database and a simulated fleet, all in this process. */
export class RunnerRig {
  readonly database: PrismaClient;
  readonly services: ReturnType<typeof composeWeb>;
  readonly #url: string;
  readonly #directory: string;
  readonly #limitMs: number;
  readonly #running: { stop: () => Promise<void> }[] = [];
  #clusters = 0;

  private constructor(url: string, database: PrismaClient, directory: string, limitMs: number) {
    this.#url = url;
    this.#limitMs = limitMs;
    this.#directory = directory;
    this.database = database;
    this.services = composeWeb({
      databaseUrl: url,
      key: KEY,
      publicUrl: 'http://127.0.0.1:1',
      trustedProxies: [],
      localMachines: true,
    });
  }

  /** `limitMs`: how long anything is waited for. */
  static async open(
    { url, database }: { readonly url: string; readonly database: PrismaClient },
    limitMs = 20_000,
  ): Promise<RunnerRig> {
    return new RunnerRig(url, database, await mkdtemp(join(tmpdir(), 'roundhouse-runner-')), limitMs);
  }

  async close(): Promise<void> {
    for (const worker of this.#running) await worker.stop();
    await this.services.close();
    await rm(this.#directory, { recursive: true });
  }

  /** A cluster; where no groups are given, all its instances are old and healthy. */
  async cluster(options: RigCluster): Promise<string> {
    const ordinal = ++this.#clusters;
    const id = `clu_${ordinal}`;
    const settings = simulatorSettingsSchema.parse({ ...QUICK, ...options.settings });
    const spec = options.spec ?? NEW_SPEC;
    const [minSize, targetSize, maxSize] = options.sizes ?? [options.size - 1, options.size, options.size + 1];
    const environmentId =
      options.beside === undefined
        ? await this.#environment(ordinal, options, settings)
        : (await this.database.cluster.findUniqueOrThrow({ where: { id: options.beside } })).environmentId;
    await this.database.cluster.create({
      data: {
        id,
        environmentId,
        name: `cluster-${ordinal}`,
        spec: stored(spec),
        config: configOf(spec),
        minSize,
        targetSize,
        maxSize,
        policy: { ...(options.policy ?? CALM_POLICY) } as object,
        drainTimeoutMs: options.drainTimeoutMs ?? 60_000,
      },
    });
    const versions = [OLD_SPEC, spec].filter(
      (one, index, all) => all.findIndex((other) => configOf(other) === configOf(one)) === index,
    );
    await this.database.clusterConfig.createMany({
      data: versions.map((one, version) => ({
        clusterId: id,
        config: configOf(one),
        version: version + 1,
        spec: stored(one),
      })),
    });
    const seedSettings = simulatorSettingsSchema.parse({ ...settings, ...options.seedSettings });
    await this.#seed(
      id,
      environmentId,
      options.groups ?? [
        {
          count: options.size,
          config: configOf(OLD_SPEC),
          spec: OLD_SPEC,
          condition: 'healthy',
          ageMs: [3_600_000, 7_200_000],
        },
      ],
      seedSettings,
    );
    return id;
  }

  async #environment(ordinal: number, options: RigCluster, settings: SimulatorSettings): Promise<string> {
    const { selfApproval = false, approvalsNeeded = 1, maxActiveCycles = null } = options;
    const { id } = await this.database.environment.create({
      data: {
        id: `env_${ordinal}`,
        name: `rig-${ordinal}`,
        kind: 'simulator',
        settings: { ...settings },
        selfApproval,
        approvalsNeeded,
        maxActiveCycles,
      },
    });
    return id;
  }

  /** A machine of the cluster that somebody else started: its id. */
  async stranger(clusterId: string): Promise<string> {
    const id = `stranger-of-${clusterId}`;
    // Everything as a machine has it that is there already, but for who it is.
    await this.database.$executeRaw`
      INSERT INTO sim_instance
      SELECT machine.* FROM (SELECT * FROM sim_instance WHERE cluster_id = ${clusterId} LIMIT 1) AS twin,
        jsonb_populate_record(NULL::sim_instance, to_jsonb(twin) || jsonb_build_object('id', ${id}::text, 'logical_id', ${id}::text)) AS machine`;
    return id;
  }

  /** What the world is set to: autoscaling, and of each machine that is there the protection and whether it is closed. */
  async settings(clusterId: string): Promise<Record<string, string>> {
    const [own, machines] = await Promise.all([
      this.database.simCluster.findFirst({ where: { clusterId } }),
      this.database.simInstance.findMany({ where: { clusterId, destroyOrderedAt: null } }),
    ]);
    return {
      autoscaling: own?.autoscaling ?? 'active',
      ...Object.fromEntries(
        machines.map((one) => [one.id, `${one.protection ?? 'none'} ${one.closedAt === null ? 'open' : 'closed'}`]),
      ),
    };
  }

  async #seed(
    clusterId: string,
    environmentId: string,
    groups: readonly SeedGroup[],
    settings: SimulatorSettings,
  ): Promise<void> {
    await seedSimulatedCluster({
      database: this.database,
      environmentId,
      clusterId,
      settings,
      groups,
      now: Date.now(),
    });
  }

  /** Starts a worker; the answer stops it in order. */
  async work(workerId = 'worker-1', pluginsDirectory: string | null = null): Promise<() => Promise<void>> {
    const composed = await composeWorker({
      databaseUrl: this.#url,
      dataDirectory: this.#directory,
      leaseTtlMs: 5_000,
      executorCount: 0,
      key: KEY,
      workerId,
      pluginsDirectory,
      log: pino({ level: 'silent' }),
    });
    const running = composed.worker.run();
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      composed.worker.stop();
      await running;
      await composed.close();
    };
    this.#running.push({ stop });
    return stop;
  }

  async observed(clusterId: string): Promise<void> {
    await this.until(async () => {
      const cluster = await this.database.cluster.findUniqueOrThrow({
        where: { id: clusterId },
        include: { _count: { select: { instances: true } } },
      });
      return cluster.observedAt !== null && cluster._count.instances > 0;
    });
  }

  async plan(clusterId: string, knobs: Knobs = {}, author: Viewer = AUTHOR): Promise<string> {
    await this.observed(clusterId);
    const { fingerprint, checks } = await this.services.plans.preview(clusterId, knobs, AbortSignal.timeout(5_000));
    const ticked = checks.filter((check) => check.level === 'warning').map((check) => check.id);
    return this.services.plans.create({ clusterId, knobs, fingerprint, ticked, comment: '' }, author, 'rig');
  }

  async approve(planId: string, approver: Viewer = APPROVER): Promise<string> {
    const { fingerprint } = await this.database.plan.findUniqueOrThrow({ where: { id: planId } });
    const { cycleId } = await this.services.plans.approve(
      { planId, fingerprint, comment: '' },
      approver,
      'rig',
      AbortSignal.timeout(5_000),
    );
    if (cycleId === null) throw new Error('one approval was not enough');
    return cycleId;
  }

  async cycle(clusterId: string, knobs: Knobs = {}): Promise<string> {
    return this.approve(await this.plan(clusterId, knobs));
  }

  /** Waits for a state, and fails with what is there instead when it takes too long. */
  async reaches(cycleId: string, state: string): Promise<void> {
    await this.until(
      async () => (await this.services.cycles.byId(cycleId, AUTHOR)).state === state,
      async () => {
        const { state: found, reason, progress } = await this.services.cycles.byId(cycleId, AUTHOR);
        return `wanted ${state}, found ${found}: ${JSON.stringify(reason ?? progress)}`;
      },
    );
  }

  async until(
    isTrue: () => Promise<boolean>,
    found: () => Promise<string> = async () => 'it never was',
  ): Promise<void> {
    const limit = Date.now() + this.#limitMs;
    while (!(await isTrue())) {
      if (Date.now() > limit) throw new Error(await found());
      await delay(20);
    }
  }
}

function stored(value: Json): object {
  return JSON.parse(JSON.stringify(value)) as object;
}
