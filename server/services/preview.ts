import { isPinned } from '../contract/docker-spec.ts';
import { canUndrain } from '../contract/undraining.ts';
import { planBasis } from '../domain/approval/fingerprint.ts';
import type { Knobs, PlanBody, PreviewCheck } from '../domain/approval/plan.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import type { ClusterRecord, EnvironmentRecord } from '../domain/cluster/fleet.ts';
import { canariesFirst, firstOrderAt } from '../domain/cycle/canary.ts';
import { type CapacityPoint, capacity } from '../domain/cycle/capacity.ts';
import { roughly } from '../domain/cycle/duration-words.ts';
import type { Capabilities } from '../domain/cycle/environment.ts';
import type { Explanation } from '../domain/cycle/explain.ts';
import { type Durations, type Forecast, forecast, isLarge } from '../domain/cycle/forecast.ts';
import { floorOf } from '../domain/cycle/policy.ts';
import { list } from '../domain/cycle/progress.ts';
import { settingsForeseen } from '../domain/cycle/settings.ts';
import type { TaskConfig } from '../domain/cycle/task.ts';
import type { Json } from '../domain/instance/plugin.ts';
import { type SpecChange, specDifference } from '../domain/instance/spec-difference.ts';
import { holdersSentence } from './holders-sentence.ts';
import { explainPlanning, type Planning, supposedPlanning } from './planning.ts';

/** Everything that a preview is computed from. */
export interface PreviewFacts {
  readonly record: ClusterRecord;
  readonly environment: EnvironmentRecord;
  readonly cluster: Cluster;
  readonly durations: Omit<Durations, 'seed'>;
  readonly configs: ReadonlyMap<string, { readonly version: number; readonly spec: Json }>;
  readonly activeCycleId: string | null;
  readonly reachable: boolean;
  /** Of the back end; null where its kind is not known. */
  readonly capabilities: Capabilities | null;
}

/** Forecasts of one cluster draw the same chances each time, so that a knob moves the forecast and nothing else does. */
const FORECAST_SEED = 1;

/** The dry run: what would be done, why, and what stands in the way. Pure; it changes nothing and holds no lock. */
export function preview(facts: PreviewFacts, knobs: Knobs, now: number): PlanBody {
  const { record, environment, cluster, configs } = facts;
  const planning = supposedPlanning(record, knobs);
  const { config, policy } = planning;
  const point = capacity(cluster, policy, now);
  const sizes = sizeChecks(record, planning);
  const explained = explainPlanning(cluster, planning, now);
  const explanation: Explanation = explained ?? { decisions: [], tasks: [], binding: null };
  const future: Forecast =
    explained === null
      ? nothingForecast(point)
      : forecast(cluster, config, policy, { ...facts.durations, seed: FORECAST_SEED }, now);
  const floor = floorOf(config, policy);
  const checks = [...sizes, ...stateChecks(facts, planning, explained, future, point)];
  return {
    cluster,
    environment: { id: environment.id, name: environment.name, kind: environment.kind },
    knobs,
    config,
    policy,
    basis: planBasis(cluster, config, policy, explanation.decisions),
    sentence:
      explained !== null
        ? sentence(cluster, config, explanation, future, floor, canariesFirst(cluster, config, policy, now))
        : 'Nothing can be planned with these sizes.',
    checks: checks.filter((check) => check !== null),
    checksMade: checks.length,
    explanation,
    forecast: future,
    now: point,
    floor,
    versions: Object.fromEntries([...configs].map(([fingerprint, { version }]) => [fingerprint, version])),
    changes: changes(cluster, configs),
    settings:
      facts.capabilities === null ? [] : settingsForeseen(cluster, replacedIn(explanation), facts.capabilities, policy),
    observedAt: record.observedAt,
    computedAt: now,
  };
}

function replacedIn({ decisions }: Explanation): string[] {
  return decisions.filter((one) => one.kind === 'replace').map((one) => one.instanceId);
}

type Check = PreviewCheck | null;

