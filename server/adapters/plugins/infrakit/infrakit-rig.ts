import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createConnection, createServer as createProxy } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HookRules } from '../../../contract/hooks.ts';
import { type InfrakitSettings, infrakitSettingsSchema } from '../../../contract/infrakit-settings.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { ClusterCatalog, DeclaredCluster } from '../../../domain/instance/cluster-catalog.ts';
import type { Description, InstancePlugin, Spec } from '../../../domain/instance/plugin.ts';
import type { DrainPace, Rig } from '../../environments/conformance.ts';
import { PluginEnvironment } from '../../environments/plugin/plugin-environment.ts';
import { InfrakitPlugin, infrakitCapabilities } from './infrakit-plugin.ts';
import { type InfrakitServer, serveInfrakit } from './infrakit-server.ts';

interface ForeignMachine extends Description {
  readonly pace: DrainPace;
  readonly startedAt: number;
  drainedAt: number | null;
  dead: boolean;
}

const DRAIN_MS: Record<DrainPace, number> = { quick: 0, slow: 1_000, stuck: Number.POSITIVE_INFINITY };
const START_MS = 30;

/**
 * A plugin such as others write: each provision makes a machine, ids and the order of lists are left to chance, a
 * machine that lacks a label matches it, and a machine that is not there is an error.
 */
export class ForeignPlugin implements InstancePlugin {
  readonly machines = new Map<string, ForeignMachine>();
  pace: DrainPace = 'quick';
  provisions = 0;

  async validate() {}

  async provision({ properties, tags, logicalId }: Spec, { signal }: Call): Promise<string> {
    await sleep(2);
    signal.throwIfAborted();
    this.provisions += 1;
    const id = `instance-${randomInt(2 ** 47)}`;
    const startedAt = Date.now() + START_MS;
    const machine = { id, logicalId, tags, properties, pace: this.pace, startedAt, drainedAt: null, dead: false };
    this.machines.set(id, machine);
    return id;
  }

  async label(id: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const machine = this.#get(id);
    this.machines.set(id, { ...machine, tags: { ...machine.tags, ...labels } });
  }

  async destroy(id: string): Promise<void> {
    this.#get(id);
    this.machines.delete(id);
  }

  async describeInstances(labels: Readonly<Record<string, string>>): Promise<readonly Description[]> {
    return [...this.machines.values()]
      .filter(({ tags }) => Object.entries(labels).every(([name, value]) => (tags[name] ?? value) === value))
      .map((machine) => ({ machine, chance: randomInt(1_000_000) }))
      .sort((a, b) => a.chance - b.chance)
      .map(({ machine: { id, logicalId, tags, properties } }) => ({ id, logicalId, tags, properties }));
  }

  isHealthy(id: string): boolean {
    const machine = this.machines.get(id);
    return machine !== undefined && !machine.dead && machine.startedAt <= Date.now();
  }

  /** What its drain hook is asked. */
  drained(action: string, id: string): boolean {
    const machine = this.machines.get(id);
    if (machine === undefined) return true;
    if (action === 'drain') machine.drainedAt ??= Date.now() + DRAIN_MS[machine.pace];
    return machine.dead || (machine.drainedAt ?? Number.POSITIVE_INFINITY) <= Date.now();
  }

  #get(id: string): ForeignMachine {
    const machine = this.machines.get(id);
    if (machine === undefined) throw new Error(`remove /instances/${id}: no such file or directory`);
    return machine;
  }
}

/** Answers probes (`GET /<id>`) and drain hooks (`POST /<id>`) for the machines of a plugin. */
export async function serveMachines(
  plugin: ForeignPlugin,
): Promise<{ readonly server: Server; readonly host: string }> {
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      const id = decodeURIComponent(request.url?.slice(1) ?? '');
      response.writeHead(plugin.isHealthy(id) ? 200 : 503).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { action, instance } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    response.end(JSON.stringify({ drained: plugin.drained(action, instance.id) }));
  });
  return { server, host: `127.0.0.1:${await listening(server)}` };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** What lies between a client and a server, and can lose the answer to a provision. */
