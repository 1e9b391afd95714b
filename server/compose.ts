import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { hashPassword } from 'better-auth/crypto';
import type { Logger } from 'pino';
import { Identity } from './adapters/auth/identity.ts';
import { readConfigurationFile } from './adapters/configuration-file.ts';
import { observed } from './adapters/environments/observed.ts';
import { reserved } from './adapters/environments/reserved.ts';
import { watchPlugins } from './adapters/plugins/infrakit/plugin-directory.ts';
import { hostId } from './adapters/plugins/local/installation.ts';
import { PostgresActivityLog } from './adapters/postgres/activity-log.ts';
import { BackEndCalls } from './adapters/postgres/back-end-calls.ts';
import { PostgresClusterCommands } from './adapters/postgres/cluster-commands.ts';
import { PostgresClusterQueries } from './adapters/postgres/cluster-queries.ts';
import { CONNECTION_TESTS, PostgresConnectionTests } from './adapters/postgres/connection-tests.ts';
import { PostgresCycleCommands } from './adapters/postgres/cycle-commands.ts';
import { PostgresCycleQueries } from './adapters/postgres/cycle-queries.ts';
import { PostgresCycleStore } from './adapters/postgres/cycle-store.ts';
import { createDatabase, createPool } from './adapters/postgres/database.ts';
import { PostgresEnvironmentCommands } from './adapters/postgres/environment-commands.ts';
import { PostgresEnvironmentQueries } from './adapters/postgres/environment-queries.ts';
import { appendEvents, changed, PostgresEventLog } from './adapters/postgres/event-log.ts';
import { PostgresExecutionQueries } from './adapters/postgres/execution-queries.ts';
import { FleetStore } from './adapters/postgres/fleet-store.ts';
import type { PrismaClient } from './adapters/postgres/generated/client.ts';
import { holdsOf } from './adapters/postgres/holds.ts';
import { PostgresInstallationStore } from './adapters/postgres/installation-store.ts';
import { PostgresInstanceQueries } from './adapters/postgres/instance-queries.ts';
import { Leases } from './adapters/postgres/leases.ts';
import { PostgresLogs } from './adapters/postgres/log-store.ts';
import { Notifications } from './adapters/postgres/notifications.ts';
import { PostgresOverviewQueries } from './adapters/postgres/overview-queries.ts';
import { PostgresPeople } from './adapters/postgres/people-store.ts';
import { PostgresPlanQueries } from './adapters/postgres/plan-queries.ts';
import { PostgresPlanStore } from './adapters/postgres/plan-store.ts';
import { PostgresPoolCommands } from './adapters/postgres/pool-commands.ts';
import { PostgresPoolQueries } from './adapters/postgres/pool-queries.ts';
import { PostgresPoolUpkeep } from './adapters/postgres/pool-upkeep.ts';
import { refreshCluster, requestRefresh } from './adapters/postgres/refresh.ts';
import { PostgresReservationCommands } from './adapters/postgres/reservation-commands.ts';
import { PostgresReservationQueries } from './adapters/postgres/reservation-queries.ts';
import { PostgresReservations } from './adapters/postgres/reservations.ts';
import { prune } from './adapters/postgres/retention.ts';
import { PostgresSearch } from './adapters/postgres/search.ts';
import { PostgresConfigs, PostgresDependencies, PostgresSecrets } from './adapters/postgres/secret-store.ts';
import { PostgresSessionCommands } from './adapters/postgres/session-commands.ts';
import { PostgresSessionQueries } from './adapters/postgres/session-queries.ts';
import { PostgresSessionStore } from './adapters/postgres/session-store.ts';
import { workerHosts, workerSeen } from './adapters/postgres/workers.ts';
import { Cipher } from './adapters/secrets/cipher.ts';
import { capabilitiesOf, connectionSteps, environments, executors } from './compose-back-ends.ts';
import type { WatchedPlugins, WorkerHost } from './contract/environment.ts';
import { type HookRules, hooksSchema } from './contract/hooks.ts';
import { specSchemaOf } from './contract/spec-schemas.ts';
import { PRODUCT } from './domain/activity/activity.ts';
import type { ClusterRecord, EnvironmentRecord } from './domain/cluster/fleet.ts';
import type { CycleStore } from './domain/cycle/cycle-store.ts';
import type { Environment } from './domain/cycle/environment.ts';
import { floorOf } from './domain/cycle/policy.ts';
import { DomainError, isDomainError } from './domain/errors.ts';
import { Dependencies } from './domain/execution/dependencies.ts';
import type { Executor } from './domain/execution/executor.ts';
import type { Json } from './domain/instance/plugin.ts';
import { redactor } from './domain/session/redact.ts';
import type { SessionStore } from './domain/session/session-store.ts';
import { env, type ProcessEnv } from './env.ts';
import { ConnectionTester } from './runner/connection-tester.ts';
import { PluginWatch } from './runner/plugin-watch.ts';
import { PoolKeeper } from './runner/pool-keeper.ts';
import { SessionOrchestrator } from './runner/session-orchestrator.ts';
import { SessionRunner } from './runner/session-runner.ts';
import { Wakes } from './runner/wakes.ts';
import { Worker } from './runner/worker.ts';
import { ActivityService } from './services/activity-service.ts';
import { ClusterService } from './services/cluster-service.ts';
import { CycleService } from './services/cycle-service.ts';
import { EnvironmentService } from './services/environment-service.ts';
import { FleetPlanService } from './services/fleet-plan-service.ts';
import { InstallationService } from './services/installation-service.ts';
import { LiveService } from './services/live-service.ts';
import { LogService } from './services/log-service.ts';
import { newId } from './services/new-id.ts';
import { OverviewService } from './services/overview-service.ts';
import { PeopleService } from './services/people-service.ts';
import { PlanService } from './services/plan-service.ts';
import { storedPlanning } from './services/planning.ts';
import { PoolService } from './services/pool-service.ts';
import { ReservationService } from './services/reservation-service.ts';
import { SessionService } from './services/session-service.ts';

