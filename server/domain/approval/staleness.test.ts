import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { explain } from '../cycle/explain.ts';
import type { CyclePolicy } from '../cycle/policy.ts';
import type { TaskConfig } from '../cycle/task.ts';
import { fingerprint, type PlanBasis, planBasis } from './fingerprint.ts';
import { staleness } from './staleness.ts';

const NOW = Date.UTC(2026, 0, 1);

interface Facts {
  readonly cluster: Cluster;
  readonly config: TaskConfig;
  readonly policy: CyclePolicy;
}

const old = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'old',
  createdAt: NOW - 3_600_000,
  updatedAt: null,
  health: 'healthy',
  ...facts,
});

const FROZEN: Facts = {
  cluster: {
    id: 'c',
    name: 'web',
    config: 'new-config',
    minSize: 1,
    maxSize: 9,
    instances: [old('m-1'), old('m-2'), old('m-3', { config: 'new-config' })],
  },
  config: { targetSize: 3, minSize: 2, maxSize: 4, drainTimeoutMs: 60_000 },
  policy: { surge: 1, maxUnavailable: 1, order: ['oldest'] },
};

const text = (basis: PlanBasis) => fingerprint(basis, (canonical) => canonical);

function basisOf({ cluster, config, policy }: Facts): PlanBasis {
  return planBasis(cluster, config, policy, explain(cluster, config, policy, NOW).decisions);
}

function compare(frozen: Facts, present: Facts) {
  return staleness(
    { basis: basisOf(frozen), instances: frozen.cluster.instances },
    { basis: basisOf(present), cluster: present.cluster },
  );
}

/** The frozen facts, with the instances changed. */
const withInstances = (change: (instances: readonly Instance[]) => readonly Instance[]): Facts => ({
  ...FROZEN,
  cluster: { ...FROZEN.cluster, instances: change(FROZEN.cluster.instances) },
});

/** The frozen facts, with the first instance, which is replaced, changed. */
const withFirst = (facts: Partial<Instance>) =>
  withInstances(([first, ...rest]) => [...(first === undefined ? [] : [{ ...first, ...facts }]), ...rest]);

describe('is material, and said', () => {
  const sizes: Record<keyof TaskConfig, [number, string]> = {
    targetSize: [4, 'target is 4, was 3'],
    minSize: [1, 'min is 1, was 2'],
    maxSize: [5, 'max is 5, was 4'],
    drainTimeoutMs: [1_000, 'drain timeout in ms is 1000, was 60000'],
  };

  test.each(Object.entries(sizes))('another %s', (field, [value, sentence]) => {
    const { verdict, changes } = compare(FROZEN, { ...FROZEN, config: { ...FROZEN.config, [field]: value } });
    expect(verdict).toBe('material');
    expect(changes).toContainEqual({ material: true, sentence });
  });

  const policies: { readonly [Key in keyof CyclePolicy]-?: NonNullable<CyclePolicy[Key]> } = {
    surge: 0,
    maxUnavailable: 0,
    batch: 1,
    canary: 1,
    bakeMs: 1,
    order: [],
    protect: 'wait',
    onDrainTimeout: 'skip',
    minHealthyMs: 1,
  };

  test.each(Object.entries(policies))('another %s', (field, value) => {
    const { verdict, changes } = compare(FROZEN, { ...FROZEN, policy: { ...FROZEN.policy, [field]: value } });
    expect(verdict).toBe('material');
    expect(changes).toContainEqual({ material: true, sentence: 'the policy was changed' });
  });

  test.each<[string, Facts, string]>([
    [
      'another target configuration',
      { ...FROZEN, cluster: { ...FROZEN.cluster, config: 'newer-config' } },
      'the target configuration is newer-c, was new-con',
    ],
    ['an instance to replace is gone', withInstances((all) => all.slice(1)), 'm-1 would no longer be touched'],
    ['an instance to replace is current by now', withFirst({ config: 'new-config' }), 'm-1 would no longer be touched'],
    ['an instance to replace leaves already', withFirst({ state: 'draining' }), 'm-1 would no longer be touched'],
    ['another outdated instance', withInstances((all) => [...all, old('m-4')]), 'm-4 would now be replaced'],
    ['another machine of the same name', withFirst({ createdAt: NOW }), 'm-1 is another machine of the same name'],
    ['an instance of another age than none', withFirst({ createdAt: null }), 'm-1 is another machine of the same name'],
    ['an instance runs what it did not', withFirst({ config: 'older' }), 'm-1 runs another configuration than before'],
  ])('%s', (_, present, sentence) => {
    const { verdict, changes } = compare(FROZEN, present);
    expect(verdict).toBe('material');
    expect(changes).toContainEqual({ material: true, sentence });
  });

  test('what was to be scaled in would be replaced', () => {
    const basis = basisOf(FROZEN);
    const before = { ...basis, touched: basis.touched.map((one) => ({ ...one, decision: 'scale-in' as const })) };
    const { verdict, changes } = staleness({ basis: before, instances: [] }, { basis, cluster: FROZEN.cluster });
    expect(verdict).toBe('material');
    expect(changes).toContainEqual({ material: true, sentence: 'm-1: replace, was scale-in' });
  });

  test('another planner', () => {
    const basis = basisOf(FROZEN);
    const { verdict, changes } = staleness(
      { basis: { ...basis, plannerVersion: 0 }, instances: FROZEN.cluster.instances },
      { basis, cluster: FROZEN.cluster },
    );
    expect(verdict).toBe('material');
    expect(changes.map((change) => change.sentence)).toEqual(['Roundhouse was upgraded and plans differently now']);
  });
});

