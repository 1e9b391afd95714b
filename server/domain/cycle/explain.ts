import type { Cluster, Instance } from '../cluster/cluster.ts';
import { inWords } from './duration-words.ts';
import { inService } from './in-service.ts';
import { isHeld } from './order.ts';
import { type CyclePolicy, isUnlimited } from './policy.ts';
import { type Canary, type Hold, planStep, type Step } from './step.ts';
import { isLeftAlone } from './survey.ts';
import type { Task, TaskConfig } from './task.ts';
import { idsOf, tasksOf } from './tasks.ts';

/**
 * What becomes of one instance.
 * replace: outdated, will be drained and terminated. scale-in: current, but beyond the target.
 * finish: it already leaves (draining, drained or terminating) and will be seen off.
 * wait: outdated, but something must pass first that this plan does not bring about (protection, rule `wait`).
 * skip: outdated, but left alone (protected, standby, skipped, not ours). keep: current, or starting.
 */
export type DecisionKind = 'replace' | 'scale-in' | 'finish' | 'wait' | 'skip' | 'keep';

export interface InstanceDecision {
  readonly instanceId: string;
  readonly kind: DecisionKind;
  /** Whether the tasks of this very step touch it. */
  readonly now: boolean;
  readonly reason: string;
}

export interface ExplainedTask {
  readonly task: Task;
  readonly because: string;
}

export interface Explanation {
  /** One for each instance, in cluster order. */
  readonly decisions: readonly InstanceDecision[];
  /** The tasks of this step, in the planner's order, each with its reason. */
  readonly tasks: readonly ExplainedTask[];
  /** What keeps the step from doing more, in words, e.g. "only 8 started and the floor is 8"; null where nothing does. */
  readonly binding: string | null;
}

/**
 * Why each instance gets what it gets, and why each task of this step is there, in words for the person who answers
 * for the cluster. Its tasks are those that `tasks` gives for the same arguments. Throws INVALID_TASK_CONFIG.
 */
export function explain(cluster: Cluster, config: TaskConfig, policy: CyclePolicy, now: number): Explanation {
  const step = planStep(cluster, config, policy, now);
  const situation = { cluster, config, policy, now, step };
  const placeOf = places(step);
  return {
    decisions: cluster.instances.map((instance) => decide(situation, instance, placeOf.get(instance.id))),
    tasks: tasksOf(cluster, step).map((task) => ({ task, because: because(situation, task) })),
    binding: bindingOf(situation),
  };
}

interface Situation {
  readonly cluster: Cluster;
  readonly config: TaskConfig;
  readonly policy: CyclePolicy;
  readonly now: number;
  readonly step: Step;
}

/** Where the step put an instance; one that is starting, terminating, or current and stays, is in none of these. */
type Place = 'goes' | 'next' | 'guarded' | 'overdue' | 'terminate' | 'draining';

function places({ survey, candidates, drain }: Step): ReadonlyMap<string, Place> {
  const place = new Map<string, Place>();
  const put = (name: Place, ids: readonly string[]) => {
    for (const id of ids) place.set(id, name);
  };
  put('next', idsOf(candidates));
  put('goes', idsOf(drain));
  put('guarded', idsOf(survey.guarded));
  put('overdue', idsOf(survey.overdue));
  put('terminate', survey.terminate);
  put('draining', survey.waitDrained);
  return place;
}