export type WebSettings = Pick<ProcessEnv, 'databaseUrl' | 'key' | 'publicUrl' | 'trustedProxies' | 'localMachines'> &
  Partial<Pick<ProcessEnv, 'configFile'>>;

/** What the web process speaks to. `close()` ends its connections. */
export function composeWeb(
  { databaseUrl, key, publicUrl, trustedProxies, localMachines, configFile = null }: WebSettings,
  now: () => number = Date.now,
) {
  const database = createDatabase(databaseUrl);
  const notifications = new Notifications(databaseUrl);
  const publicOrigins = [new URL(publicUrl).origin];
  const fleet = new FleetStore(database);
  const live = new LiveService(new PostgresEventLog(database), notifications, now);
  const poolQueries = new PostgresPoolQueries(database);
  const pools = new PoolService(poolQueries, new PostgresPoolCommands(database));
  const reservations = new PostgresReservations(database);
  const clusterQueries = new PostgresClusterQueries(database, effectivePolicy);
  const planQueries = new PostgresPlanQueries(database);
  const activityLog = new PostgresActivityLog(database);
  const plans = new PlanService({
    plans: new PostgresPlanStore(database),
    queries: planQueries,
    fleet,
    refresh: (environmentId, clusterId, notOlderThan, signal) =>
      refreshCluster(database, environmentId, clusterId, notOlderThan, signal),
    capabilitiesOf,
    clock: now,
  });
  return {
    publicOrigins,
    identity: new Identity(database, { key, publicOrigins, trustedProxies }),
    people: new PeopleService(new PostgresPeople(database), hashPassword, now),
    activity: new ActivityService(activityLog),
    overview: new OverviewService({
      queries: new PostgresOverviewQueries(database),
      recentActivity: (limit) => activityLog.list({ q: '', beforeId: null, limit }),
      clock: now,
    }),
    search: new PostgresSearch(database),
    live,
    clusters: composeClusters(database, localMachines, now),
    environments: composeEnvironments(database, clusterQueries, localMachines, now),
    installation: composeInstallation({
      database,
      localMachines,
      configFile,
      hosts: () => workerHosts(database),
      clock: now,
    }),
    instances: new PostgresInstanceQueries(database),
    plans,
    fleetPlans: new FleetPlanService({
      plans,
      fleet,
      placesTaken: (environmentId) => planQueries.placesTaken(environmentId),
      matching: async (q, limit) => {
        const { rows, total } = await clusterQueries.list({ q, sort: 'name', order: 'asc', limit });
        return { ids: rows.map((row) => row.id), total };
      },
    }),
    cycles: new CycleService(new PostgresCycleQueries(database), new PostgresCycleCommands(database)),
    pools,
    reservations: new ReservationService({
      queries: new PostgresReservationQueries(database),
      commands: new PostgresReservationCommands(database),
      pools,
      allocate: () => reservations.allocate(),
      clock: now,
    }),
    sessions: new SessionService({
      queries: new PostgresSessionQueries(database),
      commands: new PostgresSessionCommands(database),
      pools,
      haveLocalMachines: (names) => poolQueries.haveLocalMachines(names),
      localMachines,
      clock: now,
    }),
    executions: new PostgresExecutionQueries(database),
    logs: new LogService(new PostgresLogs(database), live),
    secrets: new PostgresSecrets(database, new Cipher(key)),
    configs: new PostgresConfigs(database),
    async close() {
      await notifications.close();
      await database.$disconnect();
    },
  };
}

