import type { Cluster, Instance } from '../cluster/cluster.ts';
import type { Forecast } from './forecast.ts';
import { inService } from './in-service.ts';
import { type CyclePolicy, isUnlimited } from './policy.ts';
import type { Task, TaskConfig } from './task.ts';
import { nextChange, World } from './world-model.ts';

/**
 * The laws that every plan must keep, stated apart from the planner, and a world that tries to make a planner break them.
 * For tests: a planner, or anything that acts like one, is an argument.
 */
export type Planner = (cluster: Cluster, config: TaskConfig, policy: CyclePolicy, now: number) => readonly Task[];

export interface Scenario {
  readonly cluster: Cluster;
  readonly config: TaskConfig;
  readonly policy: CyclePolicy;
  readonly now: number;
  /** How long things take, one after the other and then again from the start, in milliseconds. */
  readonly speeds: readonly number[];
  /** What happens besides, at each moment: see `mishap`. Empty: nothing. */
  readonly mishaps: readonly number[];
}

export interface Verdict {
  /** What was broken, and where; null where every law held. */
  readonly broken: string | null;
  readonly outcome: Forecast['outcome'];
  readonly steps: number;
}

const MOST_STEPS = 3_000;
/** Mishaps may go on for ever, and then so does the cycle. */
const MOST_STEPS_WITH_MISHAPS = 150;

/** Runs a planner in a scenario and judges every plan. */
export function trial(planner: Planner, { cluster, config, policy, now, speeds, mishaps }: Scenario): Verdict {
  const speed = cycled(speeds, 1_000);
  const chance = cycled(mishaps, 0);
  const healthChecks = cluster.instances.some(({ health }) => health !== undefined);
  const world = new World(cluster, now, healthChecks ? { lasts: speed, health: () => 'healthy' } : { lasts: speed });
  const most = mishaps.length > 0 ? MOST_STEPS_WITH_MISHAPS : MOST_STEPS;
  let idle = 0;
  for (let step = 1; step <= most; step += 1) {
    const list = planner(world.cluster, config, policy, world.now);
    const broken = brokenLaw(list, world.cluster, config, policy, world.now);
    if (broken !== null) return { broken: `step ${step}: ${broken}`, outcome: 'never-ends', steps: step };
    if (list.length === 0) return { broken: null, outcome: 'completes', steps: step };

    world.order(list);
    const hold = list.at(-1);
    const until = hold?.kind === 'hold' ? hold.until : Number.POSITIVE_INFINITY;
    if (hold?.kind === 'hold' && until === null) {
      if (hold.reason !== 'drain-timeout' || policy.onDrainTimeout !== 'skip')
        return { broken: null, outcome: 'holds', steps: step };
      world.undrain(hold.instanceIds);
    }
    // The world answers when it likes; a runner looks at it at other moments as well.
    const next = Math.min(nextChange(world, config, policy), until ?? Number.POSITIVE_INFINITY);
    const look = world.now + 5_000;
    idle = world.nextAt() === Number.POSITIVE_INFINITY ? idle + 1 : 0;
    if (idle > 400) return { broken: null, outcome: 'never-ends', steps: step };
    world.advanceTo(Math.min(next, look));
    if (mishaps.length > 0) mishap(world, chance());
  }
  return { broken: mishaps.length > 0 ? null : `no end after ${most} steps`, outcome: 'never-ends', steps: most };
}

function cycled(values: readonly number[], fallback: number): () => number {
  let index = 0;
  return () => values[index++ % values.length] ?? fallback;
}

/** `chance` is below 1,000: its hundreds choose what happens, the rest to which machine. */
function mishap(world: World, chance: number): void {
  const machine = world.machines[(chance % 100) % Math.max(1, world.machines.length)];
  if (machine === undefined) return;
  switch (Math.floor(chance / 100)) {
    case 1:
      machine.health = 'unhealthy';
      machine.healthySince = null;
      break;
    case 2:
      machine.health = 'healthy';
      machine.healthySince = world.now;
      break;
    case 3:
      machine.health = 'unknown';
      break;
    case 4:
      // Dies by itself.
      machine.state = 'terminating';
      machine.dueAt = world.now + 1_000;
      break;
    case 5: {
      // Somebody else starts one.
      world.order([{ kind: 'start', clusterId: 'any', count: 1 }]);
      const other = world.machines.at(-1);
      if (other !== undefined) other.excluded = 'not-ours';
      break;
    }
    default:
      break;
  }
}

