/**
 * How long a planning call takes beside a plain loop over the same instances, and how long a forecast takes.
 * Exit code 1 where a gate fails: 2 times the loop with the unlimited policy, 4 times with the product's, 150 ms for the forecast.
 */
import type { Cluster, Instance, InstanceState } from '../server/domain/cluster/cluster.ts';
import { forecast } from '../server/domain/cycle/forecast.ts';
import { type CyclePolicy, defaultPolicy } from '../server/domain/cycle/policy.ts';
import type { TaskConfig } from '../server/domain/cycle/task.ts';
import { tasks } from '../server/domain/cycle/tasks.ts';

const NOW = Date.UTC(2026, 0, 1);
const ROUNDS = 150;

interface Scene {
  readonly name: string;
  readonly size: number;
  /** Milliseconds of the Go original on the same input, measured once. */
  readonly original: string;
  readonly cluster: Cluster;
  readonly config: TaskConfig;
}

function clusterOf(size: number, instance: (index: number) => Pick<Instance, 'state' | 'config'>): Cluster {
  const instances = Array.from({ length: size }, (_, index) => ({
    id: `i-${index}`,
    ...instance(index),
    createdAt: NOW - 86_400_000 + index,
    updatedAt: NOW - 60_000,
  }));
  return { id: 'c', name: 'c', config: 'new', minSize: 0, maxSize: size * 2, instances };
}

function mixed(index: number): Pick<Instance, 'state' | 'config'> {
  const place = index % 10;
  if (place <= 4) return { state: 'started', config: 'old' };
  if (place <= 6) return { state: 'started', config: 'new' };
  if (place === 7) return { state: 'starting', config: 'new' };
  if (place === 8) return { state: 'draining', config: 'old' };
  return { state: index % 20 === 9 ? 'drained' : 'terminating', config: 'old' };
}

function scenes(size: number, original: { readonly mixed: string; readonly scaleIn: string }): readonly Scene[] {
  const config = { targetSize: size, minSize: 0.3 * size, maxSize: 1.2 * size, drainTimeoutMs: 120_000 };
  const current = clusterOf(size, () => ({ state: 'started', config: 'new' }));
  return [
    { name: 'mixed', size, original: original.mixed, cluster: clusterOf(size, mixed), config },
    {
      name: 'scale-in',
      size,
      original: original.scaleIn,
      cluster: current,
      config: { ...config, targetSize: size / 2 },
    },
  ];
}

/** The least that one must do to look at a cluster: count by state, and tell the outdated. */
function plainLoop({ config, instances }: Cluster): number {
  const counts: Record<InstanceState, number> = { starting: 0, started: 0, draining: 0, drained: 0, terminating: 0 };
  let outdated = 0;
  for (const instance of instances) {
    counts[instance.state] += 1;
    if (instance.config !== config) outdated += 1;
  }
  return counts.started + outdated;
}

/**
 * The best of many rounds, in milliseconds: what other work on the machine adds is no property of the code.
 * All of `works` take turns, so that they meet the machine in the same state.
 */
function best(works: readonly (() => unknown)[]): readonly number[] {
  const times = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round += 1) {
    works.forEach((work, index) => {
      const begun = performance.now();
      work();
      times[index] = Math.min(times[index] ?? Number.POSITIVE_INFINITY, performance.now() - begun);
    });
  }
  return times;
}

let failed = false;

function gate(ok: boolean): string {
  if (!ok) failed = true;
  return ok ? 'ok' : 'FAILED';
}

console.log('case               loop ms   {} ms  ratio ≤2   default ms  ratio ≤4   Go ms');
for (const scene of [
  ...scenes(10_000, { mixed: '0.5–0.7', scaleIn: '7–8' }),
  ...scenes(100_000, { mixed: '8.5', scaleIn: '92' }),
]) {
  const { cluster, config, size } = scene;
  const policy: CyclePolicy = defaultPolicy(config, size);
  const plan = (rules: CyclePolicy) => () => tasks(cluster, config, rules, NOW);
  const [loop = Number.NaN, free = Number.NaN, full = Number.NaN] = best([
    () => plainLoop(cluster),
    plan({}),
    plan(policy),
  ]);
  console.log(
    `${scene.name.padEnd(9)}${String(size).padStart(7)}  ${loop.toFixed(3).padStart(8)}${free.toFixed(3).padStart(8)}` +
      `  ${(free / loop).toFixed(2).padStart(5)} ${gate(free / loop <= 2)}    ${full.toFixed(3).padStart(8)}` +
      `  ${(full / loop).toFixed(2).padStart(7)} ${gate(full / loop <= 4)}     ${scene.original}`,
  );
}

const thousand = clusterOf(1_000, () => ({ state: 'started', config: 'old' }));
const durations = { startMs: [60_000], drainMs: [120_000], terminateMs: [10_000], seed: 1 };
const config = { targetSize: 1_000, minSize: 800, maxSize: 1_200, drainTimeoutMs: 900_000 };
for (const [name, policy] of [
  ['{}', {}],
  ['default', defaultPolicy(config, 1_000)],
] as const) {
  const run = () => forecast(thousand, config, policy, durations, NOW);
  const { outcome, steps } = run();
  const [lasted = Number.NaN] = best([run]);
  console.log(
    `forecast 1000 instances, ${name}: ${lasted.toFixed(1)} ms, ${steps.length} steps, ${outcome} ${gate(lasted <= 150)}`,
  );
}

process.exitCode = failed ? 1 : 0;