function composeEnvironments(
  database: PrismaClient,
  clusters: PostgresClusterQueries,
  localMachines: boolean,
  clock: () => number,
): EnvironmentService {
  const queries = new PostgresEnvironmentQueries(database);
  return new EnvironmentService({
    commands: new PostgresEnvironmentCommands(database),
    fleet: new FleetStore(database),
    views: () => clusters.environments(),
    details: () => queries.details(),
    cursors: () => queries.cursors(),
    hosts: () => workerHosts(database),
    plugins: () => queries.plugins(),
    tests: new PostgresConnectionTests(database),
    localProblem: localMachines ? null : LOCAL_NEEDS,
    clock,
    pause: (ms) => delay(ms),
  });
}

function composeClusters(database: PrismaClient, localMachines: boolean, clock: () => number): ClusterService {
  return new ClusterService({
    queries: new PostgresClusterQueries(database, effectivePolicy),
    commands: new PostgresClusterCommands(database),
    fleet: new FleetStore(database),
    validateSpec: (environment, spec) => validateSpec(environment, spec, localMachines),
    clock,
  });
}

interface InstallationSettings extends Pick<ProcessEnv, 'localMachines' | 'configFile'> {
  readonly database: PrismaClient;
  /** Those that a new environment may belong to. */
  readonly hosts: () => Promise<readonly WorkerHost[]>;
  readonly clock: () => number;
}

/** Environments and clusters as one file. The caller ends the connections. */
export function composeInstallation({
  database,
  localMachines,
  configFile,
  hosts,
  clock,
}: InstallationSettings): InstallationService {
  return new InstallationService({
    store: new PostgresInstallationStore(database),
    clusters: composeClusters(database, localMachines, clock),
    environments: new PostgresEnvironmentCommands(database),
    specProblem: (kind, spec) => specProblem(kind, spec, localMachines),
    localProblem: localMachines ? null : `it needs ${LOCAL_NEEDS}`,
    workerHost: async () => {
      const [host, ...others] = await hosts();
      if (host === undefined) return 'no worker runs now, and it belongs to the host of one';
      return others.length === 0 ? host : 'workers run on several hosts: start the one it belongs to with this file';
    },
    configured: async () => (configFile === null ? null : readConfigurationFile(configFile)),
    clock,
  });
}

export type Services = ReturnType<typeof composeWeb>;

const singleton = globalThis as { roundhouseWeb?: Services };

