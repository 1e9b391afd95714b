import type { Cluster } from '../cluster/cluster.ts';
import { capacity } from './capacity.ts';
import type { CycleSummary } from './cycle-state.ts';
import type { CycleFailure, CycleInstance, TurnReport } from './cycle-store.ts';
import { isOwnToken } from './ours.ts';
import type { CyclePolicy } from './policy.ts';
import type { HoldReason, Task } from './task.ts';

export interface TurnFacts {
  readonly cycleId: string;
  /** As the back end lists it. */
  readonly cluster: Cluster;
  /** As the planner sees it: `asOurs`. */
  readonly ours: Cluster;
  readonly members: readonly CycleInstance[];
  readonly failures: readonly CycleFailure[];
  readonly policy: CyclePolicy;
  readonly now: number;
}

/** What a turn found, in numbers and two sentences: what happens, and what comes next. */
export function turnReport(facts: TurnFacts, tasks: readonly Task[]): TurnReport {
  const states = new Map(facts.ours.instances.map((instance) => [instance.id, instance.state]));
  const planned = plannedMembers(facts.members).map(({ instanceId, goneAt, skipped }) => ({
    state: goneAt === null ? states.get(instanceId) : 'gone',
    skipped,
  }));
  return {
    ...plannedCounts(planned),
    failed: new Set(facts.failures.map((failure) => failure.instanceId)).size,
    sentence: doing(facts.ours),
    next: nextSentence(tasks, facts.now),
  };
}

export function plannedMembers(members: readonly CycleInstance[]): CycleInstance[] {
  return members.filter((member) => member.role === 'planned' && member.decision !== 'finish');
}

/** One that the plan replaces or scales in, as it is now; `gone` when it is no longer listed. */
interface PlannedNow {
  readonly state: string | undefined;
  readonly skipped: boolean;
}

/** How many of the planned are how far. Each is counted once: what is neither replaced, leaving nor skipped waits. */
export function plannedCounts(
  planned: readonly PlannedNow[],
): Pick<TurnReport, 'planned' | 'replaced' | 'leaving' | 'skipped'> {
  const counts = { planned: planned.length, replaced: 0, leaving: 0, skipped: 0, waiting: 0 };
  for (const one of planned) counts[placeOf(one)] += 1;
  const { waiting: _, ...told } = counts;
  return told;
}

function placeOf({ state, skipped }: PlannedNow): 'replaced' | 'leaving' | 'skipped' | 'waiting' {
  if (state === 'gone') return 'replaced';
  // Skipping these comes too late.
  if (state === 'drained' || state === 'terminating') return 'leaving';
  if (skipped) return 'skipped';
  return state === 'draining' ? 'leaving' : 'waiting';
}

function doing(cluster: Cluster): string {
  const count = (state: string) =>
    cluster.instances.filter((one) => one.state === state && one.excluded === undefined).length;
  const parts = [
    [count('starting'), 'starting'],
    [count('draining'), 'draining'],
    [count('drained'), 'drained'],
    [count('terminating'), 'terminating'],
  ] as const;
  const busy = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);
  return busy.length === 0 ? 'No instance is on its way.' : `${list(busy)}.`;
}

function nextSentence(tasks: readonly Task[], now: number): string {
  const hold = tasks.find((task) => task.kind === 'hold');
  if (hold !== undefined) return holdSentence(hold.reason, hold.instanceIds.length, hold.until, now);
  const waits = tasks.filter((task) => task.kind === 'wait');
  if (waits.length === 0) return tasks.length === 0 ? 'Nothing is left to do.' : 'Goes on at once.';
  return `Next: when ${list(waits.map((wait) => `${wait.instanceIds.length} ${wait.instanceIds.length === 1 ? 'is' : 'are'} ${wait.state}`))}.`;
}

function holdSentence(reason: HoldReason, count: number, until: number | null, now: number): string {
  const seconds = until === null ? null : Math.max(0, Math.ceil((until - now) / 1000));
  const wait = seconds === null ? 'until a person decides' : `for ${seconds} s more`;
  switch (reason) {
    case 'bake':
      return `The canary bakes ${wait}.`;
    case 'minimum-health':
      return `New instances must stay healthy ${wait}.`;
    case 'canary-unhealthy':
      return `The canary is unhealthy: on hold ${wait}.`;
    case 'protected':
      return `${count} protected: on hold ${wait}.`;
    case 'drain-timeout':
      return `${count} did not drain in time: on hold ${wait}.`;
    case 'floor':
      return `The floor leaves nothing to drain: on hold ${wait}.`;
    case 'ceiling':
      return `The ceiling leaves no room to start: on hold ${wait}.`;
  }
}

/** What remains when a cycle ends. */
export function cycleSummary(facts: TurnFacts, how: string): CycleSummary {
  const point = capacity(facts.cluster, facts.policy, facts.now);
  const outdated = facts.cluster.instances.filter((one) => one.config !== facts.cluster.config).length;
  const skipped = facts.members.filter((member) => member.skipped && member.goneAt === null).length;
  const leaving = point.draining + point.drained + point.terminating;
  const planned = new Set(facts.members.map((member) => member.instanceId));
  const notOurs = facts.cluster.instances.filter(
    (one) => !planned.has(one.id) && !isOwnToken(facts.cycleId, one.token),
  ).length;
  const current = facts.cluster.instances.length - outdated;
  const parts = [
    `${current} current`,
    `${outdated} outdated`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(leaving > 0 ? [`${leaving} still leaving`] : []),
    `${point.inService} in service`,
  ];
  return {
    current,
    outdated,
    skipped,
    leaving,
    notOurs,
    inService: point.inService,
    sentence: `${how}: ${parts.join(', ')}.`,
  };
}

export function list(words: readonly string[]): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
