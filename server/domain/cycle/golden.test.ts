import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { type CyclePolicy, defaultPolicy } from './policy.ts';
import type { TaskConfig } from './task.ts';
import { transcript } from './testdata/transcript.ts';
import { clusterOf, configOf, handwritten, NOW } from './testdata/vectors.ts';

/** Rewrite the stories with UPDATE_GOLDEN=1, and read the difference. */
const FOLDER = new URL('testdata/golden/', import.meta.url);

interface Story {
  readonly name: string;
  readonly title: string;
  readonly cluster: Cluster;
  readonly config: TaskConfig;
  readonly policy: CyclePolicy;
}

function old(count: number, facts: (index: number) => Partial<Instance> = () => ({})): Cluster {
  const instances = Array.from({ length: count }, (_, index): Instance => {
    const createdAt = NOW - 86_400_000 + index * 1_000;
    return {
      id: `i${index + 1}`,
      state: 'started',
      config: 'v1',
      createdAt,
      updatedAt: createdAt,
      health: 'healthy',
      healthySince: createdAt,
      ...facts(index),
    };
  });
  return { id: 'c', name: 'c', config: 'v2', minSize: 0, maxSize: 100, instances };
}

function sizes(targetSize: number, minSize: number, maxSize: number, drainTimeoutMs = 900_000): TaskConfig {
  return { targetSize, minSize, maxSize, drainTimeoutMs };
}

function withDefaults(
  name: string,
  title: string,
  cluster: Cluster,
  config: TaskConfig,
  rules: CyclePolicy = {},
): Story {
  return { name, title, cluster, config, policy: { ...defaultPolicy(config, cluster.instances.length), ...rules } };
}

const reference = handwritten().cases.map(
  ({ cluster, name, states, tc }): Story => ({
    name: `reference-${cluster}`,
    title: name,
    cluster: clusterOf(handwritten(), cluster, states[0] ?? []),
    config: configOf(tc),
    policy: {},
  }),
);

const stories: readonly Story[] = [
  ...reference,
  withDefaults('default-ten', 'ten instances, as the product does it', old(10), sizes(10, 8, 12)),
  withDefaults('default-twenty', 'twenty instances, as the product does it', old(20), sizes(20, 16, 24)),
  withDefaults('one-machine-surge', 'one machine, the new one first', old(1), sizes(1, 0, 2)),
  withDefaults(
    'one-machine-no-room',
    'one machine and no room for a second: the old one first',
    old(1),
    sizes(1, 0, 1),
  ),
  withDefaults('max-is-target', 'max = target: no surge, drain first', old(4), sizes(4, 3, 4)),
  withDefaults('min-is-target', 'min = target: nothing may be missing, surge first', old(4), sizes(4, 4, 5)),
  withDefaults(
    'unhealthy-first',
    'the unhealthy go first, then the idle, then the oldest',
    old(6, (index) => ({
      health: index === 4 ? 'unhealthy' : 'healthy',
      workloads: index < 2 ? [{ name: 'request', since: null }] : [],
    })),
    sizes(6, 4, 7),
    { batch: 1, canary: 0 },
  ),
  withDefaults(
    'zones',
    'spread over zones, two at once',
    old(6, (index) => ({ createdAt: NOW - 86_400_000, zone: index < 3 ? 'a' : 'b' })),
    sizes(6, 4, 6),
    { batch: 2, canary: 0, minHealthyMs: 0 },
  ),
  withDefaults(
    'protected-skip',
    'the protected are left alone',
    old(4, (index) => (index === 1 ? { protection: 'protected' } : {})),
    sizes(4, 3, 5),
  ),
  withDefaults(
    'protected-wait',
    'the protected are waited for, once all others are done',
    old(4, (index) => (index === 1 ? { protection: 'protected' } : {})),
    sizes(4, 3, 5),
    { protect: 'wait' },
  ),
  withDefaults('drain-timeout', 'drains that last too long: a person must decide', old(3), sizes(3, 2, 4, 60_000)),
  withDefaults('drain-timeout-force', 'drains that last too long are cut short', old(3), sizes(3, 2, 4, 60_000), {
    onDrainTimeout: 'force',
  }),
  withDefaults(
    'canary-unhealthy',
    'a canary that is unhealthy',
    old(3, (index) => (index === 2 ? { config: 'v2', health: 'unhealthy' } : {})),
    sizes(3, 2, 4),
  ),
  withDefaults('no-room', 'min = max − 1 and nothing to spare: the floor cannot be reached', old(4), sizes(4, 3, 4), {
    maxUnavailable: 0,
  }),
  withDefaults('above-max', 'more instances than max', old(8), sizes(4, 3, 5)),
  withDefaults('target-zero', 'a target of zero', old(3), sizes(0, 0, 1)),
];

describe('whole rollouts, told', () => {
  test.each(stories.map((story) => [story.name, story] as const))('%s', (name, { title, cluster, config, policy }) => {
    const file = new URL(`${name}.txt`, FOLDER);
    const told = transcript(title, cluster, config, policy, NOW);
    // biome-ignore lint/style/noProcessEnv: a person asks for it on the command line
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, told);
    }
    expect(told).toBe(readFileSync(file, 'utf8'));
  });

  test('no story is left over', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(stories.map(({ name }) => `${name}.txt`).sort());
  });
});