/** The services of this process. On `globalThis`, because Next loads a module once for each of its bundles. */
export function web(): Services {
  singleton.roundhouseWeb ??= composeWeb(env());
  return singleton.roundhouseWeb;
}

function effectivePolicy(record: ClusterRecord) {
  const { config, policy } = storedPlanning(record);
  return { effectivePolicy: policy, floor: floorOf(config, policy) };
}

const LOCAL_NEEDS = 'a console that listens on loopback only, or ROUNDHOUSE_LOCAL=on';

/** Whether the back end could start machines with this spec; the first thing that is wrong is said beside the field. */
function validateSpec({ kind }: Pick<EnvironmentRecord, 'kind'>, spec: Json, localMachines: boolean): void {
  if (kind === 'local' && !localMachines) {
    throw new DomainError('FORBIDDEN', { action: 'declare what runs on this host', needs: LOCAL_NEEDS });
  }
  const schema = specSchemaOf(kind);
  if (schema !== null) {
    const issue = schema.safeParse(spec).error?.issues[0];
    if (issue !== undefined)
      throw new DomainError('INVALID_INPUT', { field: ['spec', ...issue.path].join('.'), message: issue.message });
  } else if (spec === null || typeof spec !== 'object' || Array.isArray(spec)) {
    throw new DomainError('INVALID_INPUT', {
      field: 'spec',
      message: 'write an object, for example { "image": "checkout-api:1.4" }',
    });
  }
}

/** The same as words that follow a colon; null where nothing is wrong. */
function specProblem(kind: string, spec: Json, localMachines: boolean): string | null {
  try {
    validateSpec({ kind }, spec, localMachines);
    return null;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    if ('needs' in error.details) return `it needs ${error.details.needs}`;
    return 'field' in error.details ? `${error.details.field}: ${error.details.message}` : error.message;
  }
}

export interface WorkerSettings
  extends Pick<ProcessEnv, 'databaseUrl' | 'dataDirectory' | 'leaseTtlMs' | 'workerId' | 'executorCount' | 'key'> {
  readonly log: Logger;
  /** Whose plugins the worker tells of; absent: none. */
  readonly pluginsDirectory?: string | null;
  /** What the server's own file lets hooks do; absent: nothing. */
  readonly hooks?: HookRules;
  /** Wraps what crash tests must get between; the product passes none. */
  readonly wrap?: {
    readonly database?: (database: PrismaClient) => PrismaClient;
    readonly environment?: (environment: Environment) => Environment;
    readonly store?: (store: CycleStore, database: PrismaClient) => CycleStore;
    readonly sessions?: (store: SessionStore) => SessionStore;
    readonly executor?: (executor: Executor) => Executor;
  };
}

