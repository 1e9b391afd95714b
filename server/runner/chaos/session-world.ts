import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { ProcessExecutor } from '../../adapters/executors/process/process-executor.ts';
import { hostId } from '../../adapters/plugins/local/installation.ts';
import { LocalPlugin } from '../../adapters/plugins/local/local-plugin.ts';
import { removeMachines } from '../../adapters/plugins/local/remove-machines.ts';
import type { PrismaClient } from '../../adapters/postgres/generated/client.ts';
import { composeWeb, composeWorker, type WorkerSettings } from '../../compose.ts';
import { localSpecSchema } from '../../contract/local-spec.ts';
import type { Viewer } from '../../contract/people.ts';
import { type SessionSpecInput, type SessionView, sessionSpecSchema } from '../../contract/session.ts';
import { TAGS } from '../../domain/instance/plugin.ts';
import { configOf } from '../../services/cluster-service.ts';

export const SUBMITTER: Viewer = { id: 'submitter', name: 'Ada', email: 'ada@example.org', role: 'operator' };
export const ENVIRONMENT = 'env_sessions';

/** Machines do nothing of their own, so that all that happens is a session's. */
const SPEC = localSpecSchema.parse({ version: '1', command: ['/bin/sh', '-c', 'exec sleep 86400'] });
const KEY = new Uint8Array(32).fill(7);

/** Pools of real local machines, web's services, and workers in this process. */
export class SessionWorld {
  readonly database: PrismaClient;
  readonly services: ReturnType<typeof composeWeb>;
  readonly dataDirectory: string;
  readonly plugin: LocalPlugin;
  readonly #url: string;
  readonly #running = new Set<() => Promise<void>>();

  private constructor(url: string, database: PrismaClient, dataDirectory: string) {
    this.#url = url;
    this.database = database;
    this.dataDirectory = dataDirectory;
    this.plugin = new LocalPlugin({ environmentId: ENVIRONMENT, dataDirectory });
    this.services = composeWeb({
      databaseUrl: url,
      key: KEY,
      publicUrl: 'http://127.0.0.1:1',
      trustedProxies: [],
      localMachines: true,
    });
  }

  /** `pools`: how many machines each pool has. */
  static async open(
    { url, database }: { readonly url: string; readonly database: PrismaClient },
    pools: Readonly<Record<string, number>>,
  ): Promise<SessionWorld> {
    const world = new SessionWorld(url, database, await mkdtemp(join(tmpdir(), 'roundhouse-sessions-')));
    await world.#declare(pools);
    return world;
  }

  async close(): Promise<void> {
    for (const stop of this.#running) await stop();
    await this.services.close();
    await removeMachines(this.dataDirectory);
    await rm(this.dataDirectory, { recursive: true });
  }

  get workerSettings(): Omit<WorkerSettings, 'workerId' | 'log'> {
    return {
      databaseUrl: this.#url,
      dataDirectory: this.dataDirectory,
      leaseTtlMs: 5_000,
      executorCount: 16,
      key: KEY,
    };
  }

  /** Starts a worker; the answer stops it in order. */
  async work(workerId = 'worker-1', settings: Partial<WorkerSettings> = {}): Promise<() => Promise<void>> {
    const log = pino({ level: 'silent' });
    const composed = await composeWorker({ ...this.workerSettings, workerId, log, ...settings });
    const running = composed.worker.run();
    const stop = async () => {
      if (!this.#running.delete(stop)) return;
      composed.worker.stop();
      await running;
      await composed.close();
    };
    this.#running.add(stop);
    return stop;
  }

  async ready(machines: number): Promise<void> {
    await this.until(async () => (await this.database.instance.count({ where: { health: 'healthy' } })) >= machines);
  }

  /** A file that components may append to, whoever they run as. */
  async openJournal(file: string): Promise<void> {
    await writeFile(file, '', { mode: 0o666 });
    // The mode of a new file is cut by the mask of this process.
    await chmod(file, 0o666);
  }

  /** Names of files by which components tell each other, and the test, how far they are; none is there yet. */
  async signs(): Promise<{ readonly driverRuns: string; readonly clientFailed: string }> {
    const directory = join(this.dataDirectory, `signs-${randomUUID()}`);
    await mkdir(directory);
    await chmod(directory, 0o777);
    return { driverRuns: join(directory, 'driver-runs'), clientFailed: join(directory, 'client-failed') };
  }

  /** What machines still hold of any component, seen past everything that the product remembers. */
  async componentsLeft(): Promise<readonly string[]> {
    const executor = new ProcessExecutor({
      dataDirectory: this.dataDirectory,
      dependenciesOf: () => Promise.reject(new Error('nothing is prepared here')),
    });
    const machines = await this.database.instance.findMany({ select: { id: true, clusterId: true } });
    const lists = machines.map(({ id: instanceId, clusterId }) =>
      executor.list({ environmentId: ENVIRONMENT, clusterId, instanceId }, AbortSignal.timeout(10_000)),
    );
    return (await Promise.all(lists)).flat();
  }

  submit(spec: SessionSpecInput): Promise<string> {
    return this.services.sessions.submit(sessionSpecSchema.parse(spec), SUBMITTER, 'world');
  }

  session(sessionId: string): Promise<SessionView> {
    return this.services.sessions.byId(sessionId, SUBMITTER);
  }

  /** Waits for a state, and fails with what is there instead when it takes too long. */
  async reaches(sessionId: string, state: SessionView['state']): Promise<SessionView> {
    await this.until(
      async () => (await this.session(sessionId)).state === state,
      async () => {
        const { state: found, verdict, executions, events } = await this.session(sessionId);
        const parts = executions.map(
          ({ name, state: at, desiredState, err }) => `${name} ${at}→${desiredState} ${err}`,
        );
        return `wanted ${state}, found ${found}: ${JSON.stringify({ verdict, parts, events })}`;
      },
    );
    return this.session(sessionId);
  }

  async until(
    isTrue: () => Promise<boolean>,
    found: () => Promise<string> = async () => 'it never was',
    limitMs = 25_000,
  ): Promise<void> {
    const limit = Date.now() + limitMs;
    while (!(await isTrue())) {
      if (Date.now() > limit) throw new Error(await found());
      await delay(40);
    }
  }

  async #declare(pools: Readonly<Record<string, number>>): Promise<void> {
    const { database } = this;
    await database.environment.create({
      data: {
        id: ENVIRONMENT,
        name: 'local',
        kind: 'local',
        hostId: await hostId(this.dataDirectory),
        selfApproval: true,
      },
    });
    for (const [pool, size] of Object.entries(pools)) {
      const id = `clu_${pool}`;
      const config = configOf(SPEC);
      await database.cluster.create({
        data: {
          id,
          environmentId: ENVIRONMENT,
          name: pool,
          labels: { pool },
          spec: SPEC,
          config,
          minSize: Math.max(0, size - 1),
          targetSize: size,
          maxSize: size + 1,
          policy: { surge: 1, maxUnavailable: 1, canary: 0, minHealthyMs: 100, onDrainTimeout: 'pause' },
        },
      });
      await database.clusterConfig.create({ data: { clusterId: id, config, version: 1, spec: SPEC } });
      for (let ordinal = 1; ordinal <= size; ordinal += 1) {
        const tags = { [TAGS.cluster]: id, [TAGS.config]: config };
        await this.plugin.provision(
          { properties: SPEC, tags, init: '', logicalId: `seed/${pool}/${ordinal}`, attachments: [] },
          { token: 'seed', deadline: Date.now() + 30_000, signal: AbortSignal.timeout(30_000) },
        );
      }
    }
  }
}
