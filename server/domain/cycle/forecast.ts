import type { Cluster, InstanceState } from '../cluster/cluster.ts';
import { type CapacityPoint, capacity } from './capacity.ts';
import { explain } from './explain.ts';
import type { CyclePolicy } from './policy.ts';
import type { HoldReason, Task, TaskConfig } from './task.ts';
import { tasks } from './tasks.ts';
import { type Nature, nextChange, type Phase, World } from './world-model.ts';

/** How long things took on this cluster, in milliseconds; an empty list means nothing is known yet. */
export interface Durations {
  readonly startMs: readonly number[];
  readonly drainMs: readonly number[];
  readonly terminateMs: readonly number[];
  /** Seeds the draws, so that a forecast is the same every time. */
  readonly seed: number;
}

/** The first step is the plan of now; after it, those that order something. */
export interface ForecastStep {
  readonly at: number;
  readonly tasks: readonly Task[];
}

/** The instances whose drain is ordered in one step. */
export interface Wave {
  readonly at: number;
  readonly instanceIds: readonly string[];
}

/** What an instance goes through; one that nothing happens to has no lane. */
export interface ForecastLane {
  readonly instanceId: string;
  /**
   * Each change of state: milliseconds after the first point, and the state from then on; `gone` = no longer listed.
   * The first tells how the instance begins. A state that is left at once is passed over.
   */
  readonly changes: readonly (readonly [number, InstanceState | 'gone'])[];
}

export interface Forecast {
  /** completes: nothing is left to do. holds: a person must decide. never-ends: it would go on without progress. */
  readonly outcome: 'completes' | 'holds' | 'never-ends';
  /** Why it does not complete; null where it does. */
  readonly because: string | null;
  /** What a person must decide where it holds; null where it does not. */
  readonly asks: HoldReason | null;
  readonly steps: readonly ForecastStep[];
  readonly waves: readonly Wave[];
  /** Capacity over time; a point holds until the next. The first is now. */
  readonly points: readonly CapacityPoint[];
  /** Those of the cluster in its order, then those that are started, as they are. Absent from a plan that was frozen before forecasts told them. */
  readonly lanes?: readonly ForecastLane[];
  readonly lowest: { readonly at: number; readonly inService: number };
  readonly peakSize: number;
  readonly starts: number;
  readonly drains: number;
  readonly terminations: number;
  readonly durationMs: { readonly p50: number; readonly p90: number };
  /** How many observed durations the draws rest on; 0 means that defaults were used. */
  readonly sampleSize: number;
}

/** What is assumed of a cluster of which nothing is known. */
const DEFAULT_MS = { start: 60_000, drain: 120_000, terminate: 10_000 } as const satisfies Record<Phase, number>;

/** A drain of which nothing is known is assumed to end in time. */
function assumedMs({ drainTimeoutMs }: TaskConfig): Readonly<Record<Phase, number>> {
  return drainTimeoutMs === 0 ? DEFAULT_MS : { ...DEFAULT_MS, drain: Math.min(DEFAULT_MS.drain, drainTimeoutMs / 2) };
}

/** Beyond this size the durations are not drawn: every phase takes its median, and p90 is p50 times a factor. */
const DRAWN_UP_TO = 100;
const DRAWS = 20;
const LARGE_FACTOR = 1.3;
/** p90 over p50 where nothing is known of the durations. */
const UNKNOWN_FACTOR = 1.5;

/**
 * What would happen: `tasks` is run against a model of the cluster until nothing is left to do or a person must decide.
 *
 * Each phase of each instance takes a time drawn from those observed; over 20 seeded runs, p50 and p90 are what the
 * runs took, and the steps are those of the run in the middle. A cluster of more than 100 instances is run once with the
 * medians, and p90 is 1.3 times p50; where nothing was observed defaults are used and p90 is 1.5 times p50.
 * A pure function. Throws INVALID_TASK_CONFIG.
 */