test('nothing changed: fresh, after it was stored too', () => {
  expect(compare(FROZEN, FROZEN)).toEqual({ verdict: 'fresh', changes: [] });
  const stored = JSON.parse(JSON.stringify(basisOf(FROZEN)));
  expect(
    staleness(
      { basis: stored, instances: FROZEN.cluster.instances },
      { basis: basisOf(FROZEN), cluster: FROZEN.cluster },
    ),
  ).toEqual({ verdict: 'fresh', changes: [] });
});

describe('is harmless, and said', () => {
  test.each<[string, Facts, string]>([
    ['the health of one to replace', withFirst({ health: 'unhealthy' }), 'm-1 is unhealthy, was healthy'],
    ['its health is told no more', withFirst({ health: undefined }), 'm-1 is of unknown health, was healthy'],
    ['a current one is gone', withInstances((all) => all.filter((one) => one.config === 'old')), 'm-3 is gone'],
    ['a current one is new', withInstances((all) => [...all, old('m-4', { config: 'new-config' })]), 'm-4 is new'],
    [
      'a current one drains',
      withInstances((all) => all.map((one) => (one.id === 'm-3' ? { ...one, state: 'draining' } : one))),
      'm-3 is draining, was started',
    ],
  ])('%s', (_, present, sentence) => {
    expect(text(basisOf(present))).toBe(text(basisOf(FROZEN)));
    expect(compare(FROZEN, present)).toEqual({ verdict: 'harmless', changes: [{ material: false, sentence }] });
  });
});

describe('is not worth a word', () => {
  const facts: Required<Pick<Instance, 'updatedAt' | 'healthySince' | 'zone' | 'workloads' | 'token'>> = {
    updatedAt: NOW,
    healthySince: NOW - 1_000,
    zone: 'b',
    workloads: [{ name: 'a request', since: NOW }],
    token: 'cyc_0/1/0',
  };

  test.each(Object.entries(facts))('the %s of an instance', (field, value) => {
    expect(compare(FROZEN, withFirst({ [field]: value }))).toEqual({ verdict: 'fresh', changes: [] });
  });

  test.each(['name', 'minSize', 'maxSize'] as const)("the cluster's own %s", (field) => {
    const value = field === 'name' ? 'api' : 7;
    expect(compare(FROZEN, { ...FROZEN, cluster: { ...FROZEN.cluster, [field]: value } }).verdict).toBe('fresh');
  });

  test('the order in which the instances are listed', () => {
    expect(
      compare(
        FROZEN,
        withInstances((all) => all.toReversed()),
      ).verdict,
    ).toBe('fresh');
  });
});

const someFacts: fc.Arbitrary<Facts> = fc.record({
  cluster: fc
    .record({
      config: fc.constantFrom('new', 'newer'),
      instances: fc.uniqueArray(
        fc.record({
          id: fc.constantFrom('m-1', 'm-2', 'm-3', 'm-4'),
          state: fc.constantFrom('starting', 'started', 'started', 'draining', 'drained', 'terminating'),
          config: fc.constantFrom('old', 'older', 'new'),
          createdAt: fc.constantFrom(null, NOW - 3_600_000, NOW - 7_200_000),
          health: fc.constantFrom('healthy', 'unhealthy', 'unknown', undefined),
          protection: fc.constantFrom('protected', undefined, undefined),
        }),
        { selector: (one) => one.id, maxLength: 4 },
      ),
    })
    .map(
      ({ config, instances }): Cluster => ({
        ...FROZEN.cluster,
        config,
        instances: instances.map((one): Instance => ({ ...one, updatedAt: null })),
      }),
    ),
  config: fc
    .record({ targetSize: fc.integer({ min: 1, max: 3 }), drainTimeoutMs: fc.constantFrom(0, 60_000) })
    .map((some) => ({ ...some, minSize: 0, maxSize: 4 })),
  policy: fc.constantFrom<CyclePolicy>({}, { surge: 1 }, { surge: 1, batch: undefined }, { protect: 'replace' }),
});

/** The same facts twice, or with a part of them changed, so that many pairs are alike. */
const pairs = fc.tuple(someFacts, someFacts).chain(([frozen, other]) =>
  fc.tuple(
    fc.constant(frozen),
    fc.constantFrom<Facts>(
      frozen,
      other,
      { ...frozen, policy: other.policy },
      { ...frozen, config: other.config },
      { ...frozen, cluster: { ...frozen.cluster, config: other.cluster.config } },
      {
        ...frozen,
        cluster: {
          ...frozen.cluster,
          instances: [...frozen.cluster.instances.slice(0, 2), ...other.cluster.instances].filter(
            (one, index, all) => all.findIndex((twin) => twin.id === one.id) === index,
          ),
        },
      },
    ),
  ),
);

test('a change is material exactly where the fingerprints differ, and then something is said', () => {
  const verdicts = { fresh: 0, harmless: 0, material: 0 };
  fc.assert(
    fc.property(pairs, ([frozen, present]) => {
      const { verdict, changes } = compare(frozen, present);
      verdicts[verdict] += 1;
      expect(verdict === 'material').toBe(text(basisOf(frozen)) !== text(basisOf(present)));
      expect(changes.some((change) => change.material)).toBe(verdict === 'material');
      expect(changes.length > 0).toBe(verdict !== 'fresh');
    }),
    { seed: 1, numRuns: 500 },
  );
  // The pairs must not be all of one kind, or the property says nothing.
  expect(Math.min(...Object.values(verdicts))).toBeGreaterThan(10);
});