function check(
  passes: boolean,
  id: string,
  level: PreviewCheck['level'],
  sentence: string,
  source: string,
  fixes: PreviewCheck['fixes'] = [],
): Check {
  return passes ? null : { id, level, sentence, source, fixes };
}

/** What the planner accepts, and a person should not ask for, each with the smallest change that mends it. */
function sizeChecks(record: ClusterRecord, { config, policy }: Planning): Check[] {
  const { targetSize, minSize, maxSize } = config;
  const stuck = policy.surge === 0 && policy.maxUnavailable === 0;
  const canGrow = maxSize < record.maxSize;
  const surgeFix = {
    label: `max ${targetSize + 1}: start one first`,
    knobs: { maxSize: targetSize + 1, policy: { surge: 1 } },
  };
  const drainFix = {
    label: `min ${Math.max(0, targetSize - 1)}: one machine out of service`,
    knobs: { minSize: Math.max(0, targetSize - 1), policy: { maxUnavailable: 1 } },
  };
  const ways = [...(maxSize > targetSize || canGrow ? [surgeFix] : []), ...(targetSize > 0 ? [drainFix] : [])];
  return [
    check(minSize < maxSize, 'min-below-max', 'blocker', `Min ${minSize} must be less than max ${maxSize}.`, 'sizes', [
      ...(canGrow ? [{ label: `max ${minSize + 1}: surge`, knobs: { maxSize: minSize + 1 } }] : []),
      ...(maxSize > 0
        ? [{ label: `min ${maxSize - 1}: one machine out of service`, knobs: { minSize: maxSize - 1 } }]
        : []),
    ]),
    check(
      targetSize >= minSize,
      'target-below-min',
      'blocker',
      `Target ${targetSize} is below min ${minSize}.`,
      'sizes',
      [
        { label: `min ${targetSize}`, knobs: { minSize: targetSize } },
        { label: `target ${minSize}`, knobs: { targetSize: minSize } },
      ],
    ),
    check(
      targetSize <= maxSize,
      'target-above-max',
      'blocker',
      `Target ${targetSize} is above max ${maxSize}.`,
      'sizes',
      [
        { label: `target ${maxSize}`, knobs: { targetSize: maxSize } },
        ...(record.maxSize >= targetSize ? [{ label: `max ${targetSize}`, knobs: { maxSize: targetSize } }] : []),
      ],
    ),
    check(
      maxSize <= record.maxSize,
      'max-above-cluster',
      'blocker',
      `Max ${maxSize} is above the cluster's own max ${record.maxSize}.`,
      'cluster',
      [{ label: `max ${record.maxSize}`, knobs: { maxSize: record.maxSize } }],
    ),
    check(
      minSize >= record.minSize,
      'min-below-cluster',
      'warning',
      `Min ${minSize} is below the cluster's own min ${record.minSize}.`,
      'cluster',
      [{ label: `min ${record.minSize}`, knobs: { minSize: record.minSize } }],
    ),
    check(
      !stuck,
      'no-room',
      'blocker',
      'Neither a surge nor an unavailable machine is allowed, so nothing can be replaced.',
      'policy',
      ways,
    ),
  ];
}