function decide(situation: Situation, instance: Instance, place: Place | undefined): InstanceDecision {
  const { cluster, config, policy, step } = situation;
  const outdated = instance.config !== cluster.config;
  const decision = (kind: DecisionKind, reason: string, now = false) => ({
    instanceId: instance.id,
    kind,
    now,
    reason,
  });

  if (isLeftAlone(instance, policy)) {
    return decision(
      outdated ? 'skip' : 'keep',
      `${outdated ? 'outdated' : 'current'}; ${leftAloneBecause(instance)}: counted, and left alone`,
    );
  }
  const leaves = step.purpose === 'replace' ? 'outdated' : `beyond the target ${config.targetSize}`;
  const kind = step.purpose === 'replace' ? 'replace' : 'scale-in';
  switch (place) {
    case 'goes':
      return decision(kind, `${leaves}; goes in this step: ${preference(situation, instance)}`, true);
    case 'next':
      return decision(kind, `${leaves}; waits: ${limitOf(situation)}`);
    case 'guarded':
      return decision('wait', `${outdated ? 'outdated' : instance.state}; waits: ${protectionOf(instance)}`);
    case 'overdue':
      return decision(
        'finish',
        `draining for longer than ${inWords(config.drainTimeoutMs)}: ${overdueOutcome(policy)}`,
      );
    case 'terminate':
      return decision(
        'finish',
        instance.state === 'drained'
          ? 'drained: terminated in this step'
          : `draining for longer than ${inWords(config.drainTimeoutMs)}: terminated in this step, with the work it still has`,
        true,
      );
    case 'draining':
      return decision('finish', 'draining: finishes its work, then it is terminated');
    case undefined:
      return unplaced(instance, outdated, decision);
  }
}

function unplaced(
  { state, health }: Instance,
  outdated: boolean,
  decision: (kind: DecisionKind, reason: string) => InstanceDecision,
): InstanceDecision {
  if (state === 'terminating') return decision('finish', 'terminating already');
  if (outdated) return decision('replace', 'outdated; waits: it is still starting');
  if (state === 'starting') return decision('keep', 'current; starting');
  return decision('keep', health === 'unhealthy' ? 'current, but unhealthy' : 'current');
}

function leftAloneBecause(instance: Instance): string {
  switch (instance.excluded) {
    case 'not-ours':
      return 'not part of this cycle';
    case 'skipped':
      return 'skipped';
    case undefined:
      return protectionOf(instance);
  }
}

function protectionOf({ protection }: Instance): string {
  return protection === 'standby' ? 'on standby' : 'protected from scale-in';
}

function overdueOutcome({ onDrainTimeout }: CyclePolicy): string {
  return onDrainTimeout === 'skip' ? 'goes back in service, and is skipped' : 'a person must decide';
}

/** Why this one goes before others. */
function preference({ policy, now, step }: Situation, instance: Instance): string {
  const { candidates, drain, purpose } = step;
  const order = policy.order ?? [];
  if (candidates.length === drain.length && purpose === 'replace')
    return candidates.length === 1 ? 'nothing holds it back' : 'all outdated ones may go';
  if (instance.health === 'unhealthy' && order.includes('unhealthy')) return 'unhealthy ones go first';
  if (!inService(instance, policy, now)) return 'it is not in service, so no capacity leaves with it';
  if (purpose === 'scale-in') return 'the oldest go first';
  if (order.includes('idle')) {
    if (!isBusy(instance) && candidates.some(isBusy)) return 'idle ones go first';
    if (!isHeld(instance.workloads) && candidates.some(({ workloads }) => isHeld(workloads)))
      return 'those that somebody holds go last';
  }
  if (order.includes('oldest')) return 'the oldest go first';
  return order.includes('zones') ? 'spread over the zones' : 'first in the order of the cluster';
}

function isBusy({ workloads }: Instance): boolean {
  return workloads !== undefined && workloads.length > 0;
}

/** What keeps the candidates that do not go. */
function limitOf({ policy, now, step }: Situation): string {
  const { survey, floor, canary, limit, drain } = step;
  if (limit === 'batch')
    return `at most ${policy.batch} drain at once${survey.draining > 0 ? `, and ${survey.draining} do already` : ''}`;
  if (limit === 'canary' && canary !== null) return canaryLimit(canary, now);
  const serving = isUnlimited(policy)
    ? `${survey.started} started`
    : `${survey.inService} ${survey.inService === 1 ? 'is' : 'are'} in service`;
  return drain.length > 0
    ? `${serving} and the floor is ${floor}, so ${drain.length} may go at once`
    : `only ${serving} and the floor is ${floor}`;
}

function canaryLimit({ needed, unhealthy, baking, until }: Canary, now: number): string {
  if (unhealthy.length > 0) return `a canary is unhealthy (${unhealthy.map(({ id }) => id).join(', ')})`;
  const first = needed === 1 ? 'the canary' : `${needed} canaries`;
  if (until !== null) return `${first} must stay in service for ${inWords(until - now)} more`;
  return `${first} must come into service first${baking.length > 0 ? `, and ${baking.length} bake` : ''}`;
}

