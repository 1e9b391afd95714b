import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { LocalSpec } from '../../../contract/local-spec.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { DomainError } from '../../../domain/errors.ts';
import { canonical } from '../../../domain/instance/canonical.ts';
import type { ClusterCatalog, DeclaredCluster } from '../../../domain/instance/cluster-catalog.ts';
import type { Spec } from '../../../domain/instance/plugin.ts';
import type { DrainPace, Rig } from '../../environments/conformance.ts';
import { PluginEnvironment } from '../../environments/plugin/plugin-environment.ts';
import { openInstallation } from './installation.ts';
import { LOCAL_CAPABILITIES, LocalPlugin } from './local-plugin.ts';
import { machineStateSchema } from './machine-files.ts';
import { isAlive, processesWithEnvironment, signalProcess } from './programs/process-identity.mjs';

const ENVIRONMENT_ID = 'rig';
const never = new AbortController().signal;

const PACES: Record<DrainPace, LocalSpec['jobs']> = {
  quick: { atOnce: 0, durationMs: 1_000 },
  slow: { atOnce: 2, durationMs: 1_000 },
  stuck: { atOnce: 1, durationMs: 3_600_000 },
};

/** A rig of real processes, with what tests of the local back end need beyond the conformance suite. */
export interface LocalRig extends Rig {
  readonly dataDirectory: string;
  readonly plugin: LocalPlugin;
  /** Ends the supervisor with SIGKILL; its program lives on. */
  killSupervisor(id: string): Promise<void>;
  directory(id: string): string;
  /** Processes of machines of this rig that live. */
  processes(): Promise<readonly number[]>;
}

class LossyPlugin extends LocalPlugin {
  lose: Call | 'next' | null = null;

  override async provision(spec: Spec, call: Call): Promise<string> {
    if (this.lose === 'next') this.lose = call;
    const id = await super.provision(spec, call);
    if (this.lose === call)
      throw new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: 'rig', operation: 'provision' });
    return id;
  }
}

/** Clusters that a test declares. */
class TestCatalog implements ClusterCatalog {
  readonly clusters = new Map<string, Omit<DeclaredCluster, 'config'>>();

  async byId(id: string): Promise<DeclaredCluster> {
    const cluster = this.clusters.get(id);
    if (!cluster) throw new DomainError('CLUSTER_UNKNOWN', { id });
    return { ...cluster, config: createHash('sha256').update(canonical(cluster.spec)).digest('hex') };
  }

  async byName(name: string): Promise<DeclaredCluster> {
    const found = [...this.clusters.values()].find((cluster) => cluster.name === name);
    return this.byId(found?.id ?? name);
  }
}

export async function localRig(): Promise<LocalRig> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'roundhouse-local-'));
  const plugin = new LossyPlugin({ environmentId: ENVIRONMENT_ID, dataDirectory });
  const catalog = new TestCatalog();
  const spec: LocalSpec = { version: '1', command: [], env: {}, jobs: PACES.quick, startDelayMs: 0, probe: null };
  const declare = (changed: LocalSpec) => {
    for (const name of ['web', 'api']) {
      catalog.clusters.set(`c-${name}`, { id: `c-${name}`, name, spec: changed, minSize: 0, maxSize: 12 });
    }
  };
  declare(spec);
  const environment = new PluginEnvironment('local', plugin, catalog, {
    clock: Date.now,
    capabilities: LOCAL_CAPABILITIES,
  });

  const directory = (id: string) => path.join(dataDirectory, 'local', ENVIRONMENT_ID, 'machines', id);
  const read = async (id: string, name: string) => JSON.parse(await readFile(path.join(directory(id), name), 'utf8'));
  const killProgram = async (id: string) => {
    const { program } = machineStateSchema.parse(await read(id, 'state.json'));
    if (!program) return;
    signalProcess(program, 'SIGKILL', { group: true, uid: null });
    while (isAlive(program)) await sleep(5);
  };
  const killSupervisor = async (id: string) => {
    const supervisor = await read(id, 'supervisor.json');
    signalProcess(supervisor, 'SIGKILL', { group: false, uid: null });
    while (isAlive(supervisor)) await sleep(5);
  };
  const processes = async () => {
    const marks = await readdir(path.join(dataDirectory, 'local', ENVIRONMENT_ID, 'marks')).catch(() => []);
    const ids = new Set(marks.map((mark) => path.parse(mark).name));
    if (process.platform !== 'linux') return processesNaming(dataDirectory);
    return [...ids].flatMap((id) => processesWithEnvironment(`ROUNDHOUSE_MACHINE=${id}`));
  };

  return {
    environment,
    clusterId: 'c-web',
    clusterName: 'web',
    otherClusterId: 'c-api',
    now: Date.now,
    moment: () => sleep(50),
    patience: 400,
    async changeSpec() {
      declare({ ...spec, version: '2' });
      return (await catalog.byId('c-web')).config;
    },
    async setDrainPace(pace) {
      declare({ ...spec, jobs: PACES[pace] });
    },
    async loseNextAnswer() {
      plugin.lose = 'next';
    },
    killInstance: killProgram,
    async removeInstance(id) {
      const { socket } = await read(id, 'identity.json');
      await killSupervisor(id);
      await killProgram(id);
      await rm(directory(id), { recursive: true });
      await rm(socket);
    },
    async close() {
      await plugin.destroyAll({ token: 'close', deadline: Date.now() + 20_000, signal: AbortSignal.timeout(20_000) });
      const left = await processes();
      const { sockets } = await openInstallation(dataDirectory);
      const leftSockets = await readdir(sockets);
      await rm(sockets, { recursive: true });
      await rm(dataDirectory, { recursive: true });
      return [...left.map((pid) => `process ${pid}`), ...leftSockets];
    },
    dataDirectory,
    plugin,
    killSupervisor,
    directory,
    processes,
  };
}

/** Where environments cannot be read: the bundled programs are started by their path, which lies in the data directory. */
async function processesNaming(text: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(line, 10));
}

/** A call that nobody cancels. */
export function testCall(token = 'test'): Call {
  return { token, deadline: Date.now() + 20_000, signal: never };
}