/** The loops of one worker process and what they stand on. `close()` ends its connections. */
export async function composeWorker({
  databaseUrl,
  dataDirectory,
  leaseTtlMs,
  workerId,
  executorCount,
  key,
  log,
  hooks = hooksSchema.parse({}),
  pluginsDirectory = null,
  wrap = {},
}: WorkerSettings) {
  const plain = createDatabase(databaseUrl);
  const database = wrap.database?.(plain) ?? plain;
  const pool = createPool(databaseUrl);
  const notifications = new Notifications(databaseUrl);
  const host = await hostId(dataDirectory);
  const fleet = new FleetStore(database);
  // Calls for one simulated cluster wait for each other, each holding a connection that nothing else may need.
  const simulated = createDatabase(databaseUrl);
  const calls = new BackEndCalls(plain, log);
  const plans = new PostgresPlanStore(plain);
  // Of real processes on this host it edits none.
  const clusters = composeClusters(plain, false, Date.now);
  const dependencies = new PostgresDependencies(plain, new Cipher(key));
  const stands = { dataDirectory, hooks, secretTexts: (names: readonly string[]) => dependencies.secretTexts(names) };
  const environmentOf = environments({ database: simulated, fleet, ...stands }, (environment, id) => {
    const seen = observed(environment, (call) => calls.record(id, call), Date.now);
    const held = reserved(seen, (clusterId) => holdsOf(plain, clusterId));
    return wrap.environment?.(held) ?? held;
  });
  const cycles = new PostgresCycleStore(database, leaseTtlMs);
  const leases = new Leases(pool, workerId, leaseTtlMs);
  const wakes = new Wakes();
  const sessions = new PostgresSessionStore(database);
  const executor = executors(fleet, {
    ...stands,
    dependenciesOf: async ({ id, workload }) => ({
      label: await sessions.labelOf(id),
      secrets: valuesOf(await dependencies.secrets(workload.secrets)),
      configs: valuesOf(await dependencies.configs(workload.configs)),
    }),
  });
  const orchestrator = new SessionOrchestrator({
    owner: workerId,
    hostId: host,
    ttlMs: leaseTtlMs,
    executorCount,
    leases,
    runner: new SessionRunner({
      store: wrap.sessions?.(sessions) ?? sessions,
      executor: wrap.executor?.(executor) ?? executor,
      redactorOf: async ({ workload }) => redactor([...(await dependencies.secrets(workload.secrets)).values()]),
      wakes,
      newId: () => newId('exe', Date.now()),
      clock: Date.now,
      random: Math.random,
      log,
    }),
    expireQueued: () => sessions.expireQueued(),
    orphans: sessions,
    executor,
    wakes,
    log,
  });
  const reservations = new PostgresReservations(database, { room: () => orchestrator.room, hostId: host });
  const upkeep = new PostgresPoolUpkeep(database);
  const keeper = new PoolKeeper({
    endWhatIsOver: () => upkeep.endWhatIsOver(),
    allocate: () => reservations.allocate(),
    sample: (at) => upkeep.sample(at),
    wakes,
    clock: Date.now,
    log,
  });
  const tests = new PostgresConnectionTests(plain);
  const tester = new ConnectionTester({
    take: () => tests.take(host),
    answer: (id, findings) => tests.answer(id, findings),
    stepsOf: (test) => connectionSteps(test, stands),
    stream: CONNECTION_TESTS,
    wakes,
    log,
  });
  let plugins: WatchedPlugins | null = null;
  const watch = new PluginWatch({
    directory: pluginsDirectory,
    watch: watchPlugins,
    async tell(found) {
      plugins = found;
      await workerSeen(plain, { ...identity, plugins });
      await appendEvents(plain, [changed('environments', 'plugins')]);
    },
    log,
  });
  const identity = { id: workerId, hostId: host, hostName: hostname(), version: process.version };
  const worker = new Worker({
    owner: workerId,
    hostId: host,
    ttlMs: leaseTtlMs,
    leases,
    wakes,
    loops: [orchestrator, keeper, tester, watch],
    notifications,
    fleet,
    recordObservations: (id, fence, observations) => fleet.recordObservations(id, fence, observations),
    pinSpec: ({ id, spec }, pinned) => clusters.edit(id, { spec: pinned }, PRODUCT, null, { spec, isCycling: false }),
    cycles: wrap.store?.(cycles, plain) ?? cycles,
    environmentOf,
    housekeeping: every(3_000, async () => {
      await workerSeen(plain, { ...identity, plugins });
      await calls.writeTraffic();
      await plans.expire();
      await prune(plain, Date.now());
    }),
    clock: Date.now,
    random: Math.random,
    refresh: (id) =>
      void requestRefresh(plain, id).catch((error: unknown) => log.warn({ error }, 'could not ask for a refresh')),
    log,
  });
  return {
    worker,
    database: plain,
    hostId: host,
    environmentOf,
    async close() {
      await calls.flush();
      await notifications.close();
      await pool.end();
      await simulated.$disconnect();
      await plain.$disconnect();
    },
  };
}

function valuesOf(values: ReadonlyMap<string, Uint8Array>): Dependencies {
  const manager = new Dependencies();
  manager.reset(values);
  return manager;
}

/** At most once in so many milliseconds, however often it is called. */
function every(ms: number, work: () => Promise<void>): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - last < ms) return;
    last = performance.now();
    await work();
  };
}