function stateChecks(
  facts: PreviewFacts,
  { config, policy }: Planning,
  explained: Explanation | null,
  future: Forecast,
  point: CapacityPoint,
): Check[] {
  const { cluster, environment, record } = facts;
  const floor = floorOf(config, policy);
  const { decisions, tasks } = explained ?? { decisions: [], tasks: [] };
  const unhealthy = cluster.instances.filter((one) => one.health === 'unhealthy');
  const skipped = decisions.filter((one) => one.kind === 'skip');
  const busy = cluster.instances.filter((one) => (one.workloads?.length ?? 0) > 0);
  const touched = new Set(
    decisions.filter((one) => one.kind === 'replace' || one.kind === 'scale-in').map((one) => one.instanceId),
  );
  const forced = busy.filter((one) => touched.has(one.id));
  const holders = holdersSentence(cluster, decisions, { config, policy });
  const patience = 2 * Math.max(config.drainTimeoutMs, ...facts.durations.drainMs);
  return [
    check(record.observedAt !== null, 'never-read', 'blocker', 'This cluster has not been read yet.', environment.name),
    check(
      record.observeError === null,
      'not-readable',
      'blocker',
      `The last read of this cluster failed: ${record.observeError}.`,
      environment.name,
    ),
    check(
      environment.kind !== 'docker' || isPinned(record.spec),
      'image-not-looked-up',
      'blocker',
      'The image of this cluster has not been looked up yet: a worker asks the engine what its tag names when it reads the cluster.',
      environment.name,
    ),
    check(
      policy.onDrainTimeout !== 'skip' || canUndrain(environment.kind),
      'cannot-skip',
      'blocker',
      `${environment.name} cannot put a draining instance back in service, so one whose drain takes too long cannot be skipped.`,
      'policy',
      [{ label: 'pause and ask instead', knobs: { policy: { onDrainTimeout: 'pause' } } }],
    ),
    check(
      environment.disabledAt === null,
      'disabled',
      'blocker',
      `${environment.name} is disabled: nothing is read or cycled there until an administrator enables it.`,
      environment.name,
    ),
    check(
      facts.reachable || environment.disabledAt !== null,
      'no-worker',
      'blocker',
      `No worker that may drive ${environment.name} is running${environment.hostName === null ? '' : `; it belongs to ${environment.hostName}`}.`,
      'workers',
    ),
    check(
      facts.activeCycleId === null,
      'active-cycle',
      'blocker',
      'A cycle of this cluster is active; one cluster is cycled once at a time.',
      'cycles',
    ),
    check(
      explained === null || tasks.length > 0,
      'nothing-to-do',
      'blocker',
      'Nothing is to be replaced and the size is the target: there is nothing to do.',
      'planner',
    ),
    check(
      future.outcome === 'completes' || asksAfterDrain(future) || tasks.length === 0,
      'never-ends',
      'blocker',
      `The cycle would not end: ${future.because}.`,
      'forecast',
    ),
    check(
      !asksAfterDrain(future),
      'slow-drain',
      'warning',
      `The forecast stops before the end: ${future.because}.`,
      'forecast',
      [
        {
          label: `drain timeout ${roughly(patience)}`,
          knobs: { drainTimeoutMs: patience },
        },
      ],
    ),
    check(
      point.inService >= floor,
      'below-floor',
      'warning',
      `Only ${point.inService} are in service and the floor is ${floor}: nothing in service is drained until more are.`,
      environment.name,
    ),
    check(
      unhealthy.length === 0,
      'unhealthy',
      'warning',
      `${names(unhealthy.map((one) => one.id))} unhealthy already, so ${point.inService} of ${cluster.instances.length} are in service at the start.`,
      environment.name,
    ),
    check(
      skipped.length === 0,
      'protected',
      'warning',
      `${names(skipped.map((one) => one.instanceId))} outdated and protected, and will stay as ${skipped.length === 1 ? 'it is' : 'they are'}.`,
      environment.name,
      [{ label: 'replace it instead', knobs: { policy: { protect: 'replace' } } }],
    ),
    check(
      facts.capabilities?.observesDrain !== false || touched.size === 0,
      'drain-not-observable',
      'warning',
      `${environment.name} cannot tell when an instance is drained: each is taken for drained ${roughly(facts.capabilities?.drainWaitMs ?? 0)} after the order, whatever still runs on it.`,
      environment.name,
    ),
    check(holders === null, 'held', 'warning', holders ?? '', 'reservations'),
    check(
      config.drainTimeoutMs === 0 ||
        (policy.onDrainTimeout !== undefined && policy.onDrainTimeout !== 'force') ||
        forced.length === 0,
      'forced-drain',
      'warning',
      `Work on ${names(forced.map((one) => one.id))} is ended by force when a drain takes longer than ${Math.round(config.drainTimeoutMs / 1000)} s.`,
      'policy',
      [{ label: 'pause and ask instead', knobs: { policy: { onDrainTimeout: 'pause' } } }],
    ),
  ];
}