function because(situation: Situation, task: Task): string {
  const { survey } = situation.step;
  switch (task.kind) {
    case 'start':
      return startBecause(situation, task.count);
    case 'drain':
      return drainBecause(situation);
    case 'terminate': {
      const drained = survey.terminate.length - survey.forced;
      const forced = `${survey.forced} draining for longer than ${inWords(situation.config.drainTimeoutMs)}`;
      if (survey.forced === 0) return `${drained} drained`;
      return drained === 0 ? forced : `${drained} drained, ${forced}`;
    }
    case 'wait':
      return waitBecause(task.state, task.instanceIds.length);
    case 'hold':
      return holdBecause(situation, situation.step.hold);
  }
}

function startBecause({ config, policy, step }: Situation, count: number): string {
  const { survey, ceiling, canary } = step;
  const sizes = `size ${survey.size} → ${survey.size + count}`;
  if (step.purpose === 'scale-out') return `${sizes}, towards the target ${config.targetSize}`;
  if (survey.size + count < ceiling && canary !== null)
    return `${sizes}: ${canary.needed === 1 ? 'one canary' : `${canary.needed} canaries`} first`;
  if (ceiling === config.maxSize) return `${sizes}, because max ${config.maxSize} leaves room for ${count}`;
  const beyond = ceiling - config.targetSize;
  return beyond > 0
    ? `${sizes}, because surge ${policy.surge} allows ${beyond} beyond the target ${config.targetSize}`
    : `${sizes}, towards the target ${config.targetSize}`;
}

function drainBecause(situation: Situation): string {
  const { config, step } = situation;
  const { survey, drain, candidates, limit } = step;
  if (step.purpose === 'scale-in')
    return `${survey.size} instances, ${survey.size - config.targetSize} beyond the target ${config.targetSize}`;
  const outdated = `${drain.length} of ${candidates.length} outdated`;
  return limit === null
    ? `${outdated}: ${survey.inService} in service and the floor is ${step.floor}`
    : `${outdated}: ${limitOf(situation)}`;
}

function waitBecause(state: 'started' | 'drained' | 'terminated', count: number): string {
  switch (state) {
    case 'started':
      return `${count} starting`;
    case 'drained':
      return `${count} draining: they finish their work first`;
    case 'terminated':
      return `${count} terminating`;
  }
}

function holdBecause({ config, policy, now, step }: Situation, hold: Hold | null): string {
  if (hold === null) return '';
  const { floor, survey, canary } = step;
  const count = hold.instances.length;
  switch (hold.reason) {
    case 'bake':
      return canary === null ? '' : canaryLimit(canary, now);
    case 'minimum-health':
      return hold.instances.some(({ health }) => health === 'unknown')
        ? `the health of ${count} is not known`
        : `${count} healthy for less than ${inWords(policy.minHealthyMs ?? 0)}`;
    case 'canary-unhealthy':
      return `${count === 1 ? 'a canary is' : `${count} canaries are`} unhealthy: a person must decide`;
    case 'protected':
      return `${count} protected or on standby: they wait until that is lifted`;
    case 'drain-timeout':
      return `${count} draining for longer than ${inWords(config.drainTimeoutMs)}: ${overdueOutcome(policy)}`;
    case 'floor':
      return `${survey.inService} in service, the floor is ${floor} and there is room for no more than ${step.ceiling}: nothing can go`;
    case 'ceiling':
      return `max ${config.maxSize} is below the target ${config.targetSize}`;
  }
}

function bindingOf(situation: Situation): string | null {
  const { limit, hold, canary, start, ceiling, survey } = situation.step;
  if (hold !== null && hold.until === null) return holdBecause(situation, hold);
  if (limit !== null) return limitOf(situation);
  if (hold !== null) return holdBecause(situation, hold);
  return canary !== null && survey.size + start < ceiling ? canaryLimit(canary, situation.now) : null;
}
