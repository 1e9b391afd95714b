import type { Cluster, Instance } from '../cluster/cluster.ts';
import { inService, inServiceFrom } from './in-service.ts';
import { ordered } from './order.ts';
import { type CyclePolicy, floorOf, isUnlimited } from './policy.ts';
import { isGuarded, isLeftAlone, type Survey, survey } from './survey.ts';
import type { HoldReason, TaskConfig } from './task.ts';
import { checkTaskConfig } from './task-config.ts';

/** Facts come at least this often: when only a new fact can help, planning again may then give something else. */
export const RECHECK_MS = 5_000;

/**
 * One step before it is written down as tasks: what to do, and what a reason may want to mention.
 * The tasks and their explanation are both made from it.
 */
export interface Step {
  /** replace: something is outdated. finish: nothing is, but something is under way. */
  readonly purpose: 'replace' | 'finish' | 'scale-out' | 'scale-in';
  readonly survey: Survey;
  /** The least in service that a drain may leave. */
  readonly floor: number;
  /** The size that starts may reach. */
  readonly ceiling: number;
  readonly canary: Canary | null;
  readonly start: number;
  /** Started instances that are to leave, those that go first at the front. */
  readonly candidates: readonly Instance[];
  /** Those of the candidates that go now. */
  readonly drain: readonly Instance[];
  /** Why not all candidates go; null where they do. */
  readonly limit: DrainLimit | null;
  readonly hold: Hold | null;
}

export type DrainLimit = 'floor' | 'batch' | 'canary';

export interface Hold {
  readonly reason: HoldReason;
  readonly instances: readonly Instance[];
  readonly until: number | null;
}

export interface Canary {
  readonly needed: number;
  readonly passed: boolean;
  /** How many more starts and drains may be ordered now. */
  readonly room: number;
  readonly unhealthy: readonly Instance[];
  /** Started, healthy, and not yet in service for long enough. */
  readonly baking: readonly Instance[];
  /** When enough will have been in service for long enough; null where not enough have come that far. */
  readonly until: number | null;
}

/** Throws INVALID_TASK_CONFIG. */
export function planStep(cluster: Cluster, config: TaskConfig, policy: CyclePolicy, now: number): Step {
  checkTaskConfig(config);
  const facts = survey(cluster, config, policy, now);
  const step =
    facts.outdated > 0 ? replace(cluster, facts, config, policy, now) : settle(cluster, facts, config, policy, now);
  // The reference never holds: some task of its own always changes something. That ends where instances are left alone.
  return isUnlimited(policy) && facts.leftAlone === 0
    ? step
    : { ...step, hold: holdOf(cluster, step, config, policy, now) };
}

/** Something is outdated: start what the ceiling allows, drain what the floor can spare. */
function replace(cluster: Cluster, facts: Survey, config: TaskConfig, policy: CyclePolicy, now: number): Step {
  const floor = floorOf(config, policy);
  const ceiling =
    policy.surge === undefined
      ? config.maxSize
      : Math.min(config.maxSize, config.targetSize + Math.min(policy.surge, facts.outdated));
  const canary = policy.canary === undefined ? null : canaryOf(cluster, facts, policy, policy.canary, now);
  const canaryRoom = canary?.room ?? Number.POSITIVE_INFINITY;
  const start = Math.min(Math.max(0, ceiling - facts.size), canaryRoom);
  const candidates =
    policy.order === undefined
      ? facts.outdatedStarted
      : ordered(facts.outdatedStarted, policy.order, cluster.instances);
  const batchRoom = batchRoomOf(facts, policy);
  const room = Math.min(batchRoom, canaryRoom - start);
  const drain = choose(candidates, facts, floor, room, policy, now);
  const limit =
    drain.length === candidates.length ? null : drain.length < room ? 'floor' : room < batchRoom ? 'canary' : 'batch';
  return { purpose: 'replace', survey: facts, floor, ceiling, canary, start, candidates, drain, limit, hold: null };
}

/** Nothing is outdated: once nothing is under way either, come to the target size. */
function settle(cluster: Cluster, facts: Survey, config: TaskConfig, policy: CyclePolicy, now: number): Step {
  const unlimited = isUnlimited(policy);
  const floor = floorOf(config, policy);
  const ceiling = unlimited ? config.targetSize : Math.min(config.targetSize, config.maxSize);
  const step = {
    survey: facts,
    floor,
    ceiling,
    canary: null,
    start: 0,
    candidates: [],
    drain: [],
    limit: null,
    hold: null,
  };
  if (isUnderWay(facts)) return { ...step, purpose: 'finish' };
  if (facts.size <= config.targetSize) {
    return { ...step, purpose: 'scale-out', start: Math.max(0, ceiling - facts.size) };
  }

  const surplus = facts.size - config.targetSize;
  const sorted = ordered(
    freeOf(cluster, facts, policy),
    policy.order?.includes('unhealthy') ? ['unhealthy', 'oldest'] : ['oldest'],
    [],
  );
  const room = Math.min(surplus, batchRoomOf(facts, policy));
  // The reference scales in to the target, whatever the minimum is.
  const drain = choose(sorted, facts, unlimited ? Number.NEGATIVE_INFINITY : floor, room, policy, now);
  const candidates = drain.length === surplus ? drain : withNext(drain, sorted, surplus);
  const limit = drain.length === candidates.length ? null : drain.length < room ? 'floor' : 'batch';
  return { ...step, purpose: 'scale-in', candidates, drain, limit };
}