/** Whether the forecast ends with a person being asked about a drain that takes too long: a delay, not an end. */
function asksAfterDrain(future: Forecast): boolean {
  return future.asks === 'drain-timeout';
}

function names(ids: readonly string[]): string {
  const shown = ids.length > 3 ? [...ids.slice(0, 2), `${ids.length - 2} others`] : ids;
  return `${list(shown)} ${ids.length === 1 ? 'is' : 'are'}`;
}

function sentence(
  cluster: Cluster,
  config: TaskConfig,
  explanation: Explanation,
  future: Forecast,
  floor: number,
  canaries: number,
): string {
  const replaced = explanation.decisions.filter((one) => one.kind === 'replace').length;
  const scaledIn = explanation.decisions.filter((one) => one.kind === 'scale-in').length;
  const what = [
    ...(replaced > 0
      ? [`Replace ${replaced} of ${cluster.instances.length} instances${waves(future, canaries)}.`]
      : []),
    ...(scaledIn > 0 ? [`Scale in ${scaledIn}.`] : []),
    ...(replaced === 0 && future.starts > 0 ? [`Start ${future.starts}.`] : []),
  ];
  if (what.length === 0) return 'Nothing to do.';
  const { p50, p90 } = future.durationMs;
  const factor = isLarge(cluster, config) && p90 > p50 ? `${(p90 / p50).toFixed(1)} times p50, ` : '';
  const basis =
    future.sampleSize === 0
      ? 'from defaults, nothing observed yet'
      : `${factor}from ${future.sampleSize} observed times`;
  const ends = future.outcome === 'completes' ? ` About ${roughly(p50)} (p50), ${roughly(p90)} (p90, ${basis}).` : '';
  return `${what.join(' ')} In service never below ${future.lowest.inService} (floor ${floor}).${ends}`;
}

function waves(future: Forecast, canaries: number): string {
  const [first] = future.waves;
  // Where an old one goes before a new one comes, the canary is the first wave.
  const isCanaryWave = canaries > 0 && first !== undefined && first.at === firstOrderAt(future);
  const sizes = future.waves.slice(isCanaryWave ? 1 : 0).map((wave) => wave.instanceIds.length);
  const largest = Math.max(0, ...sizes);
  const ofSize = sizes.every((size) => size === largest) ? largest : `up to ${largest}`;
  const inWaves = `${sizes.length} ${sizes.length === 1 ? 'wave' : 'waves'} of ${ofSize}`;
  if (canaries === 0) return sizes.length <= 1 ? '' : ` in ${inWaves}`;
  const canary = canaries === 1 ? '1 canary' : `${canaries} canaries`;
  return sizes.length === 0 ? `: ${canary}` : `: ${canary}, then ${inWaves}`;
}

/** What changed from the most common outdated configuration to the present one. */
function changes(cluster: Cluster, configs: PreviewFacts['configs']): SpecChange[] {
  const outdated = new Map<string, number>();
  for (const { config } of cluster.instances) {
    if (config !== cluster.config) outdated.set(config, (outdated.get(config) ?? 0) + 1);
  }
  const [commonest] = [...outdated].sort(([, a], [, b]) => b - a);
  const before = commonest === undefined ? undefined : configs.get(commonest[0]);
  const after = configs.get(cluster.config);
  return before === undefined || after === undefined ? [] : specDifference(before.spec, after.spec);
}

function nothingForecast(point: CapacityPoint): Forecast {
  return {
    outcome: 'never-ends',
    because: 'these sizes leave no room',
    asks: null,
    steps: [],
    waves: [],
    points: [point],
    lowest: { at: point.at, inService: point.inService },
    peakSize:
      point.startedNew +
      point.startedOld +
      point.unhealthy +
      point.starting +
      point.draining +
      point.drained +
      point.terminating,
    starts: 0,
    drains: 0,
    terminations: 0,
    durationMs: { p50: 0, p90: 0 },
    sampleSize: 0,
  };
}
