import { afterAll, beforeAll } from 'vitest';
import { type SimulatorSettings, simulatorSettingsSchema } from '../../../contract/simulator-settings.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { ClusterCatalog, DeclaredCluster } from '../../../domain/instance/cluster-catalog.ts';
import { type DrainPace, environmentConformance, type Rig } from '../../environments/conformance.ts';
import { PluginEnvironment } from '../../environments/plugin/plugin-environment.ts';
import { reserved } from '../../environments/reserved.ts';
import { holdsOf } from '../../postgres/holds.ts';
import { createTestDatabase, type TestDatabase } from '../../postgres/test-database.ts';
import { SimulatorPlugin } from './simulator-plugin.ts';
import { SimulatorWorld } from './simulator-world.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await createTestDatabase();
});
afterAll(() => tested.drop());

const MOMENT_MS = 100;
const settings = simulatorSettingsSchema.parse({ startMs: [200, 400], drainMs: [100, 300], terminateMs: [100, 300] });
const PACES: Record<DrainPace, SimulatorSettings> = {
  quick: settings,
  slow: { ...settings, drainMs: [1_000, 1_200], workloads: [2, 3] },
  stuck: { ...settings, faults: { ...settings.faults, stuckDrain: 1 } },
};

let worlds = 0;

/** A world on a clock of its own, which a test moves on where it would have to wait. */
async function setUp(): Promise<Rig> {
  worlds += 1;
  const environmentId = `environment-${worlds}`;
  let skippedMs = 0;
  const now = () => Date.now() + skippedMs;
  let pace: DrainPace = 'quick';
  let version = 1;
  const declare = (id: string): DeclaredCluster => ({
    id,
    name: `name of ${id}`,
    config: `v${version}`,
    spec: { image: `checkout-api:1.${version}` },
    minSize: 1,
    maxSize: 10,
  });
  const declared = () => [declare(`first-${worlds}`), declare(`second-${worlds}`)];
  const world = new SimulatorWorld(tested.database, environmentId);
  const plugin = new SimulatorPlugin({
    database: tested.database,
    environmentId,
    name: 'simulated',
    get settings() {
      return PACES[pace];
    },
    clock: now,
    fault: world.fault,
  });
  return {
    environment: new PluginEnvironment('simulated', plugin, catalogOf(declared), {
      clock: now,
      capabilities: {
        undrain: true,
        close: true,
        suspend: true,
        unprotect: true,
        token: 'atomic',
        observesDrain: true,
      },
    }),
    clusterId: `first-${worlds}`,
    clusterName: `name of first-${worlds}`,
    otherClusterId: `second-${worlds}`,
    patience: 50,
    now,
    async moment() {
      skippedMs += MOMENT_MS;
    },
    async changeSpec() {
      version += 1;
      return `v${version}`;
    },
    async setDrainPace(wanted) {
      pace = wanted;
    },
    async loseNextAnswer() {
      world.strikeNext('lost-answer');
    },
    killInstance: (id) => world.kill(id, now()),
    removeInstance: (id) => world.remove(id, now()),
    close: async () => [],
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

environmentConformance('simulator', setUp);

environmentConformance('the simulator, as those see it who mind reservations', async () => {
  const rig = await setUp();
  const environment = reserved(rig.environment, (clusterId) => holdsOf(tested.database, clusterId));
  return { ...rig, environment };
});