/** The first law that a plan breaks, in words; null where it keeps them all. */
export function brokenLaw(
  list: readonly Task[],
  cluster: Cluster,
  config: TaskConfig,
  policy: CyclePolicy,
  now: number,
): string | null {
  const facts = factsOf(list, cluster, policy, now);
  for (const law of [formLaw, floorLaw, ceilingLaw, batchLaw, canaryLaw, aloneLaw, emptyLaw]) {
    const broken = law(facts, config, policy, now);
    if (broken !== null) return `${broken}\n${story(list, cluster, config, policy)}`;
  }
  return null;
}

interface Facts {
  readonly list: readonly Task[];
  readonly cluster: Cluster;
  readonly byId: ReadonlyMap<string, Instance>;
  readonly starts: number;
  readonly drains: readonly Instance[];
  readonly terminates: readonly Instance[];
  /** Neither excluded nor spared. */
  readonly ours: readonly Instance[];
  readonly outdated: readonly Instance[];
  readonly inService: number;
}

function factsOf(list: readonly Task[], cluster: Cluster, policy: CyclePolicy, now: number): Facts {
  const byId = new Map(cluster.instances.map((instance) => [instance.id, instance]));
  const named = (kind: 'drain' | 'terminate') =>
    list.flatMap((task) => (task.kind === kind ? task.instanceIds : [])).flatMap((id) => byId.get(id) ?? []);
  const ours = cluster.instances.filter((instance) => !alone(instance, policy));
  return {
    list,
    cluster,
    byId,
    starts: list.reduce((sum, task) => sum + (task.kind === 'start' ? task.count : 0), 0),
    drains: named('drain'),
    terminates: named('terminate'),
    ours,
    outdated: ours.filter(
      (instance) =>
        instance.config !== cluster.config && !(policy.protect === 'wait' && instance.protection !== undefined),
    ),
    inService: cluster.instances.filter((instance) => inService(instance, policy, now)).length,
  };
}

function alone({ excluded, protection }: Instance, { protect }: CyclePolicy): boolean {
  return excluded !== undefined || (protect === 'skip' && protection !== undefined);
}

type Law = (facts: Facts, config: TaskConfig, policy: CyclePolicy, now: number) => string | null;

const RANK = ['start', 'drain', 'terminate', 'wait drained', 'wait started', 'wait terminated', 'hold'];

const formLaw: Law = ({ list, cluster, byId, drains, terminates }, { drainTimeoutMs }, policy, now) => {
  const ranks = list.map((task) => RANK.indexOf(task.kind === 'wait' ? `wait ${task.state}` : task.kind));
  if (ranks.some((rank, index) => index > 0 && rank <= (ranks[index - 1] ?? -1))) return 'the tasks are out of order';
  const reference = isUnlimited(policy) && cluster.instances.every(({ excluded }) => excluded === undefined);
  if (reference && ranks.includes(RANK.indexOf('hold'))) return 'a hold without a policy';
  const named = list.flatMap((task) => (task.kind === 'start' || task.kind === 'hold' ? [] : task.instanceIds));
  if (new Set(named).size !== named.length) return 'an instance is named twice';
  if (named.some((id) => !byId.has(id))) return 'an instance is named that is not there';
  if (
    list.some((task) =>
      task.kind === 'start' ? task.count < 1 : task.kind !== 'hold' && task.instanceIds.length === 0,
    )
  )
    return 'an empty task';
  if (drains.some(({ state }) => state !== 'started')) return 'a drain of an instance that is not started';
  const force = policy.onDrainTimeout === undefined || policy.onDrainTimeout === 'force';
  const mayEnd = ({ state, updatedAt }: Instance) =>
    state === 'drained' ||
    (state === 'draining' && force && drainTimeoutMs > 0 && updatedAt !== null && now - updatedAt >= drainTimeoutMs);
  return terminates.every(mayEnd) ? null : 'a termination of an instance that is neither drained nor overdue';
};

