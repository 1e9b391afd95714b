import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostId } from '../../adapters/plugins/local/installation.ts';
import { LocalPlugin } from '../../adapters/plugins/local/local-plugin.ts';
import { removeMachines } from '../../adapters/plugins/local/remove-machines.ts';
import { createTestDatabase, type TestDatabase } from '../../adapters/postgres/test-database.ts';
import { composeWeb } from '../../compose.ts';
import { localSpecSchema } from '../../contract/local-spec.ts';
import type { Viewer } from '../../contract/people.ts';
import { TAGS } from '../../domain/instance/plugin.ts';
import { configOf } from '../../services/cluster-service.ts';
import { bundleVictim, crashesInTurn, Herd } from './herd.ts';

let database: TestDatabase;
let dataDirectory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDirectory = await mkdtemp(join(tmpdir(), 'roundhouse-local-chaos-'));
});

afterAll(async () => {
  await removeMachines(dataDirectory);
  await rm(dataDirectory, { recursive: true });
  await database.drop();
});

const PERSON: Viewer = { id: 'chaos', name: 'Chaos', email: 'chaos@example.org', role: 'administrator' };
const ENVIRONMENT = 'env_local_chaos';
const CLUSTER = 'clu_local_chaos';
const SIZE = 3;
const KILLS = 3;
const running = localSpecSchema.parse({ version: '1', jobs: { atOnce: 1, durationMs: 100 } });
const declared = localSpecSchema.parse({ ...running, version: '2' });

test('real machines are replaced once each while their workers are killed, and the floor holds in the world itself', async () => {
  const plugin = new LocalPlugin({ environmentId: ENVIRONMENT, dataDirectory });
  const call = { token: 'seed', deadline: Date.now() + 30_000, signal: AbortSignal.timeout(30_000) };
  for (let ordinal = 1; ordinal <= SIZE; ordinal += 1) {
    const tags = { [TAGS.cluster]: CLUSTER, [TAGS.config]: configOf(running) };
    await plugin.provision(
      { properties: running, tags, init: '', logicalId: `seed/${ordinal}`, attachments: [] },
      call,
    );
  }
  await declare();
  const services = composeWeb({
    databaseUrl: database.url,
    key: new Uint8Array(32),
    publicUrl: 'http://127.0.0.1:1',
    trustedProxies: [],
    localMachines: true,
  });
  const options = {
    databaseUrl: database.url,
    dataDirectory,
    program: await bundleVictim(),
    ttlMs: 3_000,
    mutant: false,
    say: () => undefined,
  };
  const kinds = ['answer-received', 'intent-before', 'result-stored'] as const;
  const herd = new Herd({ ...options, crashes: crashesInTurn({ kinds, within: 2 }) });
  const world = new World(plugin);
  try {
    herd.keep(1);
    await until(
      () => database.database.instance.count({ where: { clusterId: CLUSTER, health: 'healthy' } }),
      (healthy) => healthy === SIZE,
    );
    const { fingerprint, checks, floor } = await services.plans.preview(CLUSTER, {}, AbortSignal.timeout(10_000));
    const ticked = checks.map((check) => check.id);
    const planId = await services.plans.create(
      { clusterId: CLUSTER, knobs: {}, fingerprint, ticked, comment: '' },
      PERSON,
      'test',
    );
    await services.plans.approve({ planId, fingerprint, comment: '' }, PERSON, 'test', AbortSignal.timeout(10_000));
    await until(
      async () => {
        await world.look();
        if (herd.kills >= KILLS) herd.spare();
        return (await database.database.cycle.findFirstOrThrow()).state;
      },
      (state) => state === 'completed',
    );
    await herd.stop();

    expect(herd.kills).toBeGreaterThanOrEqual(KILLS);
    expect(world.leastInService).toBeGreaterThanOrEqual(floor);
    const intents = await database.database.intent.findMany({ where: { kind: 'start' } });
    const ordered = new Map(intents.map((intent) => [intent.token, intent.count]));
    for (const [token, ids] of world.startedBy) expect(ids.size, token).toBeLessThanOrEqual(ordered.get(token) ?? 0);
    const left = await plugin.describeInstances({ [TAGS.cluster]: CLUSTER }, false, AbortSignal.timeout(10_000));
    expect(left.map((machine) => machine.tags[TAGS.config])).toEqual(
      Array.from({ length: SIZE }, () => configOf(declared)),
    );
  } finally {
    await herd.stop();
    await services.close();
  }
}, 180_000);

async function declare(): Promise<void> {
  await database.database.environment.create({
    data: { id: ENVIRONMENT, name: 'local', kind: 'local', hostId: await hostId(dataDirectory), selfApproval: true },
  });
  await database.database.cluster.create({
    data: {
      id: CLUSTER,
      environmentId: ENVIRONMENT,
      name: 'web',
      spec: declared,
      config: configOf(declared),
      minSize: 2,
      targetSize: SIZE,
      maxSize: SIZE + 1,
      policy: { surge: 1, maxUnavailable: 1, canary: 1, bakeMs: 200, minHealthyMs: 100, onDrainTimeout: 'pause' },
    },
  });
  await database.database.clusterConfig.createMany({
    data: [running, declared].map((spec, index) => ({
      clusterId: CLUSTER,
      config: configOf(spec),
      version: index + 1,
      spec,
    })),
  });
}

/** The machines as they are, seen past everything that the product remembers. */
class World {
  readonly #plugin: LocalPlugin;
  readonly startedBy = new Map<string, Set<string>>();
  leastInService = Number.POSITIVE_INFINITY;

  constructor(plugin: LocalPlugin) {
    this.#plugin = plugin;
  }

  async look(): Promise<void> {
    const signal = AbortSignal.timeout(10_000);
    const machines = await this.#plugin.describeInstances({ [TAGS.cluster]: CLUSTER }, false, signal);
    for (const { id, tags } of machines) {
      const token = tags[TAGS.token];
      if (token !== undefined) this.startedBy.set(token, (this.startedBy.get(token) ?? new Set()).add(id));
    }
    const facts = await this.#plugin.status(
      machines.map((machine) => machine.id),
      signal,
    );
    const serving = [...facts.values()].filter((one) => one.state === 'started' && one.health === 'healthy').length;
    this.leastInService = Math.min(this.leastInService, serving);
  }
}

async function until<T>(look: () => Promise<T>, isEnough: (seen: T) => boolean): Promise<void> {
  const limit = Date.now() + 120_000;
  for (;;) {
    const seen = await look();
    if (isEnough(seen)) return;
    if (Date.now() > limit) throw new Error(`still ${String(seen)}`);
    await delay(50);
  }
}
