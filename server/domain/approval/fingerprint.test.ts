import { describe, expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { explain, type InstanceDecision } from '../cycle/explain.ts';
import type { CyclePolicy } from '../cycle/policy.ts';
import type { TaskConfig } from '../cycle/task.ts';
import { fingerprint, type PlanBasis, planBasis, type TouchedInstance } from './fingerprint.ts';

const text = (basis: PlanBasis) => fingerprint(basis, (canonical) => canonical);

const CONFIG: TaskConfig = { targetSize: 3, minSize: 2, maxSize: 5, drainTimeoutMs: 60_000 };

const POLICY: Required<CyclePolicy> = {
  surge: 1,
  maxUnavailable: 1,
  batch: 2,
  canary: 1,
  bakeMs: 60_000,
  order: ['unhealthy', 'oldest'],
  protect: 'skip',
  onDrainTimeout: 'pause',
  minHealthyMs: 30_000,
};

const TOUCHED: TouchedInstance = { id: 'm-1', createdAt: 1_000, config: 'old', decision: 'replace' };

const BASIS: PlanBasis = {
  plannerVersion: 1,
  from: ['old'],
  to: 'new',
  config: CONFIG,
  policy: POLICY,
  touched: [TOUCHED, { ...TOUCHED, id: 'm-2' }],
};

const otherConfigs: Record<keyof TaskConfig, number> = {
  targetSize: 4,
  minSize: 1,
  maxSize: 6,
  drainTimeoutMs: 60_001,
};

const otherPolicies: { readonly [Key in keyof CyclePolicy]-?: NonNullable<CyclePolicy[Key]> } = {
  surge: 0,
  maxUnavailable: 0,
  batch: 1,
  canary: 0,
  bakeMs: 60_001,
  order: ['oldest', 'unhealthy'],
  protect: 'replace',
  onDrainTimeout: 'force',
  minHealthyMs: 0,
};

const otherTouched: { readonly [Key in keyof TouchedInstance]: TouchedInstance[Key] } = {
  id: 'm-3',
  createdAt: null,
  config: 'older',
  decision: 'scale-in',
};

const others: { readonly [Key in Exclude<keyof PlanBasis, 'config' | 'policy'>]: PlanBasis[Key][] } = {
  plannerVersion: [2],
  from: [['old', 'older'], []],
  to: ['newer'],
  touched: [[], [TOUCHED], [...BASIS.touched, { ...TOUCHED, id: 'm-3' }]],
};

const changed: [string, PlanBasis][] = [
  ...Object.entries(others).flatMap(([field, values]) =>
    values.map((value, index): [string, PlanBasis] => [`${field} ${index + 1}`, { ...BASIS, [field]: value }]),
  ),
  ...Object.entries(otherConfigs).map(([field, value]): [string, PlanBasis] => [
    `config.${field}`,
    { ...BASIS, config: { ...CONFIG, [field]: value } },
  ]),
  ...Object.entries(otherPolicies).flatMap(([field, value]): [string, PlanBasis][] => [
    [`policy.${field}`, { ...BASIS, policy: { ...POLICY, [field]: value } }],
    [`policy.${field}, absent`, { ...BASIS, policy: { ...POLICY, [field]: undefined } }],
  ]),
  ...Object.entries(otherTouched).map(([field, value]): [string, PlanBasis] => [
    `touched.${field}`,
    { ...BASIS, touched: [{ ...TOUCHED, [field]: value }, ...BASIS.touched.slice(1)] },
  ]),
];

test.each(changed)('another %s is another fingerprint', (_, basis) => {
  expect(text(basis)).not.toBe(text(BASIS));
});

test('no two of these bases have one fingerprint', () => {
  expect(new Set(changed.map(([, basis]) => text(basis))).size).toBe(changed.length);
});

test('a basis has the same fingerprint after it was stored, whatever the order of its keys', () => {
  const { plannerVersion, ...rest } = BASIS;
  const sparse = { ...BASIS, policy: { ...POLICY, batch: undefined } };
  expect(text({ ...rest, plannerVersion })).toBe(text(BASIS));
  expect(text(JSON.parse(JSON.stringify(sparse)))).toBe(text(sparse));
});

test('the fingerprint is the hash of all of it', () => {
  expect(fingerprint(BASIS, (canonical) => `${canonical.length}`)).toBe(String(text(BASIS).length));
});

const NOW = Date.UTC(2026, 0, 1);

const old = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'old',
  createdAt: NOW - 3_600_000,
  updatedAt: null,
  ...facts,
});

const CLUSTER: Cluster = {
  id: 'c',
  name: 'web',
  config: 'new',
  minSize: 1,
  maxSize: 9,
  instances: [old('m-2'), old('m-1', { config: 'older' }), old('m-3', { config: 'new' }), old('m-4')],
};

const basisOf = (cluster: Cluster, config = CONFIG, policy: CyclePolicy = {}) =>
  planBasis(cluster, config, policy, explain(cluster, config, policy, NOW).decisions);

describe('the basis of a plan', () => {
  test('names what is replaced, from which configurations to which, in an order of its own', () => {
    expect(basisOf(CLUSTER)).toMatchObject({
      from: ['old', 'older'],
      to: 'new',
      touched: [
        { id: 'm-1', config: 'older', createdAt: NOW - 3_600_000, decision: 'replace' },
        { id: 'm-2', config: 'old', decision: 'replace' },
        { id: 'm-4', config: 'old', decision: 'replace' },
      ],
    });
    expect(text(basisOf({ ...CLUSTER, instances: CLUSTER.instances.toReversed() }))).toBe(text(basisOf(CLUSTER)));
  });

  test('names what is scaled in, which is no configuration that is replaced', () => {
    const current = { ...CLUSTER, instances: CLUSTER.instances.map((one) => ({ ...one, config: 'new' })) };
    const basis = basisOf(current, { ...CONFIG, targetSize: 3, minSize: 0 });
    expect(basis.from).toEqual([]);
    expect(basis.touched.map((one) => one.decision)).toEqual(['scale-in']);
  });

  test.each<InstanceDecision['kind']>(['finish', 'wait', 'skip', 'keep'])('leaves out what is to %s', (kind) => {
    const decisions = CLUSTER.instances.map((one) => ({ instanceId: one.id, kind, now: true, reason: '' }));
    expect(planBasis(CLUSTER, CONFIG, {}, decisions)).toMatchObject({ from: [], touched: [] });
  });
});
