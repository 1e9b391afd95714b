import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { explain } from './explain.ts';
import { forecast } from './forecast.ts';
import { type Planner, type Scenario, trial } from './planner-laws.ts';
import type { CyclePolicy } from './policy.ts';
import type { TaskConfig } from './task.ts';
import { tasks } from './tasks.ts';

const NOW = Date.UTC(2026, 0, 1);

// The same scenarios each time, so that a red test means a change. Another seed, and more runs, explore others.
fc.configureGlobal({ seed: 1 });

const NO_DURATIONS = { startMs: [], drainMs: [], terminateMs: [], seed: 1 };

const ages = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 40 }).map((seconds) => NOW - seconds * 5_000),
);

const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 });

const policies: fc.Arbitrary<CyclePolicy> = fc.record({
  surge: optional(fc.nat(4)),
  maxUnavailable: optional(fc.nat(4)),
  batch: optional(fc.integer({ min: 1, max: 3 })),
  canary: optional(fc.nat(3)),
  bakeMs: optional(fc.constantFrom(0, 10_000, 300_000)),
  order: optional(fc.shuffledSubarray(['unhealthy', 'idle', 'oldest', 'zones'])),
  protect: optional(fc.constantFrom('skip', 'wait', 'replace')),
  onDrainTimeout: optional(fc.constantFrom('pause', 'skip', 'force')),
  minHealthyMs: optional(fc.constantFrom(0, 7_000, 30_000)),
});

const configs: fc.Arbitrary<TaskConfig> = fc
  .record({
    targetSize: fc.nat(12),
    minSize: fc.nat(12),
    room: fc.integer({ min: 1, max: 6 }),
    drainTimeoutMs: fc.constantFrom(0, 60_000),
  })
  .map(({ room, ...config }) => ({ ...config, maxSize: config.minSize + room }));

/** What a person may ask for: the door refuses the rest. */
const sensibleConfigs: fc.Arbitrary<TaskConfig> = fc
  .record({ targetSize: fc.nat(12), below: fc.nat(5), above: fc.nat(5), drainTimeoutMs: fc.constantFrom(0, 60_000) })
  .filter(({ targetSize, below, above }) => above > 0 || Math.min(targetSize, below) > 0)
  .map(({ targetSize, below, above, drainTimeoutMs }) => ({
    targetSize,
    minSize: Math.max(0, targetSize - below),
    maxSize: targetSize + above,
    drainTimeoutMs,
  }));

function clusters(healthChecks: boolean): fc.Arbitrary<Cluster> {
  const instance: fc.Arbitrary<Omit<Instance, 'id'>> = fc.record({
    state: fc.constantFrom(
      'starting',
      'started',
      'started',
      'started',
      'started',
      'draining',
      'drained',
      'terminating',
    ),
    config: fc.constantFrom('new', 'old', 'old', 'older'),
    createdAt: ages,
    updatedAt: ages,
    health: healthChecks
      ? fc.constantFrom('healthy', 'healthy', 'healthy', 'unhealthy', 'unknown')
      : fc.constant(undefined),
    healthySince: optional(ages),
    zone: optional(fc.constantFrom('a', 'b', 'c')),
    protection: fc.option(fc.constantFrom('protected', 'standby'), { nil: undefined, freq: 8 }),
    excluded: fc.option(fc.constantFrom('not-ours', 'skipped'), { nil: undefined, freq: 8 }),
    workloads: optional(fc.constant([{ name: 'work', since: null }])),
  });
  return fc.array(instance, { maxLength: 14 }).map((list) => ({
    id: 'c',
    name: 'c',
    config: 'new',
    minSize: 0,
    maxSize: 50,
    instances: list.map((facts, index) => ({ id: `i${index}`, ...facts })),
  }));
}

interface Freedom {
  readonly config: fc.Arbitrary<TaskConfig>;
  readonly mishaps: boolean;
  /** The longest that anything takes. */
  readonly slowestMs: number;
}

function scenarios({ config, mishaps, slowestMs }: Freedom): fc.Arbitrary<Scenario> {
  return fc.record({
    cluster: fc.boolean().chain(clusters),
    config,
    policy: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 5, arbitrary: policies }),
    now: fc.constant(NOW),
    speeds: fc.array(fc.integer({ min: 0, max: slowestMs }), { minLength: 1, maxLength: 12 }),
    mishaps: mishaps ? fc.array(fc.nat(1_999), { minLength: 3, maxLength: 20 }) : fc.constant([]),
  });
}

/** Slow drains run into the timeout, mishaps come at any time. */
const wild = scenarios({ config: configs, mishaps: true, slowestMs: 90_000 });
const stuck = scenarios({ config: sensibleConfigs, mishaps: false, slowestMs: 200_000 });
const calm = scenarios({
  config: sensibleConfigs.map((config) => ({ ...config, drainTimeoutMs: 0 })),
  mishaps: false,
  slowestMs: 200_000,
});

