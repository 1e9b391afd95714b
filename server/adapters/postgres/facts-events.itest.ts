import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ClusterView } from '../../contract/cluster.ts';
import { applyClusterEvent } from '../../contract/cluster-events.ts';
import type { CycleView } from '../../contract/cycle.ts';
import { applyClusterEventToCycle } from '../../contract/cycle-events.ts';
import { MAX_PATCHED } from '../../contract/instances-patch.ts';
import type { LiveEvent } from '../../contract/live.ts';
import type { Instance } from '../../domain/cluster/cluster.ts';
import { CYCLE_ACTIONS } from '../../domain/cycle/cycle-state.ts';
import { PostgresClusterQueries } from './cluster-queries.ts';
import { PostgresCycleQueries } from './cycle-queries.ts';
import { PostgresEventLog } from './event-log.ts';
import { FleetStore } from './fleet-store.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const NOW = Date.UTC(2026, 0, 1);
const FENCE = 3n;

let fresh: TestDatabase;
let fleet: FleetStore;
let clock: number;

beforeAll(async () => {
  fresh = await createTestDatabase();
  fleet = new FleetStore(fresh.database);
  clock = NOW;
  await fresh.database.environment.create({ data: { id: 'e', name: 'demo', kind: 'simulator', fence: FENCE } });
  const sizes = { minSize: 0, targetSize: 2, maxSize: 9 };
  await fresh.database.cluster.create({
    data: { id: 'c', environmentId: 'e', name: 'web', spec: {}, config: 'new', labels: {}, ...sizes },
  });
  await fresh.database.clusterConfig.createMany({
    data: ['older', 'old', 'new'].map((config, index) => ({
      clusterId: 'c',
      config,
      version: index + 1,
      spec: { index },
      createdAt: new Date(NOW - 60_000 + index),
    })),
  });
});
afterAll(() => fresh.drop());
beforeEach(() => record([]));

const queries = () => new PostgresClusterQueries(fresh.database, () => ({ effectivePolicy: {}, floor: 0 }));
const events = () => new PostgresEventLog(fresh.database);

/** Stores what was read, and answers when. */
async function record(instances: readonly Instance[]): Promise<number> {
  clock += 1_000;
  const bounds = { id: 'c', name: 'web', config: 'new', minSize: 0, maxSize: 9 };
  await fleet.recordObservations('e', FENCE, [
    { clusterId: 'c', readAt: clock, result: { cluster: { ...bounds, instances } } },
  ]);
  return clock;
}

/** The events of the cluster since a view of it was read. */
const since = (seq: string): Promise<readonly LiveEvent[]> => events().after({ 'cluster:c': seq }, 100);

const machine = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'new',
  createdAt: NOW - 60_000,
  updatedAt: null,
  workloads: [],
  ...facts,
});

const anyMachine = fc
  .record({
    id: fc.constantFrom('m-1', 'm-2', 'm-3', 'm-4'),
    state: fc.constantFrom('starting', 'started', 'draining', 'drained', 'terminating'),
    config: fc.constantFrom('older', 'old', 'new', 'undeclared'),
    createdAt: fc.constantFrom(null, NOW - 3_000, NOW - 2_000),
    updatedAt: fc.constantFrom(null, NOW - 500),
    workloads: fc.constantFrom(
      [],
      [{ name: 'session nightly', since: NOW, holder: { reservationId: 'r', sessionId: 's' } }],
    ),
  })
  .chain((facts) =>
    fc
      .record(
        {
          health: fc.constantFrom('healthy', 'unhealthy', 'unknown'),
          healthySince: fc.constantFrom(null, NOW - 1_000),
          zone: fc.constantFrom('a', 'b'),
          protection: fc.constantFrom('protected', 'standby'),
          token: fc.constantFrom('cyc/1/0'),
        },
        { requiredKeys: [] },
      )
      .map((optional) => ({ ...facts, ...optional })),
  );