/** The instances that may be scaled in. */
function freeOf(cluster: Cluster, facts: Survey, policy: CyclePolicy): readonly Instance[] {
  if (facts.leftAlone === 0 && policy.protect !== 'wait') return cluster.instances; // nothing is under way, so all are started
  return cluster.instances.filter(
    (instance) => instance.state === 'started' && !isLeftAlone(instance, policy) && !isGuarded(instance, policy),
  );
}

/** Those that go, and after them those that would go next, up to `count`. */
function withNext(drain: readonly Instance[], sorted: readonly Instance[], count: number): readonly Instance[] {
  const going = new Set(drain);
  return [...drain, ...sorted.filter((instance) => !going.has(instance))].slice(0, count);
}

/**
 * The first candidates that may go. Draining one that is in service, or may be for all we know, needs one more in service
 * than the floor; so does scaling in a current one that will soon be. Any drain needs one more started than the floor,
 * so that a fault of the health checks cannot empty a cluster.
 */
function choose(
  candidates: readonly Instance[],
  facts: Survey,
  floor: number,
  room: number,
  policy: CyclePolicy,
  now: number,
): readonly Instance[] {
  const { outdated } = facts;
  let { started, inService: serving } = facts;
  if (started === serving) return candidates.slice(0, Math.max(0, Math.min(room, started - floor)));
  const chosen: Instance[] = [];
  for (const candidate of candidates) {
    if (chosen.length >= room || started <= floor) break;
    const serves = inService(candidate, policy, now);
    const spares = !serves && (candidate.health === 'unhealthy' || (candidate.health !== 'unknown' && outdated > 0));
    if (!spares && serving <= floor) continue;
    chosen.push(candidate);
    started -= 1;
    if (serves) serving -= 1;
  }
  return chosen;
}

function canaryOf(cluster: Cluster, facts: Survey, policy: CyclePolicy, needed: number, now: number): Canary {
  const bakeMs = policy.bakeMs ?? 0;
  const unhealthy: Instance[] = [];
  const baking: Instance[] = [];
  let baked = 0;
  let ours = 0;
  for (const instance of cluster.instances) {
    if (baked >= needed) break;
    if (instance.config !== cluster.config || (instance.state !== 'started' && instance.state !== 'starting')) continue;
    const leftAlone = isLeftAlone(instance, policy);
    if (!leftAlone) ours += 1;
    if (instance.state === 'starting') continue;
    const bakedAt = inServiceFrom(instance, policy, bakeMs);
    if (bakedAt <= now) baked += 1;
    else if (bakedAt < Number.POSITIVE_INFINITY) baking.push(instance);
    else if (instance.health === 'unhealthy' && !leftAlone) unhealthy.push(instance);
  }
  if (baked >= needed)
    return { needed, passed: true, room: Number.POSITIVE_INFINITY, unhealthy: [], baking: [], until: null };

  const out = ours + facts.leaving;
  const until =
    baking.map((instance) => inServiceFrom(instance, policy, bakeMs)).sort((a, b) => a - b)[needed - baked - 1] ?? null;
  return {
    needed,
    passed: false,
    room: unhealthy.length > 0 ? 0 : Math.max(0, needed - out),
    unhealthy,
    baking,
    until,
  };
}

/** The one thing that a reader should know about what is not in the list; null where nothing is held back. */
function holdOf(cluster: Cluster, step: Step, config: TaskConfig, policy: CyclePolicy, now: number): Hold | null {
  const { survey: facts, canary, candidates, limit } = step;
  if (canary !== null && canary.unhealthy.length > 0)
    return { reason: 'canary-unhealthy', instances: canary.unhealthy, until: null };
  if (facts.overdue.length > 0) return { reason: 'drain-timeout', instances: facts.overdue, until: null };
  if (canary !== null && canary.until !== null)
    return { reason: 'bake', instances: canary.baking, until: canary.until };

  if (limit === 'floor') {
    const young = becomingReady(cluster, policy, now);
    if (young !== null) return young;
  }
  if (step.start > 0 || step.drain.length > 0 || isUnderWay(facts)) return null;

  // Nothing is ordered and nothing is under way: whatever is left now waits for a fact, or for a person.
  if (facts.outdated > 0 || limit !== null) {
    const unknown = cluster.instances.filter(
      (instance) => instance.state === 'started' && instance.health === 'unknown',
    );
    if (unknown.length > 0) return { reason: 'minimum-health', instances: unknown, until: now + RECHECK_MS };
    return { reason: 'floor', instances: candidates, until: facts.othersMove ? now + RECHECK_MS : null };
  }
  if (facts.guarded.length > 0) return { reason: 'protected', instances: facts.guarded, until: null };
  return facts.size < config.targetSize ? { reason: 'ceiling', instances: [], until: null } : null;
}

/** Healthy instances that the floor waits for; null where there are none. */
function becomingReady(cluster: Cluster, policy: CyclePolicy, now: number): Hold | null {
  let until = Number.POSITIVE_INFINITY;
  const instances = cluster.instances.filter((instance) => {
    const from = instance.state === 'started' ? inServiceFrom(instance, policy) : now;
    if (from <= now || from === Number.POSITIVE_INFINITY) return false;
    until = Math.min(until, from);
    return true;
  });
  return instances.length === 0 ? null : { reason: 'minimum-health', instances, until };
}

/** Whether anything but the guarded is on its way somewhere, or to be terminated now. */
function isUnderWay({ waitStarted, waitDrained, waitTerminated, terminate, overdue }: Survey): boolean {
  return waitStarted.length + waitDrained.length + waitTerminated.length + terminate.length + overdue.length > 0;
}

function batchRoomOf({ draining }: Survey, { batch }: CyclePolicy): number {
  return batch === undefined ? Number.POSITIVE_INFINITY : Math.max(0, batch - draining);
}