describe('whatever order and speed the world answers in', () => {
  test('every plan keeps floor, ceiling, batch and canary, and leaves alone what it must', () => {
    fc.assert(
      fc.property(wild, (scenario) => {
        expect(trial(tasks, scenario).broken).toBeNull();
      }),
      { numRuns: 3_000 },
    );
  }, 30_000);

  test('every cycle ends, or holds with a reason', () => {
    fc.assert(
      fc.property(stuck, (scenario) => {
        expect(trial(tasks, scenario).broken).toBeNull();
      }),
      { numRuns: 3_000 },
    );
  }, 30_000);

  test('the forecast says which', () => {
    // Where all are healthy, or nobody checks, and nothing that must be left alone is half gone, the end does not
    // depend on who answers first.
    const agreed = calm.filter(({ cluster }) =>
      cluster.instances.every(
        ({ state, health, excluded, protection }) =>
          (health === undefined || health === 'healthy') &&
          (state === 'started' || (excluded === undefined && protection === undefined)),
      ),
    );
    fc.assert(fc.property(agreed, endsAsForecast), { numRuns: 1_500 });
  }, 30_000);
});

test('at the pace that it assumes, the forecast says how any cycle ends', () => {
  const paced = fc.tuple(stuck, fc.nat(200_000)).map(([scenario, ms]) => ({ ...scenario, speeds: [ms] }));
  fc.assert(fc.property(paced, endsAsForecast), { numRuns: 1_500 });
}, 30_000);

function endsAsForecast(scenario: Scenario): void {
  const { cluster, config, policy, now, speeds } = scenario;
  const durations = { startMs: speeds, drainMs: speeds, terminateMs: speeds, seed: 1 };
  const { outcome, because } = forecast(cluster, config, policy, durations, now);
  expect(trial(tasks, scenario)).toEqual({ broken: null, outcome, steps: expect.any(Number) });
  expect(because === null).toBe(outcome === 'completes');
}

test('explain and forecast begin with the tasks of the planner, and every instance has one decision with a reason', () => {
  fc.assert(
    fc.property(wild, ({ cluster, config, policy, now }) => {
      const list = tasks(cluster, config, policy, now);
      expect(forecast(cluster, config, policy, NO_DURATIONS, now).steps[0]?.tasks ?? []).toEqual(list);
      const { decisions, tasks: explained } = explain(cluster, config, policy, now);
      expect(explained.map(({ task }) => task)).toEqual(list);
      expect(decisions.map(({ instanceId }) => instanceId)).toEqual(cluster.instances.map(({ id }) => id));
      expect([...decisions.map(({ reason }) => reason), ...explained.map(({ because }) => because)]).not.toContain('');
      const touched = list.flatMap((task) =>
        task.kind === 'drain' || task.kind === 'terminate' ? task.instanceIds : [],
      );
      expect(
        decisions
          .filter(({ now }) => now)
          .map(({ instanceId }) => instanceId)
          .sort(),
      ).toEqual([...touched].sort());
    }),
    { numRuns: 2_000 },
  );
});

test('a policy that limits nothing is the reference', () => {
  fc.assert(
    fc.property(wild, ({ cluster, config, now }) => {
      const limitless: CyclePolicy = { surge: undefined, batch: undefined };
      expect(tasks(cluster, config, limitless, now)).toEqual(tasks(cluster, config, {}, now));
    }),
  );
});

describe('the laws themselves', () => {
  const lower: Planner = (cluster, config, policy, now) =>
    tasks(
      cluster,
      { ...config, minSize: Math.max(0, config.minSize - 1) },
      { ...policy, ...(policy.maxUnavailable === undefined ? {} : { maxUnavailable: policy.maxUnavailable + 1 }) },
      now,
    );
  const higher: Planner = (cluster, config, policy, now) =>
    tasks(cluster, { ...config, maxSize: config.maxSize + 1 }, policy, now);
  const rash: Planner = (cluster, config, policy, now) =>
    tasks(cluster, config, { ...policy, canary: policy.canary === undefined ? undefined : policy.canary + 1 }, now);
  const blind: Planner = (cluster, config, policy, now) =>
    tasks(
      { ...cluster, instances: cluster.instances.map((instance) => ({ ...instance, excluded: undefined })) },
      config,
      policy,
      now,
    );
  const lazy: Planner = (cluster, config, policy, now) =>
    tasks(cluster, config, policy, now).filter(({ kind }) => kind !== 'hold');

  test.each([
    ['a floor that is one too low', lower, /the floor is/],
    ['a ceiling that is one too high', higher, /the ceiling is/],
    ['one canary too many', rash, /before \d+ canaries have passed/],
    ['a planner that takes what is not ours', blind, /is to be left alone/],
    ['a planner that does not say what it waits for', lazy, /an empty list/],
  ])('%s is found out', (_name, planner, complaint) => {
    const found = fc.check(
      fc.property(wild, (scenario) => {
        const { broken } = trial(planner, scenario);
        if (broken !== null) throw new Error(broken);
      }),
      { numRuns: 4_000 },
    );
    expect(found.failed).toBe(true);
    expect(String(found.errorInstance)).toMatch(complaint);
  });
});
