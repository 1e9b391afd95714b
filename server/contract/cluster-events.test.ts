import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capacity } from '../domain/cycle/capacity.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';
import type { ClusterView, ConfigView } from './cluster.ts';
import { applyClusterEvent } from './cluster-events.ts';
import { changeOf, type InstancesPatch, mergePatches, type ObservedInstance } from './instances-patch.ts';
import type { LiveEvent } from './live.ts';

const NOW = Date.UTC(2026, 0, 1);
const POLICY: CyclePolicy = { minHealthyMs: 5_000 };
const versions: Readonly<Record<string, number>> = { old: 1, older: 2, new: 3 };

const instance: fc.Arbitrary<ObservedInstance> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    state: fc.constantFrom('starting', 'started', 'draining', 'drained', 'terminating'),
    config: fc.constantFrom('old', 'older', 'new', 'undeclared'),
    createdAt: fc.constantFrom(null, NOW - 3_000, NOW - 2_000),
    health: fc.constantFrom(null, 'healthy', 'unhealthy', 'unknown'),
    healthySince: fc.constantFrom(null, NOW - 10_000, NOW - 1_000),
    workloads: fc.constantFrom([], [{ name: 'a job', since: NOW }]),
    seenAt: fc.integer({ min: NOW - 100, max: NOW }),
  })
  .map((facts) => {
    const nothing = { updatedAt: null, zone: null, protection: null, closed: false, token: null };
    return { ...nothing, ...facts, stateSince: NOW - 500, version: versions[facts.config] ?? null };
  });
const cluster = fc.uniqueArray(instance, { selector: ({ id }) => id });

const configOf = (config: string): ConfigView => ({
  config,
  version: versions[config] ?? 0,
  spec: {},
  createdAt: NOW - 60_000,
  authorName: null,
});

/** The view that is read where these are the facts. */
function viewOf(facts: readonly ObservedInstance[], seq: string): ClusterView {
  const instances = facts
    .map((one) => ({ ...one, outdated: one.config !== 'new' }))
    .sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0) || (a.id < b.id ? -1 : 1));
  const outdated = instances.filter((one) => one.outdated);
  const declared = [...new Set(outdated.map(({ config }) => config))].filter((config) => config !== 'undeclared');
  const counted = instances.map(({ health, zone: _zone, protection: _protection, token: _token, ...one }) => ({
    ...one,
    ...(health === null ? {} : { health }),
  }));
  const bounds = { id: 'clu', name: 'web', config: 'new', minSize: 0, maxSize: 9 };
  const { at: _, inService, ...counts } = capacity({ ...bounds, instances: counted }, POLICY, NOW);
  return {
    ...bounds,
    environment: { id: 'env', name: 'demo', kind: 'simulator' },
    labels: {},
    autoscaling: null,
    targetSize: 3,
    size: instances.length,
    outdated: outdated.length,
    counts,
    driftSince: outdated.length === 0 ? null : NOW - 60_000,
    activeCycle: null,
    lastCycle: null,
    observedAt: Number(seq),
    observeError: null,
    spec: {},
    version: 3,
    storedPolicy: POLICY,
    effectivePolicy: POLICY,
    drainTimeoutMs: 0,
    inService,
    floor: 0,
    instances,
    outdatedConfigs: declared.map((config) => ({
      config: configOf(config),
      instances: outdated.filter((one) => one.config === config).length,
      changes: [],
    })),
    present: configOf('new'),
    isDisabled: false,
    blockedBecause: null,
    seq,
    environmentSeq: '1',
  };
}

function patchOf(before: readonly ObservedInstance[], after: readonly ObservedInstance[]): InstancesPatch {
  const known = new Map(before.map((one) => [one.id, one]));
  return {
    added: after.filter(({ id }) => !known.has(id)),
    changed: after.flatMap((one) => {
      const old = known.get(one.id);
      return old === undefined ? [] : [changeOf(old, one)];
    }),
    gone: before.filter(({ id }) => after.every((one) => one.id !== id)).map(({ id }) => id),
  };
}

const eventOf = (patch: InstancesPatch | undefined, seq: string): LiveEvent => ({
  stream: 'cluster:clu',
  seq,
  kind: 'changed',
  body: { what: 'facts', observedAt: Number(seq), ...(patch === undefined ? {} : { patch }) },
  at: NOW,
});

/** Configurations whose spec the view has no place for yet. */
function hasNewConfig(before: ClusterView, after: ClusterView): boolean {
  const known = new Set(before.outdatedConfigs.map(({ config }) => config.config));
  return after.outdatedConfigs.some(({ config }) => !known.has(config.config));
}

test('a view that is patched is the view that is read anew', () => {
  let patched = 0;
  fc.assert(
    fc.property(cluster, cluster, (before, after) => {
      const [view, read] = [viewOf(before, '1'), viewOf(after, '2')];
      const expected = hasNewConfig(view, read) ? 'refetch' : read;
      expect(applyClusterEvent(view, eventOf(patchOf(before, after), '2'))).toEqual(expected);
      if (expected !== 'refetch') patched += 1;
    }),
  );
  expect(patched).toBeGreaterThan(10);
});

test('patches that were merged do what they do one after the other, also to a view that has seen the first', () => {
  fc.assert(
    fc.property(cluster, cluster, cluster, (first, second, third) => {
      const merged = mergePatches(patchOf(first, second), patchOf(second, third));
      const read = viewOf(third, '3');
      for (const seen of [viewOf(first, '1'), viewOf(second, '2')]) {
        expect(applyClusterEvent(seen, eventOf(merged, '3'))).toEqual(hasNewConfig(seen, read) ? 'refetch' : read);
      }
    }),
  );
});

test('what a patch does not say is read again', () => {
  const view = viewOf([], '1');
  const nothing = eventOf({ added: [], changed: [], gone: [] }, '2');
  expect(applyClusterEvent(view, nothing)).toEqual({ ...view, observedAt: 2, seq: '2' });
  expect(applyClusterEvent(view, eventOf(undefined, '2'))).toBe('refetch');
  expect(applyClusterEvent({ ...view, observeError: 'no answer' }, nothing)).toBe('refetch');
  expect(applyClusterEvent({ ...view, observedAt: null }, nothing)).toBe('refetch');
  const unknown = eventOf({ added: [], changed: [{ id: 'x', state: 'draining' }], gone: [] }, '2');
  expect(applyClusterEvent(view, unknown)).toBe('refetch');
});