const reads = fc.array(fc.uniqueArray(anyMachine, { selector: ({ id }) => id, minLength: 1 }), {
  minLength: 2,
  maxLength: 4,
});

test('a cluster that is patched by the events of its reads is the cluster that is read anew', async () => {
  let patched = 0;
  await fc.assert(
    fc.asyncProperty(reads, async (facts) => {
      let view: ClusterView = await queries().byId('c');
      for (const instances of facts) {
        await record(instances);
        const read = await queries().byId('c');
        for (const event of await since(view.seq)) {
          const next = applyClusterEvent(view, event);
          if (next !== 'refetch') patched += 1;
          view = next === 'refetch' ? read : next;
        }
        const { environmentSeq } = read;
        expect({ ...view, environmentSeq }).toEqual(read);
      }
    }),
    { numRuns: 8 },
  );
  expect(patched).toBeGreaterThan(5);
}, 120_000);

test('a cycle that is patched by the events of its cluster is the cycle that is read anew', async () => {
  const facts = { clusterId: 'c', environmentId: 'e' };
  const config = { drainTimeoutMs: 60_000 };
  const body = { cluster: { instances: [] }, config, policy: {}, environment: { id: 'e' } };
  const plan = { authorId: 'ada', fingerprint: 'f', body, state: 'approved', expiresAt: new Date() };
  await fresh.database.plan.create({ data: { id: 'p', ...facts, ...plan } });
  await fresh.database.cycle.create({ data: { id: 'cyc', planId: 'p', ...facts, state: 'running' } });
  await fresh.database.cycleInstance.createMany({
    data: ['m-1', 'm-2', 'm-3'].map((instanceId, index) => ({
      cycleId: 'cyc',
      instanceId,
      role: 'planned',
      drainExtensionMs: index * 1_000,
    })),
  });
  const cycles = new PostgresCycleQueries(fresh.database);
  const byId = async (): Promise<CycleView> => ({ ...(await cycles.byId('cyc')), actions: CYCLE_ACTIONS.running });
  let patched = 0;
  await fc.assert(
    fc.asyncProperty(reads, async (all) => {
      let view = await byId();
      for (const instances of all) {
        await record(instances);
        const read = await byId();
        for (const event of await since(view.clusterSeq)) {
          const next = applyClusterEventToCycle(view, event);
          if (next !== 'refetch') patched += 1;
          view = next === 'refetch' ? read : next;
        }
        const { environmentSeq } = read;
        expect({ ...view, environmentSeq }).toEqual(read);
      }
    }),
    { numRuns: 16 },
  );
  expect(patched).toBeGreaterThan(3);
}, 120_000);

test('an event names only what changed, and how many instances there are', async () => {
  await record([machine('m-1'), machine('m-2')]);
  const { seq } = await queries().byId('c');
  const at = await record([machine('m-1', { zone: 'b' }), machine('m-2')]);
  const [event] = await since(seq);
  expect(event?.body).toEqual({
    what: 'facts',
    observedAt: at,
    rows: 2,
    patch: { added: [], changed: [{ id: 'm-1', zone: 'b', seenAt: at }], gone: [] },
  });
});

test('what changes more than a patch may hold is told without one', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => machine(`m-${index}`));
  const { seq } = await queries().byId('c');
  await record(many(MAX_PATCHED));
  await record(many(2 * MAX_PATCHED + 1));
  const [first, second] = await since(seq);
  expect(first?.body.patch?.added).toHaveLength(MAX_PATCHED);
  expect(second?.body).toMatchObject({ rows: 2 * MAX_PATCHED + 1 });
  expect(second?.body.patch).toBeUndefined();
});

test('a cluster that can be read again is read anew', async () => {
  await record([machine('m-1')]);
  await fleet.recordObservations('e', FENCE, [{ clusterId: 'c', readAt: clock, result: { error: 'no answer' } }]);
  const { seq } = await queries().byId('c');
  await record([machine('m-1'), machine('m-2')]);
  expect((await since(seq)).map(({ body }) => body)).toEqual([{ what: 'facts' }]);
});
