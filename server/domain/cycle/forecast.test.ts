import { describe, expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { type Durations, forecast } from './forecast.ts';
import { type CyclePolicy, defaultPolicy } from './policy.ts';
import type { TaskConfig } from './task.ts';
import { tasks } from './tasks.ts';

const NOW = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const constant: Durations = { startMs: [60 * SECOND], drainMs: [120 * SECOND], terminateMs: [10 * SECOND], seed: 1 };
const varied: Durations = {
  startMs: [20, 30, 45, 60].map((seconds) => seconds * SECOND),
  drainMs: [20, 60, 90, 300].map((seconds) => seconds * SECOND),
  terminateMs: [2, 5].map((seconds) => seconds * SECOND),
  seed: 7,
};

function old(count: number, facts: Partial<Instance> = {}): Cluster {
  const instances = Array.from(
    { length: count },
    (_, index): Instance => ({
      id: `i${index}`,
      state: 'started',
      config: 'old',
      createdAt: index,
      updatedAt: index,
      ...facts,
    }),
  );
  return { id: 'c', name: 'c', config: 'new', minSize: 0, maxSize: 5_000, instances };
}

function sizes(targetSize: number, minSize: number, maxSize: number, drainTimeoutMs = 0): TaskConfig {
  return { targetSize, minSize, maxSize, drainTimeoutMs };
}

describe('a rollout, worked out by hand', () => {
  // One machine, drain first: drain 120 s, terminate 10 s, start 60 s.
  const result = forecast(old(1), sizes(1, 0, 1), {}, constant, NOW);
  const empty = {
    startedNew: 0,
    startedOld: 0,
    unhealthy: 0,
    starting: 0,
    draining: 0,
    drained: 0,
    terminating: 0,
    inService: 0,
  };

  test('says when what is ordered, and how long it takes', () => {
    expect(result).toMatchObject({
      outcome: 'completes',
      because: null,
      starts: 1,
      drains: 1,
      terminations: 1,
      sampleSize: 3,
    });
    expect(result.steps).toEqual([
      { at: NOW, tasks: [{ kind: 'drain', instanceIds: ['i0'] }] },
      { at: NOW + 120 * SECOND, tasks: [{ kind: 'terminate', instanceIds: ['i0'] }] },
      { at: NOW + 130 * SECOND, tasks: [{ kind: 'start', clusterId: 'c', count: 1 }] },
    ]);
    expect(result.waves).toEqual([{ at: NOW, instanceIds: ['i0'] }]);
    expect(result.durationMs).toEqual({ p50: 190 * SECOND, p90: 190 * SECOND });
  });

  test('tells what each instance goes through', () => {
    expect(result.lanes).toEqual([
      {
        instanceId: 'i0',
        changes: [
          [0, 'started'],
          [0, 'draining'],
          [120 * SECOND, 'terminating'],
          [130 * SECOND, 'gone'],
        ],
      },
      {
        instanceId: 'new-2',
        changes: [
          [130 * SECOND, 'starting'],
          [190 * SECOND, 'started'],
        ],
      },
    ]);
  });

  test('shows capacity over time, the lowest and the largest', () => {
    expect(result.points).toEqual([
      { ...empty, at: NOW, startedOld: 1, inService: 1 },
      { ...empty, at: NOW, draining: 1 },
      { ...empty, at: NOW + 120 * SECOND, terminating: 1 },
      { ...empty, at: NOW + 130 * SECOND, starting: 1 },
      { ...empty, at: NOW + 190 * SECOND, startedNew: 1, inService: 1 },
    ]);
    expect(result.lowest).toEqual({ at: NOW, inService: 0 });
    expect(result.peakSize).toBe(1);
  });
});

test('bake and minimum health take their time', () => {
  const config = sizes(1, 0, 2);
  const policy: CyclePolicy = { canary: 1, bakeMs: 300 * SECOND, minHealthyMs: 30 * SECOND };
  const cluster = old(1, { health: 'healthy', healthySince: 0 });
  // start 60, minimum health 30, bake 300, drain 120, terminate 10
  expect(forecast(cluster, config, policy, constant, NOW)).toMatchObject({
    outcome: 'completes',
    durationMs: { p50: 520 * SECOND },
    lowest: { inService: 1 },
    peakSize: 2,
  });
});

test('what is under way already has less time to go', () => {
  const cluster = old(1, { state: 'draining', updatedAt: NOW - 100 * SECOND });
  expect(forecast(cluster, sizes(0, 0, 1), {}, constant, NOW).durationMs.p50).toBe(30 * SECOND);
});

test('draws come from the history of the cluster, and are the same for the same seed', () => {
  const config = sizes(10, 8, 12);
  const run = (durations: Durations) => forecast(old(10), config, defaultPolicy(config, 10), durations, NOW);
  const result = run(varied);
  expect(run(varied)).toEqual(result);
  expect(run({ ...varied, seed: 8 }).durationMs).not.toEqual(result.durationMs);
  expect(result.durationMs.p50).toBeLessThan(result.durationMs.p90);
  expect(result.points.at(-1)?.at).toBe(NOW + result.durationMs.p50);
  expect(result.sampleSize).toBe(10);
});

test('a large cluster takes the medians, and p90 is 1.3 times p50', () => {
  const config = sizes(200, 160, 240);
  const { durationMs } = forecast(old(200), config, {}, varied, NOW);
  expect(durationMs.p90).toBe(durationMs.p50 * 1.3);
});

test('with nothing known, defaults of 60 s, 120 s and 10 s, and p90 is 1.5 times p50', () => {
  const unknown = { startMs: [], drainMs: [], terminateMs: [], seed: 1 };
  const result = forecast(old(1), sizes(1, 0, 1), {}, unknown, NOW);
  expect(result).toMatchObject({ durationMs: { p50: 190 * SECOND, p90: 285 * SECOND }, sampleSize: 0 });
});

test('where a person must decide, it says so and why', () => {
  expect(forecast(old(3), sizes(3, 2, 3), { maxUnavailable: 0, surge: 0 }, constant, NOW)).toMatchObject({
    outcome: 'holds',
    because: '3 in service, the floor is 3 and there is room for no more than 3: nothing can go',
    durationMs: { p50: 0 },
  });
  expect(forecast(old(3), sizes(3, 2, 3, 60 * SECOND), { onDrainTimeout: 'pause' }, constant, NOW)).toMatchObject({
    outcome: 'holds',
    because: '1 draining for longer than 1 min: a person must decide',
    durationMs: { p50: 60 * SECOND },
  });
});

test('an instance that is skipped after its drain timeout is back in service, and the cycle ends', () => {
  const policy: CyclePolicy = { onDrainTimeout: 'skip' };
  expect(forecast(old(2), sizes(2, 1, 2, 60 * SECOND), policy, constant, NOW)).toMatchObject({
    outcome: 'completes',
    drains: 2,
    terminations: 0,
    durationMs: { p50: 120 * SECOND },
  });
});

test('where nothing will ever change, it says so and why', () => {
  const cluster = old(3, { health: 'unknown' });
  expect(forecast(cluster, sizes(3, 2, 3), { surge: 0 }, constant, NOW)).toMatchObject({
    outcome: 'never-ends',
    because: 'the health of 3 is not known',
  });
});

test('its ids are its own, even in a cluster that has such names', () => {
  const cluster = old(2);
  const renamed = {
    ...cluster,
    instances: cluster.instances.map((one, index) => ({ ...one, id: `new-${index + 3}` })),
  };
  const result = forecast(renamed, sizes(2, 1, 3), {}, constant, NOW);
  expect(result).toMatchObject({ outcome: 'completes', drains: 2, terminations: 2, starts: 2 });
});

test('the first step is the plan of now, and nothing is left to do is no step', () => {
  const config = sizes(10, 8, 12);
  const policy = defaultPolicy(config, 10);
  expect(forecast(old(10), config, policy, constant, NOW).steps[0]).toEqual({
    at: NOW,
    tasks: tasks(old(10), config, policy, NOW),
  });
  expect(forecast(old(0), sizes(0, 0, 1), policy, constant, NOW)).toMatchObject({ outcome: 'completes', steps: [] });
});

test('the lanes of a forecast add up to its capacity at each of its points', () => {
  const cluster = old(7);
  const result = forecast(cluster, sizes(7, 5, 9), { ...defaultPolicy }, varied, NOW);
  expect(result.outcome).toBe('completes');
  const states = (at: number) =>
    (result.lanes ?? []).flatMap(({ changes }) => changes.findLast(([ms]) => NOW + ms <= at)?.[1] ?? []);
  // What is ordered at once is in the last point of its moment.
  const settled = result.points.filter((point, index) => result.points[index + 1]?.at !== point.at);
  for (const point of settled) {
    const now = states(point.at);
    const count = (state: string) => now.filter((one) => one === state).length;
    expect([count('starting'), count('started'), count('draining'), count('terminating')]).toEqual([
      point.starting,
      point.startedOld + point.startedNew,
      point.draining,
      point.terminating,
    ]);
  }
});
