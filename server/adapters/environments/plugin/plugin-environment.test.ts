import { expect, test } from 'vitest';
import type { Call } from '../../../domain/cycle/environment.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { ClusterCatalog, DeclaredCluster } from '../../../domain/instance/cluster-catalog.ts';
import type {
  Description,
  InstancePlugin,
  MachineFacts,
  MachineStatus,
  Spec,
} from '../../../domain/instance/plugin.ts';
import { PluginEnvironment } from './plugin-environment.ts';

const NOW = 1_000_000;
const never = new AbortController().signal;
const declared: DeclaredCluster = { id: 'c', name: 'web', config: 'v2', spec: { image: 'a' }, minSize: 1, maxSize: 5 };
const catalog: ClusterCatalog = { byId: async () => declared, byName: async () => declared };
const capabilities = { undrain: false, close: false, token: 'atomic', observesDrain: true } as const;
const throttled = new DomainError('ENVIRONMENT_THROTTLED', { environment: 'e', operation: 'o', retryAfterMs: 1 });
const refused = new DomainError('ENVIRONMENT_REFUSED', { environment: 'e', operation: 'o', message: 'no' });

function call(overrides: Partial<Call> = {}): Call {
  return { token: 'cycle/1/1', deadline: NOW + 60_000, signal: never, ...overrides };
}

/** Machines in memory, of which nothing is known but that they are there. */
class BarePlugin implements InstancePlugin {
  readonly machines = new Map<string, Spec>();

  async validate() {}
  async label() {}
  async provision(spec: Spec, _call: Call): Promise<string> {
    const id = `i-${spec.logicalId}`;
    this.machines.set(id, spec);
    return id;
  }
  async destroy(id: string): Promise<void> {
    this.machines.delete(id);
  }
  async describeInstances(labels: Readonly<Record<string, string>>): Promise<readonly Description[]> {
    return [...this.machines]
      .map(([id, { tags, logicalId }]) => ({ id, logicalId, tags, properties: null }))
      .filter(({ tags }) => Object.entries(labels).every(([name, value]) => tags[name] === value));
  }
}

function environmentOver(plugin: InstancePlugin & Partial<MachineStatus>): PluginEnvironment {
  return new PluginEnvironment('e', plugin, catalog, { clock: () => NOW, capabilities });
}

test('machines are provisioned with the declared spec, the tags, and logical ids that follow from the token', async () => {
  const plugin = new BarePlugin();
  await environmentOver(plugin).startInstances('c', 2, call());
  expect([...plugin.machines.values()]).toEqual(
    ['cycle/1/1#1', 'cycle/1/1#2'].map((logicalId) => ({
      properties: { image: 'a' },
      tags: { 'roundhouse.cluster': 'c', 'roundhouse.token': 'cycle/1/1', 'infrakit.config_sha': 'v2' },
      init: '',
      logicalId,
      attachments: [],
    })),
  );
});

test('a machine has the labels that its tags are, but for those of the product and of its plugins', async () => {
  const plugin = new BarePlugin();
  const tags = { 'roundhouse.cluster': 'c', 'infrakit.config_sha': 'v1', pool: 'a', 'team.infrakit': 'b' };
  await plugin.provision({ properties: null, tags, init: '', logicalId: 'one', attachments: [] }, call());
  const { instances } = await environmentOver(plugin).describeCluster('c', never);
  expect(instances.map(({ labels }) => labels)).toEqual([{ pool: 'a', 'team.infrakit': 'b' }]);
});

test('a plugin that tells nothing of its machines has started ones that cannot be drained', async () => {
  const environment = environmentOver(new BarePlugin());
  await environment.startInstances('c', 1, call());
  const { instances } = await environment.describeCluster('c', never);
  expect(instances).toMatchObject([{ id: 'i-cycle/1/1#1', state: 'started', health: 'unknown', createdAt: null }]);
  await expect(environment.drainInstances(['i-cycle/1/1#1'], call())).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  await environment.waitInstances('started', ['i-cycle/1/1#1'], never);
  await environment.terminateInstances(['i-cycle/1/1#1'], call());
  await environment.waitInstances('terminated', ['i-cycle/1/1#1'], never);
});

test('instances come by creation, then id, unknown creation last, and one that went meanwhile is left out', async () => {
  const times: Record<string, number | null | undefined> = { d: 1, c: 2, b: 2, a: null, gone: undefined };
  class Plugin extends BarePlugin implements MachineStatus {
    override async describeInstances() {
      return Object.keys(times).map((id) => ({ id, logicalId: null, tags: {}, properties: null }));
    }
    async status(ids: readonly string[]) {
      const facts = { state: 'draining', health: 'healthy', healthySince: 5, drainingSince: 7, workloads: [] } as const;
      const known = new Map<string, MachineFacts>();
      for (const id of ids) {
        const createdAt = times[id];
        if (createdAt !== undefined) known.set(id, { ...facts, createdAt });
      }
      return known;
    }
    async drain() {}
  }
  const { instances } = await environmentOver(new Plugin()).describeCluster('c', never);
  expect(instances.map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a']);
  expect(instances[0]).toMatchObject({ updatedAt: 7, healthySince: 5, config: '' });
});

test('no more than eight machines are ordered at once', async () => {
  let atOnce = 0;
  let most = 0;
  class Plugin extends BarePlugin {
    override async provision(spec: Spec, within: Call) {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return super.provision(spec, within);
    }
  }
  const plugin = new Plugin();
  await environmentOver(plugin).startInstances('c', 50, call());
  expect(plugin.machines.size).toBe(50);
  expect(most).toBe(8);
});

test.each([
  ['all were throttled', [throttled, throttled], { code: 'ENVIRONMENT_THROTTLED' }],
  ['only some were', [throttled, null], { code: 'ENVIRONMENT_UNAVAILABLE', cause: throttled }],
  ['one failure is fatal', [throttled, refused], { code: 'ENVIRONMENT_REFUSED' }],
])('throttling is passed on as "nothing took effect" only where that is true: %s', async (_, answers, thrown) => {
  const tried: string[] = [];
  class Plugin extends BarePlugin {
    override async destroy(id: string) {
      tried.push(id);
      const answer = answers[Number(id)];
      if (answer) throw answer;
    }
  }
  await expect(environmentOver(new Plugin()).terminateInstances(['0', '1'], call())).rejects.toMatchObject(thrown);
  expect(tried).toEqual(['0', '1']);
});

test('a plugin that never answers holds nobody up beyond the deadline, and is ordered nothing further', async () => {
  const signals: AbortSignal[] = [];
  class Plugin extends BarePlugin {
    override provision(_: Spec, within: Call): Promise<string> {
      signals.push(within.signal);
      return new Promise(() => {});
    }
  }
  const start = environmentOver(new Plugin()).startInstances('c', 20, call({ deadline: NOW + 20 }));
  await expect(start).rejects.toMatchObject({ code: 'CALL_DEADLINE', temporary: true });
  expect(signals).toHaveLength(8);
  expect(signals.every((signal) => signal.aborted)).toBe(true);
});
