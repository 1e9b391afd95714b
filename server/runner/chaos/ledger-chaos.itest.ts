import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loggedCallSchema } from '../../adapters/plugins/simulator/call-log.ts';
import { createTestDatabase, type TestDatabase } from '../../adapters/postgres/test-database.ts';
import { configOf } from '../../services/cluster-service.ts';
import { AUTHOR, NEW_SPEC, OLD_SPEC, type RigCluster, RunnerRig } from '../test-rig.ts';
import { bundleVictim, Herd } from './herd.ts';

let database: TestDatabase;
let rig: RunnerRig;
let dataDirectory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await RunnerRig.open(database, 60_000);
  dataDirectory = await mkdtemp(join(tmpdir(), 'roundhouse-ledger-chaos-'));
});
afterAll(async () => {
  await rig.close();
  await rm(dataDirectory, { recursive: true });
  await database.drop();
});

const TAKEN = 'autoscaling suspended, closed closed, protection none';
const PUT_BACK = 'autoscaling active, closed open, protection protected';
/** What a cycle writes into its ledger that drains a protected machine and is then stopped, in order. */
const WRITES = [
  ...[`intend ${TAKEN}`, `answered ${TAKEN}`, `changed ${TAKEN}`],
  ...[`intend ${PUT_BACK}`, `answered ${PUT_BACK}`, `restored ${PUT_BACK}`],
];
const POINTS = [
  ...WRITES.flatMap((write) => [`before ${write}`, `after ${write}`]),
  ...[`during ${TAKEN}`, `during ${PUT_BACK}`],
];

const old = {
  config: configOf(OLD_SPEC),
  spec: OLD_SPEC,
  condition: 'healthy',
  ageMs: [8_000_000, 9_000_000],
} as const;
const current = { ...old, config: configOf(NEW_SPEC), spec: NEW_SPEC } as const;
/** One machine drains and never ends draining, so all of them remain. */
const CLUSTER: RigCluster = {
  size: 5,
  groups: [
    { ...old, count: 2, protection: 'protected' },
    { ...current, count: 2, protection: 'standby' },
    { ...current, count: 1 },
  ],
  policy: {
    surge: 0,
    maxUnavailable: 1,
    canary: 1,
    bakeMs: 50,
    minHealthyMs: 20,
    onDrainTimeout: 'pause',
    protect: 'replace',
  },
  settings: { drainMs: [600_000, 600_000] },
  drainTimeoutMs: 600_000,
};

const WORKERS = 2;
const CYCLES_AT_ONCE = 3;

interface Outcome {
  /** Of the cluster and of each of its machines. */
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  /** What settings were set to by calls that took effect, each value once. */
  readonly ordered: readonly string[];
  /** What became of the entries of the ledger. */
  readonly entries: readonly string[];
  /** How often the ledger was written. */
  readonly writes: number;
}

/** A cycle of a cluster of its own that a person stops, when a machine drains or, where that is sooner, as soon as `isEnough`. */
async function stoppedCycle(isEnough: () => boolean): Promise<Outcome> {
  const clusterId = await rig.cluster(CLUSTER);
  const before = await rig.settings(clusterId);
  const cycleId = await rig.cycle(clusterId);
  await rig.until(
    async () =>
      isEnough() || (await rig.database.intent.count({ where: { cycleId, kind: 'drain', outcome: 'done' } })) > 0,
  );
  await rig.services.cycles.act(cycleId, 'stop-now', AUTHOR, 'chaos');
  await rig.until(async () => (await rig.database.cycle.count({ where: { id: cycleId, state: 'aborted' } })) > 0);
  const stream = `cycle:${cycleId}`;
  const [after, calls, entries, writes] = await Promise.all([
    rig.settings(clusterId),
    rig.database.simCall.findMany({ where: { clusterId, operation: 'configure', effect: true } }),
    rig.database.restoreEntry.findMany({ where: { cycleId } }),
    rig.database.event.count({ where: { stream, body: { equals: { what: 'settings' } } } }),
  ]);
  const settings = calls.flatMap((call) => loggedCallSchema.parse(call).detail.settings ?? []);
  return {
    before,
    after,
    ordered: [...new Set(settings.map(({ name, value }) => `${name} ${value}`))].sort(),
    entries: [...new Set(entries.map(({ setting, outcome }) => `${setting} ${outcome}`))].sort(),
    writes,
  };
}

test('a kill before and after each write of the ledger, and during each of its calls, leaves no setting of a stopped cycle changed', async () => {
  const herd = new Herd({
    databaseUrl: database.url,
    dataDirectory,
    program: await bundleVictim(),
    ttlMs: 3_000,
    crashes: POINTS.map((point) => ({ kind: 'ledger' as const, point })).values(),
    mutant: false,
    say: () => undefined,
  });
  const outcomes: Outcome[] = [];
  let begun = 0;
  const cycleUntilAllHaveDied = async () => {
    while (herd.kills < POINTS.length) {
      // One goes on after a kill, the next is stopped at it.
      const goesOn = begun++ % 2 === 0;
      const kills = herd.kills;
      outcomes.push(await stoppedCycle(() => !goesOn && herd.kills > kills));
    }
  };
  try {
    herd.keep(WORKERS);
    await Promise.all(Array.from({ length: CYCLES_AT_ONCE }, cycleUntilAllHaveDied));
    const undisturbed = await stoppedCycle(() => false);

    expect([...herd.deaths].sort()).toEqual([...POINTS].sort());
    for (const { before, after, entries } of [...outcomes, undisturbed]) {
      expect(after).toEqual(before);
      for (const entry of entries) expect(entry).toMatch(/ restored$/);
    }
    // Every setting was really given another value and its own again, by writes of which none is missing above.
    expect(undisturbed.ordered).toEqual(`${TAKEN}, ${PUT_BACK}`.split(', ').sort());
    expect(undisturbed.entries).toEqual(['autoscaling restored', 'closed restored', 'protection restored']);
    expect(undisturbed.writes).toBe(WRITES.length);
  } finally {
    await herd.stop();
  }
}, 180_000);