const floorLaw: Law = ({ drains, outdated, inService: serving }, config, policy, now) => {
  const costs = drains.filter((instance) => inService(instance, policy, now)).length;
  // The reference scales in below the minimum, and the unlimited policy is the reference.
  if (costs === 0 || (isUnlimited(policy) && outdated.length === 0)) return null;
  const floor = Math.max(config.minSize, config.targetSize - (policy.maxUnavailable ?? Number.POSITIVE_INFINITY));
  return serving - costs >= floor ? null : `${serving} in service, ${costs} of them drained, and the floor is ${floor}`;
};

const ceilingLaw: Law = ({ starts, cluster, outdated }, config, policy) => {
  if (starts === 0) return null;
  const size = cluster.instances.length + starts;
  const wanted =
    outdated.length > 0 ? config.targetSize + (policy.surge ?? Number.POSITIVE_INFINITY) : config.targetSize;
  const most = isUnlimited(policy) && outdated.length === 0 ? wanted : Math.min(config.maxSize, wanted);
  return size <= most ? null : `${starts} started to a size of ${size}, and the ceiling is ${most}`;
};

const batchLaw: Law = ({ ours, drains }, _config, { batch }) => {
  const draining = ours.filter(({ state }) => state === 'draining').length;
  return batch === undefined || drains.length === 0 || draining + drains.length <= batch
    ? null
    : `${draining} + ${drains.length} drain, batch ${batch}`;
};

const canaryLaw: Law = ({ cluster, ours, outdated, starts, drains }, _config, policy, now) => {
  const { canary, bakeMs = 0, minHealthyMs = 0 } = policy;
  const orders = starts + drains.length;
  if (canary === undefined || outdated.length === 0 || orders === 0) return null;
  const current = cluster.instances.filter(({ config }) => config === cluster.config);
  const baked = current.filter(
    (instance) =>
      inService(instance, policy, now) &&
      (bakeMs === 0 ||
        now - (instance.healthySince ?? instance.createdAt ?? Number.NEGATIVE_INFINITY) >= minHealthyMs + bakeMs),
  );
  if (baked.length >= canary) return null;
  const out = ours.filter(({ state, config }) =>
    state === 'starting' || state === 'started' ? config === cluster.config : true,
  ).length;
  if (out + orders > canary) return `${out} out and ${orders} ordered before ${canary} canaries have passed`;
  return ours.some(
    ({ state, config, health }) => state === 'started' && config === cluster.config && health === 'unhealthy',
  )
    ? 'an order while a canary is unhealthy'
    : null;
};

const aloneLaw: Law = ({ list, byId, drains, terminates }, _config, policy) => {
  const named = list
    .flatMap((task) => (task.kind === 'start' ? [] : task.instanceIds))
    .flatMap((id) => byId.get(id) ?? []);
  const touched = named.find((instance) => alone(instance, policy) && !isBystander(list, instance));
  if (touched !== undefined) return `${touched.id} is to be left alone, and is named`;
  if (policy.protect !== 'wait') return null;
  const ended = [...drains, ...terminates].find(({ protection }) => protection !== undefined);
  return ended === undefined ? null : `${ended.id} is protected, and is drained or terminated`;
};

/** A hold may name what it waits for, even where that is left alone: it orders nothing. */
function isBystander(list: readonly Task[], { id }: Instance): boolean {
  return !list.some((task) => task.kind !== 'start' && task.kind !== 'hold' && task.instanceIds.includes(id));
}

const emptyLaw: Law = ({ list, outdated }) =>
  list.length === 0 && outdated.length > 0 ? 'an empty list, and something is outdated' : null;

function story(list: readonly Task[], cluster: Cluster, config: TaskConfig, policy: CyclePolicy): string {
  return [
    JSON.stringify(config),
    JSON.stringify(policy),
    ...cluster.instances.map((instance) => JSON.stringify(instance)),
    JSON.stringify(list),
  ].join('\n');
}