export function forecast(
  cluster: Cluster,
  config: TaskConfig,
  policy: CyclePolicy,
  durations: Durations,
  now: number,
): Forecast {
  const observed = { start: durations.startMs, drain: durations.drainMs, terminate: durations.terminateMs };
  const sampleSize = observed.start.length + observed.drain.length + observed.terminate.length;
  const samples = withAssumed(observed, assumedMs(config));
  const healthChecks = cluster.instances.some(({ health }) => health !== undefined);
  const world = (pace: Pace) =>
    new World(cluster, now, healthChecks ? { lasts: pace, health: () => 'healthy' } : { lasts: pace });

  const varied = Object.values(samples).some((times) => times.some((time) => time !== times[0]));
  if (!varied || isLarge(cluster, config)) {
    const recorded = record(world(medians(samples)), config, policy);
    const factor = sampleSize === 0 ? UNKNOWN_FACTOR : varied ? LARGE_FACTOR : 1;
    return {
      ...recorded,
      durationMs: { p50: recorded.durationMs.p50, p90: recorded.durationMs.p90 * factor },
      sampleSize,
    };
  }
  const draws = Array.from({ length: DRAWS }, (_, index) => {
    const model = world(drawn(samples, durations.seed + index));
    rollout(model, config, policy);
    return { index, lastedMs: model.now - now };
  }).sort((a, b) => a.lastedMs - b.lastedMs);
  const middle = draws[DRAWS / 2 - 1]?.index ?? 0;
  const recorded = record(world(drawn(samples, durations.seed + middle)), config, policy);
  const p90 = draws[DRAWS * 0.9 - 1]?.lastedMs ?? recorded.durationMs.p90;
  return { ...recorded, durationMs: { p50: recorded.durationMs.p50, p90 }, sampleSize };
}

/** Whether the durations of its instances are too many to be drawn. */
export function isLarge({ instances }: Cluster, { maxSize }: TaskConfig): boolean {
  return Math.max(instances.length, maxSize) > DRAWN_UP_TO;
}

type Samples = Readonly<Record<Phase, readonly number[]>>;
type Pace = Nature['lasts'];

function medians(samples: Samples): Pace {
  const typical = {
    start: median(samples, 'start'),
    drain: median(samples, 'drain'),
    terminate: median(samples, 'terminate'),
  };
  return (phase) => typical[phase];
}

/** Where nothing was observed, the assumed time is the only sample. */
function withAssumed(observed: Samples, assumed: Readonly<Record<Phase, number>>): Samples {
  const of = (phase: Phase) => (observed[phase].length === 0 ? [assumed[phase]] : observed[phase]);
  return { start: of('start'), drain: of('drain'), terminate: of('terminate') };
}