async function lossyLink(from: string, to: string) {
  const link = { loseNext: false, server: createProxy() };
  link.server.on('connection', (client) => {
    const upstream = createConnection(to);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on('error', end).on('close', end);
    upstream.on('error', end).on('close', end);
    let asked = '';
    client.on('data', (chunk) => {
      asked += chunk.toString('utf8');
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      const lost = link.loseNext && asked.includes('Instance.Provision');
      if (lost) link.loseNext = false;
      if (lost) end();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => link.server.listen(from, resolve));
  return link;
}

export interface InfrakitRig extends Rig {
  readonly plugin: ForeignPlugin;
  readonly settings: InfrakitSettings;
  readonly hooks: HookRules;
  readonly directory: string;
}

/** Who speaks for a plugin. */
export interface Voice {
  /** That its plugin is asked by; the empty type is that of a server with one plugin. */
  readonly type: string;
  serve(socket: string, plugin: ForeignPlugin): Promise<InfrakitServer>;
}

const ourOwn: Voice = {
  type: 'vm',
  serve: (socket, plugin) => serveInfrakit(socket, { plugins: new Map([['vm', plugin]]) }),
};

/** A foreign plugin, driven by our own client. */
export async function infrakitRig({ type, serve } = ourOwn): Promise<InfrakitRig> {
  const directory = await mkdtemp(path.join(tmpdir(), 'rh-infrakit-'));
  const plugin = new ForeignPlugin();
  const { server: machines, host } = await serveMachines(plugin);
  const server = await serve(path.join(directory, 'foreign'), plugin);
  const address = path.join(directory, 'link');
  const link = await lossyLink(address, path.join(directory, 'foreign'));
  const settings = infrakitSettingsSchema.parse({
    address,
    type,
    probe: { url: `http://${host}/{id}` },
    minimumAgeMs: 20_000,
    drainHook: { url: `http://${host}/{id}` },
  });
  const hooks = { commands: {}, reach: [host] };
  let version = 1;
  const declared = (): DeclaredCluster[] =>
    ['web', 'api'].map((name) => ({
      id: `c-${name}`,
      name,
      config: `v${version}`,
      spec: { image: `web:${version}` },
      minSize: 0,
      maxSize: 12,
    }));
  const environment = new PluginEnvironment(
    'infrakit',
    new InfrakitPlugin({ name: 'infrakit', settings, hooks }),
    catalogOf(declared),
    { clock: Date.now, capabilities: infrakitCapabilities(settings) },
  );
  return {
    environment,
    plugin,
    settings,
    hooks,
    directory,
    clusterId: 'c-web',
    clusterName: 'web',
    otherClusterId: 'c-api',
    now: Date.now,
    moment: () => sleep(20),
    patience: 400,
    async changeSpec() {
      version += 1;
      return `v${version}`;
    },
    async setDrainPace(pace) {
      plugin.pace = pace;
    },
    async loseNextAnswer() {
      link.loseNext = true;
    },
    async killInstance(id) {
      const machine = plugin.machines.get(id);
      if (machine) machine.dead = true;
    },
    async removeInstance(id) {
      plugin.machines.delete(id);
    },
    async close() {
      await server.close();
      await new Promise((resolve) => link.server.close(resolve));
      machines.closeAllConnections();
      await new Promise((resolve) => machines.close(resolve));
      await rm(directory, { recursive: true });
      return [];
    },
  };
}

function catalogOf(declared: () => readonly DeclaredCluster[]): ClusterCatalog {
  const find = async (sought: string, key: 'id' | 'name') => {
    const cluster = declared().find((each) => each[key] === sought);
    if (!cluster) throw new DomainError('CLUSTER_UNKNOWN', { id: sought });
    return cluster;
  };
  return { byId: (id) => find(id, 'id'), byName: (name) => find(name, 'name') };
}