function median(samples: Samples, phase: Phase): number {
  const sorted = samples[phase].toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function drawn(samples: Samples, seed: number): Pace {
  const next = randomFrom(seed);
  return (phase) => samples[phase][Math.floor(next() * samples[phase].length)] ?? 0;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function record(world: World, config: TaskConfig, policy: CyclePolicy): Omit<Forecast, 'sampleSize'> {
  const begun = world.now;
  const first = capacity(world.cluster, policy, begun);
  const steps: ForecastStep[] = [];
  const waves: Wave[] = [];
  const points: CapacityPoint[] = [first];
  const counts = { start: 0, drain: 0, terminate: 0 };
  const lanes = new Lanes(world);

  const ending = rollout(world, config, policy, (list) => {
    let orders = false;
    for (const task of list) {
      if (task.kind === 'wait' || task.kind === 'hold') continue;
      orders = true;
      counts[task.kind] += task.kind === 'start' ? task.count : task.instanceIds.length;
      if (task.kind === 'drain') waves.push({ at: world.now, instanceIds: task.instanceIds });
    }
    if (orders || (steps.length === 0 && list.length > 0)) steps.push({ at: world.now, tasks: list });
    const point = capacity(world.cluster, policy, world.now);
    if (!sameCounts(point, points.at(-1) ?? first)) points.push(point);
    lanes.look();
  });
  const lowest = points.reduce((low, point) => (point.inService < low.inService ? point : low), first);
  const lastedMs = world.now - begun;
  return {
    ...ending,
    steps,
    waves,
    points,
    lanes: lanes.changed(),
    lowest: { at: lowest.at, inService: lowest.inService },
    peakSize: Math.max(...points.map(sizeOf)),
    starts: counts.start,
    drains: counts.drain,
    terminations: counts.terminate,
    durationMs: { p50: lastedMs, p90: lastedMs },
  };
}

/** Notes the changes of each machine of a world, one look after the other. */
class Lanes {
  readonly #world: World;
  readonly #begun: number;
  readonly #lanes = new Map<string, [number, InstanceState | 'gone'][]>();
  /** Only these can be gone at the next look. */
  #terminating: ReadonlySet<string> = new Set();

  constructor(world: World) {
    this.#world = world;
    this.#begun = world.now;
    this.look();
  }

  look(): void {
    const { machines, now } = this.#world;
    const at = now - this.#begun;
    const gone = new Set(this.#terminating);
    const terminating = new Set<string>();
    for (const { id, state } of machines) {
      const lane = this.#lanes.get(id) ?? [];
      if (lane.at(-1)?.[1] !== state) lane.push([at, state]);
      this.#lanes.set(id, lane);
      if (state === 'terminating') terminating.add(id);
      gone.delete(id);
    }
    for (const id of gone) this.#lanes.get(id)?.push([at, 'gone']);
    this.#terminating = terminating;
  }

  changed(): ForecastLane[] {
    return [...this.#lanes]
      .filter(([, changes]) => changes.length > 1)
      .map(([instanceId, changes]) => ({ instanceId, changes }));
  }
}

function sizeOf({
  startedNew,
  startedOld,
  unhealthy,
  starting,
  draining,
  drained,
  terminating,
}: CapacityPoint): number {
  return startedNew + startedOld + unhealthy + starting + draining + drained + terminating;
}

function sameCounts(a: CapacityPoint, b: CapacityPoint): boolean {
  return (
    a.startedNew === b.startedNew &&
    a.startedOld === b.startedOld &&
    a.unhealthy === b.unhealthy &&
    a.starting === b.starting &&
    a.draining === b.draining &&
    a.drained === b.drained &&
    a.terminating === b.terminating &&
    a.inService === b.inService
  );
}

type Ending = Pick<Forecast, 'outcome' | 'because' | 'asks'>;

/** Plans, orders and lets time pass until the cycle ends. `onStep` sees each list once its orders are given. */
function rollout(
  world: World,
  config: TaskConfig,
  policy: CyclePolicy,
  onStep?: (list: readonly Task[]) => void,
): Ending {
  // While nothing is under way, each instance can make the planner wait a few times (minimum health, bake);
  // more often in a row means that nothing will ever change.
  const patience = 10 + 4 * world.machines.length;
  let idle = 0;
  for (;;) {
    const list = tasks(world.cluster, config, policy, world.now);
    world.order(list);
    onStep?.(list);
    if (list.length === 0) return { outcome: 'completes', because: null, asks: null };

    const hold = list.findLast((task) => task.kind === 'hold');
    if (hold !== undefined && hold.until === null) {
      if (hold.reason !== 'drain-timeout' || policy.onDrainTimeout !== 'skip')
        return { outcome: 'holds', because: reasonOf(world, config, policy), asks: hold.reason };
      world.undrain(hold.instanceIds);
      continue;
    }
    const at = Math.min(hold?.until ?? Number.POSITIVE_INFINITY, nextChange(world, config, policy));
    idle = world.nextAt() === Number.POSITIVE_INFINITY ? idle + 1 : 0;
    if (at === Number.POSITIVE_INFINITY || idle > patience)
      return { outcome: 'never-ends', because: reasonOf(world, config, policy), asks: null };
    world.advanceTo(at);
  }
}

function reasonOf(world: World, config: TaskConfig, policy: CyclePolicy): string {
  const { tasks: explained, binding } = explain(world.cluster, config, policy, world.now);
  return explained.at(-1)?.because ?? binding ?? 'nothing more would change';
}
